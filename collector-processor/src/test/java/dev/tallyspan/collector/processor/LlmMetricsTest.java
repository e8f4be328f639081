package dev.tallyspan.collector.processor;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.batch;
import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.processed;
import static dev.tallyspan.collector.processor.LlmRequests.traces;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.accounting.Accounting;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.collector.window.WholeTraces;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LlmMetricsTest {

  private final OwnMetrics metrics = OwnMetrics.create();
  private final LlmMetrics counts = new LlmMetrics(metrics.meter("test"), "tallyspan");
  private final Accounting accounting = new Accounting(List.of(counts), List.of());

  @AfterEach
  void close() {
    counts.close();
    metrics.close();
  }

  @Test
  void earlierStateOfASpanIsNotASpan() throws Exception {
    accounting.apply(
        WholeTraces.of(
            List.of(
                processed(chat("1", "", "gpt-4o")),
                processed(
                    chat("1", "", "gpt-4o")
                        .addAttributes(attribute("gen_ai.response.id", "chatcmpl-1")))),
            Set.of()));

    assertThat(text())
        .contains("tallyspan_llm_spans_total{processor=\"tallyspan\",status=\"priced\"} 1\n")
        .contains("tallyspan_llm_spans_total{processor=\"tallyspan\",status=\"duplicate\"} 0\n")
        .contains("tallyspan_llm_tokens_total{kind=\"input\",processor=\"tallyspan\"} 1000\n");
  }

  @Test
  void kindsOfTokensDoNotOverlap() throws Exception {
    accounting.apply(
        List.of(
            processed(
                chat("1", "", "gpt-4o")
                    .addAttributes(attribute("gen_ai.usage.cache_read.input_tokens", 300))
                    .addAttributes(attribute("gen_ai.usage.cache_creation.input_tokens", 200))
                    .addAttributes(attribute("gen_ai.usage.reasoning.output_tokens", 30)))));

    assertThat(text())
        .contains("{kind=\"input\",processor=\"tallyspan\"} 500\n")
        .contains("{kind=\"cache_read\",processor=\"tallyspan\"} 300\n")
        .contains("{kind=\"cache_write\",processor=\"tallyspan\"} 200\n")
        .contains("{kind=\"output\",processor=\"tallyspan\"} 70\n")
        .contains("{kind=\"reasoning\",processor=\"tallyspan\"} 30\n");
  }

  @Test
  void durationIsThatOfRequestsWithLlmSpans() throws Exception {
    Deque<Long> clock = new ArrayDeque<>(List.of(0L, 7_000_000L, 0L));
    LlmProcessor processor =
        LlmProcessor.builder()
            .name("tallyspan")
            .meter(metrics.meter("test"))
            .nanoTime(clock::remove)
            .build();

    processor.apply(batch(Signal.TRACES, traces(chat("1", "", "gpt-4o")), outcome -> {}));
    processor.apply(
        batch(Signal.TRACES, traces(LlmRequests.span("2", "", "GET /")), outcome -> {}));

    assertThat(text())
        .contains("duration_seconds_bucket{processor=\"tallyspan\",le=\"0.005\"} 0\n")
        .contains("duration_seconds_bucket{processor=\"tallyspan\",le=\"0.01\"} 1\n")
        .contains("duration_seconds_count{processor=\"tallyspan\"} 1\n");
    assertThat(clock).isEmpty();
  }

  @Test
  void seriesEndWhenTheyAreClosed() {
    counts.close();

    assertThat(text()).doesNotContain("tallyspan_llm_");
  }

  private String text() {
    return metrics.prometheusText();
  }
}
