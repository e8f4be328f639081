package dev.tallyspan.collector.output.view;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static dev.tallyspan.collector.processor.LlmRequests.traces;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.processor.LlmRequests;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real requests through a processor into the store. */
class StoreOutputTest {

  private final TraceStore store = TraceStore.builder().build();
  private final StoreOutput output = new StoreOutput(store, rows -> {});
  private final List<Outcome> answers = new ArrayList<>();

  @Test
  void spansThatAreNotAboutAnLlmAreInTheTree() throws Exception {
    output.write(
        processed(
            span("1", "", "POST /ask"), chat("2", "1", "gpt-4o"), span("3", "2", "SELECT docs")));

    TraceTree tree = TraceTree.of(store.spans()).get(0);
    assertThat(tree.traceId()).isEqualTo(LlmRequests.TRACE);
    TraceTree.Node root = tree.roots().get(0);
    assertThat(tree.roots()).hasSize(1);
    assertThat(root.row().name()).isEqualTo("POST /ask");
    assertThat(root.row().llm()).isSameAs(LlmFacts.NONE);
    TraceTree.Node call = root.children().get(0);
    assertThat(call.row().llm().inputTokens()).isEqualTo(1_000);
    assertThat(call.children()).extracting(it -> it.row().name()).containsExactly("SELECT docs");
  }

  @Test
  void costOfAnUpstreamTallyspanIsShownUnchanged() throws Exception {
    output.write(
        processed(
            chat("1", "", "gpt-4o")
                .addAttributes(attribute("tallyspan.cost.status", "priced"))
                .addAttributes(attribute("tallyspan.cost.total", 41.5))
                .addAttributes(attribute("tallyspan.cost.total_exact", "41.5"))
                .addAttributes(attribute("tallyspan.cost.currency", "EUR"))));

    String screen = Rows.print(Rows.options().build(), store.spans());
    assertThat(Rows.line(screen, "1 span ")).endsWith("€41.5000");
  }

  @Test
  void neitherPromptsNorErrorMessagesAreShownWithoutContent() throws Exception {
    output.write(
        processed(
            chat("1", "", "gpt-4o")
                .addAttributes(
                    attribute(
                        "gen_ai.input.messages",
                        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"s3cret\"}]}]"))
                .addAttributes(attribute("error.type", "rate_limit"))
                .setStatus(
                    Status.newBuilder()
                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                        .setMessage("refused: s3cret"))));

    assertThat(Rows.print(Rows.options().build(), store.spans())).contains("refused: s3cret");
    assertThat(Rows.print(Rows.options().content(false).build(), store.spans()))
        .contains("rate_limit")
        .doesNotContain("s3cret");
  }

  @Test
  void listenerSeesSpansThatAreInTheStore() throws Exception {
    List<Integer> sizes = new ArrayList<>();

    new StoreOutput(store, rows -> sizes.add(rows.size() * 100 + store.spans().size()))
        .write(processed(span("1", "", "a"), span("2", "", "b")));

    assertThat(sizes).containsExactly(202);
  }

  @Test
  void senderIsAnsweredWithAccepted() throws Exception {
    output.write(LlmRequests.batch(Signal.TRACES, traces(span("1", "", "GET /")), answers::add));

    assertThat(answers).containsExactly(Outcome.ACCEPTED);
    assertThat(store.spans()).hasSize(1);
  }

  @Test
  void logsAreAcceptedAndNotKept() throws Exception {
    ExportLogsServiceRequest.Builder logs = ExportLogsServiceRequest.newBuilder();
    logs.addResourceLogsBuilder().addScopeLogsBuilder().addLogRecordsBuilder().setEventName("e");

    output.write(LlmRequests.batch(Signal.LOGS, logs.build().toByteArray(), answers::add));

    assertThat(answers).containsExactly(Outcome.ACCEPTED);
    assertThat(store.spans()).isEmpty();
  }

  @Test
  void bytesThatAreNotARequestAreRefused() {
    byte[] truncated = {0x0a, 0x7f};

    output.write(
        Batch.of(
            new OtlpRequest(Signal.TRACES, Slices.of(truncated), 0, new SenderAck(answers::add))));

    assertThat(answers)
        .singleElement()
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.code()).isEqualTo(StatusCode.INVALID_ARGUMENT));
    assertThat(store.spans()).isEmpty();
  }
}
