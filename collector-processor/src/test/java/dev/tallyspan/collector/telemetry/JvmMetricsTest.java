package dev.tallyspan.collector.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

class JvmMetricsTest {

  @Test
  void collectionsAfterTheFirstReadingAreMeasured() {
    try (OwnMetrics metrics = OwnMetrics.create()) {
      assertThat(metrics.prometheusText()).doesNotContain("jvm_gc_duration_seconds");

      System.gc();

      await()
          .untilAsserted(
              () ->
                  assertThat(metrics.prometheusText())
                      .containsPattern(
                          "jvm_gc_duration_seconds_count\\{jvm_gc_action=\"[^\"]+\",jvm_gc_name=\"[^\"]+\"} [1-9]"));
    }
  }

  @Test
  void memoryIsMeasuredByPool() {
    try (OwnMetrics metrics = OwnMetrics.create()) {
      assertThat(metrics.prometheusText())
          .containsPattern(
              "jvm_memory_used_bytes\\{jvm_memory_pool_name=\"Metaspace\",jvm_memory_type=\"non_heap\"} [1-9]");
    }
  }
}
