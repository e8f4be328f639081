package dev.tallyspan.collector.output.view;

import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveTracesTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private final LiveTraces live =
      new LiveTraces(
          new PrintStream(bytes, false, StandardCharsets.UTF_8),
          Rows.options().build(),
          TraceFilter.ALL,
          () -> now);

  @AfterEach
  void close() {
    live.close();
  }

  @Test
  void traceIsPrintedOnceAfterTwoSecondsWithoutASpan() throws Exception {
    live.output().write(processed(span("1", "", "GET /a")));

    now = now.plusMillis(1_999);
    live.printQuiet();
    assertThat(printed()).isEmpty();

    now = now.plusMillis(1);
    live.printQuiet();
    assertThat(printed()).containsOnlyOnce("GET /a");

    now = now.plusSeconds(60);
    live.printQuiet();
    assertThat(printed()).containsOnlyOnce("GET /a");
  }

  @Test
  void furtherSpanDelaysThePrint() throws Exception {
    live.output().write(processed(span("1", "", "GET /a")));
    now = now.plusMillis(1_500);
    live.output().write(processed(span("2", "1", "SELECT a")));

    now = now.plusMillis(1_500);
    live.printQuiet();
    assertThat(printed()).isEmpty();

    now = now.plusMillis(500);
    live.printQuiet();
    assertThat(printed()).contains("GET /a", "SELECT a");
  }

  @Test
  void traceThatGetsMoreSpansIsPrintedAgainAsAWhole() throws Exception {
    live.output().write(processed(span("1", "", "GET /a")));
    now = now.plusSeconds(2);
    live.printQuiet();
    int before = printed().length();

    live.output().write(processed(span("2", "1", "SELECT a")));
    now = now.plusSeconds(2);
    live.printQuiet();

    assertThat(printed().substring(before)).contains("GET /a", "SELECT a");
  }

  @Test
  void closePrintsTheRest() throws Exception {
    live.output().write(processed(span("1", "", "GET /a")));

    live.close();

    assertThat(printed()).contains("GET /a");
  }

  @Test
  void tracesAreNumberedAsTheyArePrinted() throws Exception {
    for (String id : new String[] {"1", "2"}) {
      live.output().write(processed(span(id, "", "GET /a")));
      now = now.plusSeconds(2);
      live.printQuiet();
    }

    assertThat(printed()).contains("trace 1 ", "trace 2 ").doesNotContain("trace 1/1");
  }

  @Test
  void traceWithoutLlmSpansIsNamedOnceAndNotShown() throws Exception {
    try (LiveTraces llm = live(TraceFilter.LLM)) {
      llm.output().write(processed(span("1", "", "GET /health")));
      now = now.plusSeconds(2);
      llm.printQuiet();
      llm.output().write(processed(span("2", "", "GET /health")));
    }

    assertThat(printed())
        .doesNotContain("GET /health")
        .containsOnlyOnce("A trace without LLM spans arrived");
  }

  @Test
  void llmTraceIsShownWithAllItsSpans() throws Exception {
    try (LiveTraces llm = live(TraceFilter.LLM)) {
      llm.output().write(processed(span("1", "", "GET /ask"), chat("2", "1", "gpt-4o")));
    }

    assertThat(printed()).contains("GET /ask", "chat gpt-4o");
  }

  private LiveTraces live(TraceFilter filter) {
    return new LiveTraces(
        new PrintStream(bytes, false, StandardCharsets.UTF_8),
        Rows.options().build(),
        filter,
        () -> now);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
