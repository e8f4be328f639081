package dev.tallyspan.collector.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.output.view.SpanRow;
import dev.tallyspan.collector.output.view.TerminalOptions;
import dev.tallyspan.collector.output.view.TraceTree;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoTest {

  private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");

  @Test
  void sampleArrivesWholeAndWithoutAnyCost() throws Exception {
    assertThat(sent().stream().flatMap(span -> span.getAttributesList().stream()))
        .isNotEmpty()
        .noneMatch(attribute -> attribute.getKey().contains("cost"));
    assertThat(TraceTree.of(shown()))
        .hasSize(5)
        .allSatisfy(tree -> assertThat(tree.roots()).hasSize(1))
        .noneMatch(tree -> tree.roots().get(0).orphan());
  }

  @Test
  void sampleEndsNowAndEverySpanLiesWithinItsParent() throws Exception {
    List<SpanRow> spans = shown();

    long last = spans.stream().mapToLong(SpanRow::endNanos).max().orElseThrow();
    assertThat(Duration.ofSeconds(0, NOW.getEpochSecond() * 1_000_000_000L - last))
        .isBetween(Duration.ZERO, Duration.ofSeconds(1));
    TraceTree.of(spans).forEach(tree -> tree.roots().forEach(DemoTest::childrenWithin));
  }

  @Test
  void sampleShowsWhatRealTracesHave() throws Exception {
    List<Span> spans = sent();

    assertThat(values(spans, "gen_ai.operation.name"))
        .contains("invoke_agent", "chat", "embeddings", "retrieval", "execute_tool");
    assertThat(values(spans, "gen_ai.request.model"))
        .contains("gpt-4o", "gpt-4o-mini", "o4-mini", "text-embedding-3-small", "house-model-7b");
    assertThat(values(spans, "gen_ai.provider.name")).contains("openai", "anthropic");
    assertThat(values(spans, "user.id")).hasSizeGreaterThanOrEqualTo(3);
    assertThat(values(spans, "gen_ai.system")).containsOnly("openai");
    assertThat(values(spans, "openinference.span.kind")).containsOnly("LLM");
    assertThat(spans).anyMatch(Span::hasStatus);
    assertThat(spans).anyMatch(span -> has(span, "db.system.name"));
    assertThat(spans)
        .filteredOn(span -> has(span, "gen_ai.request.stream"))
        .allMatch(span -> has(span, "gen_ai.response.time_to_first_chunk"));
  }

  @Test
  void sampleSaysOfEveryLlmSpanForWhomItIs() throws Exception {
    assertThat(sent())
        .filteredOn(span -> has(span, "gen_ai.request.model") || has(span, "llm.model_name"))
        .isNotEmpty()
        .allMatch(
            span ->
                has(span, "user.id")
                    && has(span, "tallyspan.metadata.team")
                    && has(span, "tallyspan.metadata.feature"));
  }

  /** What the conventions say of counts: parts never exceed the whole that includes them. */
  @Test
  void sampleCountsTokensInclusively() throws Exception {
    assertThat(sent())
        .filteredOn(span -> has(span, "gen_ai.usage.input_tokens"))
        .isNotEmpty()
        .allSatisfy(
            span -> {
              assertThat(
                      count(span, "gen_ai.usage.cache_read.input_tokens")
                          + count(span, "gen_ai.usage.cache_write.input_tokens"))
                  .isLessThan(count(span, "gen_ai.usage.input_tokens"));
              assertThat(count(span, "gen_ai.usage.reasoning.output_tokens"))
                  .isLessThanOrEqualTo(count(span, "gen_ai.usage.output_tokens"));
            });
  }

  @Test
  void demoPrintsTreesTotalsAndWhatToDoNext() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (LoopbackServer server = new LoopbackServer();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      new Demo(out, server, TerminalOptions.builder().build(), () -> NOW).run();
    }

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("trace 5/5", "invoke_agent trip-planner", "✗ chat claude-sonnet-4-5")
        .contains("came as openinference", "unpriced", "COST BY USER", "COST BY MODEL")
        .contains("./tallyspan demo --forward http://localhost:4317", "./tallyspan run");
  }

  @Test
  void demoThatForwardsLinksEveryTraceInTheBackend() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String url = "http://localhost:16686/trace/{traceId}";
    String first;
    try (LoopbackServer server = new LoopbackServer();
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8)) {
      TerminalOptions options = TerminalOptions.builder().traceUrl(url).build();
      new Demo(out, forwarding(server, "http://localhost:4317", url), options, () -> NOW).run();
      first = server.await(1, Duration.ZERO).get(0).traceId();
    }

    String printed = bytes.toString(StandardCharsets.UTF_8);
    assertThat(printed.split("http://localhost:16686/trace/[0-9a-f]{32}", -1)).hasSize(5 + 1 + 1);
    assertThat(printed)
        .contains("were forwarded to http://localhost:4317")
        .contains("Open the first: http://localhost:16686/trace/" + first);
  }

  @Test
  void backendThatDoesNotAcceptIsNamedAndNotTheDemosOwnServer() throws Exception {
    int port = 1; // Nothing listens on it, and no other process is given it.
    DemoServer gone =
        new DemoServer() {
          @Override
          public URI httpEndpoint() {
            return URI.create("http://127.0.0.1:" + port);
          }

          @Override
          public List<SpanRow> await(int count, Duration timeout) {
            return List.of();
          }

          @Override
          public String forwardsTo() {
            return "https://backend.example";
          }
        };
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);

    assertThatThrownBy(
            () -> new Demo(out, gone, TerminalOptions.builder().build(), () -> NOW).run())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("https://backend.example did not accept the sample's spans");
  }

  private static DemoServer forwarding(DemoServer server, String backend, String url) {
    return new DemoServer() {
      @Override
      public URI httpEndpoint() {
        return server.httpEndpoint();
      }

      @Override
      public List<SpanRow> await(int count, Duration timeout) throws InterruptedException {
        return server.await(count, timeout);
      }

      @Override
      public String forwardsTo() {
        return backend;
      }

      @Override
      public String traceUrl() {
        return url;
      }
    };
  }

  @Test
  void serverThatIsNotThereIsNamed() throws Exception {
    int port = 1; // Nothing listens on it, and no other process is given it.

    assertThatThrownBy(() -> SampleAgent.send(URI.create("http://127.0.0.1:" + port + "/"), NOW))
        .isInstanceOf(IOException.class)
        .hasMessage("http://127.0.0.1:" + port + "/v1/traces did not accept the sample's spans");
  }

  private static List<Span> sent() throws Exception {
    try (LoopbackServer server = new LoopbackServer()) {
      SampleAgent.send(server.httpEndpoint(), NOW);
      return List.copyOf(server.sent);
    }
  }

  private static List<SpanRow> shown() throws Exception {
    try (LoopbackServer server = new LoopbackServer()) {
      int sent = SampleAgent.send(server.httpEndpoint(), NOW);
      List<SpanRow> spans = server.await(sent, Duration.ofSeconds(60));
      assertThat(spans).hasSize(sent);
      return spans;
    }
  }

  private static void childrenWithin(TraceTree.Node node) {
    for (TraceTree.Node child : node.children()) {
      assertThat(child.row().startNanos()).isGreaterThanOrEqualTo(node.row().startNanos());
      assertThat(child.row().endNanos()).isLessThanOrEqualTo(node.row().endNanos());
      childrenWithin(child);
    }
  }

  private static boolean has(Span span, String key) {
    return span.getAttributesList().stream().anyMatch(it -> it.getKey().equals(key));
  }

  private static List<String> values(List<Span> spans, String key) {
    return spans.stream()
        .flatMap(span -> span.getAttributesList().stream())
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue().getStringValue())
        .distinct()
        .toList();
  }

  private static long count(Span span, String key) {
    return span.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .mapToLong(attribute -> attribute.getValue().getIntValue())
        .sum();
  }
}
