package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerConfigTest {

  private static final String REST =
      """

      receivers: {otlp: {protocols: {grpc: }}}
      processors: {tallyspan: }
      exporters: {otlp_grpc: {endpoint: "http://localhost:14317"}}
      service:
        pipelines:
          traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_grpc]}
          traces/raw: {receivers: [otlp], exporters: [otlp_grpc]}
          logs: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_grpc]}
          metrics: {receivers: [otlp], exporters: [otlp_grpc]}
      """;

  @Test
  void ledgerIsAnOutputOfEveryPipelineThatPrices() throws Exception {
    CollectorConfig config = parse("ledger:\nstorage: {directory: data}");

    assertThat(config.ledger()).isEqualTo(new LedgerConfig(Duration.ofDays(400), 10L << 30));
    assertThat(config.pipelines())
        .extracting(PipelineConfig::id, PipelineConfig::connectors)
        .containsExactly(
            tuple("traces", List.of("ledger")),
            tuple("traces/raw", List.of()),
            tuple("logs", List.of("ledger")),
            tuple("metrics", List.of()));
  }

  @Test
  void withoutTheSectionThereIsNone() throws Exception {
    CollectorConfig config = parse("storage: {directory: data}");

    assertThat(config.ledger()).isNull();
    assertThat(config.pipelines()).allSatisfy(it -> assertThat(it.connectors()).isEmpty());
  }

  @Test
  void limitsAreRead() throws Exception {
    assertThat(parse("ledger: {max_age: 48h, max_size: 1MiB}\nstorage: {directory: d}").ledger())
        .isEqualTo(new LedgerConfig(Duration.ofHours(48), 1 << 20));
  }

  @Test
  void unknownKeyIsAFault() {
    assertThatThrownBy(() -> parse("ledger: {max_ages: 48h}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("unknown key ledger.max_ages; did you mean max_age?");
  }

  @Test
  void ledgerNeedsADirectory() throws Exception {
    CollectorConfig config = parse("ledger: {max_age: 48h}");

    assertThatThrownBy(() -> config.withDataDirectory(null))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "ledger: the accounts need a data directory: set storage.directory, --data or"
                + " TALLYSPAN_DATA");
    assertThat(config.withDataDirectory(Path.of("data")).ledger()).isNotNull();
  }

  @Test
  void withoutADirectoryThereIsNoLedgerOfTheEnvironment() throws Exception {
    CollectorConfig config =
        EnvironmentConfig.from(Map.of())
            .withDataDirectory(Path.of("data"))
            .withLedger(LedgerConfig.DEFAULT);
    assertThat(config.pipelines().get(0).connectors()).containsExactly("ledger");

    CollectorConfig without = config.withDataDirectory(null);

    assertThat(without.ledger()).isNull();
    assertThat(without.pipelines()).allSatisfy(it -> assertThat(it.connectors()).isEmpty());
  }

  private static CollectorConfig parse(String sections) throws ConfigException {
    return ConfigLoader.parse("test.yaml", sections + REST, Map.of());
  }
}
