package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.exporter.BatchSettings;
import dev.tallyspan.collector.exporter.Sizer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Collector's processors {@code batch} and {@code memory_limiter}. */
class PipelineHintsTest {

  private static CollectorConfig parse(String processors, String exporter, String listed)
      throws ConfigException {
    return ConfigLoader.parse(
        "c.yaml",
        """
        receivers: {otlp: {protocols: {grpc: }}}
        processors: {%s}
        exporters: {otlp_grpc: {endpoint: "jaeger:4317"%s}}
        service:
          pipelines:
            traces: {receivers: [otlp], processors: [%s], exporters: [otlp_grpc]}
        """
            .formatted(processors, exporter, listed),
        Map.of());
  }

  private static CollectorConfig parse(String processors, String listed) throws ConfigException {
    return parse(processors, "", listed);
  }

  @Test
  void theExportersOfThePipelineBatch() throws Exception {
    CollectorConfig config =
        parse("batch: {timeout: 1s, send_batch_size: 100, send_batch_max_size: 500}", "batch");

    assertThat(config.exporter("otlp_grpc").queue().batch())
        .isEqualTo(new BatchSettings(Duration.ofSeconds(1), 100, 500, Sizer.ITEMS));
    assertThat(config.pipelines().get(0).processors()).isEmpty();
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void theDefaultsAreTheCollectors() throws Exception {
    assertThat(parse("batch: ", "batch").exporter("otlp_grpc").queue().batch())
        .isEqualTo(new BatchSettings(Duration.ofMillis(200), 8192, 0, Sizer.ITEMS));
  }

  @Test
  void whatAnExporterSaysItselfCounts() throws Exception {
    CollectorConfig config = parse("batch: ", ", sending_queue: {batch: {min_size: 7}}", "batch");

    assertThat(config.exporter("otlp_grpc").queue().batch().minSize()).isEqualTo(7);
  }

  @Test
  void aBatchThatWaitsForNothingIsNone() throws Exception {
    assertThat(parse("batch: {timeout: 0}", "batch").exporter("otlp_grpc").queue().batch())
        .isNull();
  }

  @Test
  void aProcessorThatNoPipelineUsesHasNoEffect() throws Exception {
    CollectorConfig config =
        parse("batch: , memory_limiter: {limit_mib: 8}, tallyspan: ", "tallyspan");

    assertThat(config.exporter("otlp_grpc").queue().batch()).isNull();
    assertThat(config.memoryLimit()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit_mib: 100, spike_limit_mib: 30, check_interval: 1s | 70",
        "limit_mib: 100 | 80",
      })
  void receiversRefuseFromTheSoftLimit(String keys, long mib) throws Exception {
    assertThat(parse("memory_limiter: {" + keys + "}", "memory_limiter").memoryLimit())
        .isEqualTo(mib << 20);
  }

  @Test
  void aShareOfTheMemoryIsALimitToo() throws Exception {
    long limit =
        parse(
                "memory_limiter: {limit_percentage: 80, spike_limit_percentage: 25}",
                "memory_limiter")
            .memoryLimit();
    long half =
        parse(
                "memory_limiter: {limit_percentage: 40, spike_limit_percentage: 12}",
                "memory_limiter")
            .memoryLimit();

    assertThat((double) half / limit).isBetween(0.5, 0.52);
  }

  @Test
  void aLimitIsNeeded() {
    assertThat(
            catchThrowableOfType(
                ConfigException.class,
                () -> parse("memory_limiter: {check_interval: 1s}", "memory_limiter")))
        .hasMessageContaining("processors.memory_limiter: set limit_mib or limit_percentage");
  }
}
