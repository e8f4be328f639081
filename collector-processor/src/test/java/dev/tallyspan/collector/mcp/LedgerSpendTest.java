package dev.tallyspan.collector.mcp;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.LedgerWriter;
import dev.tallyspan.collector.output.ledger.LedgerWrites;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spend report of a server that keeps a ledger. */
class LedgerSpendTest {

  @TempDir private Path data;

  private McpServerFixture fixture;
  private McpSyncClient client;

  @BeforeEach
  void start() throws Exception {
    fixture = new McpServerFixture(/* policy= */ null, data, /* token= */ null);
    client = fixture.client();
    client.initialize();
  }

  @AfterEach
  void close() {
    client.close();
    fixture.close();
  }

  private static void write(LedgerWriter writer, Span.Builder... spans) throws Exception {
    LedgerWrites.write(writer, processed(spans));
  }

  private Map<?, ?> report(Map<String, Object> arguments) {
    CallToolResult result =
        client.callTool(CallToolRequest.builder("spend_report").arguments(arguments).build());
    assertThat(result.isError()).as(String.valueOf(result.content())).isNotEqualTo(true);
    return (Map<?, ?>) result.structuredContent();
  }

  /** A ledger that a busy machine keeps from answering in time is not open. */
  private Map<?, ?> ledgerReport(Map<String, Object> arguments) {
    return await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> report(arguments), it -> "ledger".equals(it.get("source")));
  }

  @Test
  void sumsAreFromTheLedgerWhichHasMoreThanTheTraces() throws Exception {
    try (LedgerWriter writer = LedgerWriter.builder(Ledger.directory(data)).start()) {
      write(
          writer,
          chat("1", "", "gpt-4o").addAttributes(attribute("user.id", "ada")),
          chat("2", "", "gpt-4o"),
          chat("3", "", "gpt-unheard-of"));

      Map<?, ?> byModel = ledgerReport(Map.of());
      assertThat(byModel.get("source")).isEqualTo("ledger");
      assertThat(byModel.get("more")).isEqualTo(false);
      Map<?, ?> first = (Map<?, ?>) ((List<?>) byModel.get("rows")).get(0);
      assertThat(first.get("key")).isEqualTo("gpt-4o");
      assertThat(first.get("calls")).isEqualTo(2);
      assertThat(first.get("inputTokens")).isEqualTo(2000);
      assertThat(first.get("cost"))
          .isEqualTo(List.of(Map.of("currency", "USD", "amount", "0.007")));
      Map<?, ?> second = (Map<?, ?>) ((List<?>) byModel.get("rows")).get(1);
      assertThat(second.get("cost")).isEqualTo(List.of());
      assertThat(second.get("unpriced")).isEqualTo(1);
      assertThat(byModel.get("total"))
          .isEqualTo(
              Map.of(
                  "cost",
                  List.of(Map.of("currency", "USD", "amount", "0.007")),
                  "calls",
                  3,
                  "inputTokens",
                  3000,
                  "outputTokens",
                  300,
                  "unpriced",
                  1));

      Map<?, ?> byUser = ledgerReport(Map.of("by", "user", "limit", 1));
      assertThat(byUser.get("more")).isEqualTo(true);
      assertThat((List<?>) byUser.get("rows")).hasSize(1);
      assertThat((List<?>) ledgerReport(Map.of("since", "1m")).get("rows")).isEmpty();
    }
  }

  @Test
  void filterAndWhatTheLedgerDoesNotKnowAreAnsweredFromTraces() throws Exception {
    try (LedgerWriter writer = LedgerWriter.builder(Ledger.directory(data)).start()) {
      write(writer, chat("1", "", "gpt-4o"));

      Map<?, ?> filtered = report(Map.of("filter", "model:gpt-4o"));
      assertThat(filtered.get("source")).isEqualTo("recent_traces");
      assertThat(filtered.get("note")).asString().endsWith("The ledger knows no filter.");
      assertThat(report(Map.of("by", "feature")).get("source")).isEqualTo("recent_traces");
    }
  }

  @Test
  void ledgerThatIsNotOpenIsSaidToBe() {
    Map<?, ?> report = report(Map.of());

    assertThat(report.get("source")).isEqualTo("recent_traces");
    assertThat(report.get("note")).asString().endsWith("The ledger is not open.");
  }

  @Test
  void unknownKeyIsAnErrorThatNamesTheOthers() {
    CallToolResult result =
        client.callTool(
            CallToolRequest.builder("spend_report").arguments(Map.of("by", "colour")).build());

    assertThat(result.isError()).isTrue();
    assertThat(String.valueOf(result.content())).contains("by=colour: use one of");
  }
}
