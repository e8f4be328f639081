package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.sampling.SamplingRules;
import dev.tallyspan.collector.tree.TreeSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of sampling and tree repair. */
class StepsConfigTest {

  private static final String CONFIG =
      """
      receivers: {otlp: {protocols: {grpc: }}}
      exporters: {otlp_grpc: {endpoint: 'https://backend:4317', EXPORTER}}
      processors: {tallyspan: {PROCESSOR}}
      service:
        pipelines: {traces: {receivers: [otlp], processors: [USED], exporters: [otlp_grpc]}}
      """;

  @Test
  void nothingIsSampledAndTreesAreAsTheyAreByDefault() throws Exception {
    CollectorConfig config = config("", "");

    assertThat(config.processor("tallyspan").sampling()).isNull();
    assertThat(config.exporter("otlp_grpc").traces()).isEqualTo(TreeSettings.DEFAULT);
  }

  @Test
  void samplingHasAShareAndKeepsErrors() throws Exception {
    assertThat(config("sampling: {share: 0.25}", "").processor("tallyspan").sampling())
        .isEqualTo(
            new SamplingRules(0.25, true, null, null, null, null, Set.of(), Set.of(), Set.of()));
  }

  @Test
  void rulesAreRead() throws Exception {
    String keep =
        "keep: {errors: false, cost_above: 0.5, tokens_above: 10000, slower_than: 30s,"
            + " score_below: 0.4, users: [ada], tags: [beta, canary]}";

    assertThat(config("sampling: {share: 0.1, " + keep + "}", "").processor("tallyspan").sampling())
        .isEqualTo(
            new SamplingRules(
                0.1,
                false,
                0.5,
                10_000L,
                Duration.ofSeconds(30),
                0.4,
                Set.of("ada"),
                Set.of("beta", "canary"),
                Set.of()));
  }

  @Test
  void settingsOfTreesAreRead() throws Exception {
    String traces =
        "traces: {duplicates: strip, spans: llm_with_ancestors, identity: root,"
            + " snapshots: collapse, orphans: mark}";

    assertThat(config("", traces).exporter("otlp_grpc").traces())
        .isEqualTo(
            new TreeSettings(
                TreeSettings.Duplicates.STRIP,
                TreeSettings.Spans.LLM_WITH_ANCESTORS,
                TreeSettings.Identity.ROOT,
                true,
                true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sampling: {} | 3: processors.tallyspan.sampling: share is missing",
        "sampling: {share: 10} | 3: processors.tallyspan.sampling.share: must be from 0 to 1, not 10.0",
        "sampling: {share: ten} | 3: processors.tallyspan.sampling.share: must be a number, not ten",
        "sampling: {share: 1, keep: {cost_above: -1}} | 3: processors.tallyspan.sampling.keep.cost_above: must not be negative",
        "sampling: {share: 1, keep: {slower_than: 30}} | 3: processors.tallyspan.sampling.keep.slower_than: must be a duration such as 200ms, 5s or 1h30m, not 30",
        "sampling: {share: 1, keep: {costs_above: 1}} | 3: unknown key processors.tallyspan.sampling.keep.costs_above; did you mean cost_above?",
      })
  void faultOfSamplingHasItsLine(String processor, String fault) {
    assertThat(faults(processor, "", "tallyspan"))
        .singleElement()
        .asString()
        .satisfies(text -> assertThat(text.replaceFirst(":[0-9]+:", ":")).isEqualTo(fault));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "traces: {duplicates: merge} | 2: exporters.otlp_grpc.traces.duplicates: must be one of drop, keep, strip, not merge",
        "traces: {spans: none} | 2: exporters.otlp_grpc.traces.spans: must be one of all, llm, llm_with_ancestors, not none",
        "traces: {orphan: mark} | 2: unknown key exporters.otlp_grpc.traces.orphan; did you mean orphans?",
        "traces: strip | 2: exporters.otlp_grpc.traces: must be a mapping",
      })
  void faultOfATreeHasItsLine(String exporter, String fault) {
    assertThat(faults("", exporter, "tallyspan"))
        .singleElement()
        .asString()
        .satisfies(text -> assertThat(text.replaceFirst(":[0-9]+:", ":")).isEqualTo(fault));
  }

  @Test
  void treesNeedTheProcessor() {
    assertThat(faults("", "traces: {orphans: mark}", ""))
        .singleElement()
        .asString()
        .endsWith(
            "exporters.otlp_grpc.traces: has no effect: no pipeline of this exporter has the"
                + " processor tallyspan");
  }

  private static List<String> faults(String processor, String exporter, String used) {
    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> config(processor, exporter, used));
    assertThat(thrown).as("accepted").isNotNull();
    return thrown.faults().stream().map(Fault::toString).toList();
  }

  private static CollectorConfig config(String processor, String exporter) throws ConfigException {
    return config(processor, exporter, "tallyspan");
  }

  private static CollectorConfig config(String processor, String exporter, String used)
      throws ConfigException {
    return ConfigLoader.parse(
        "c.yaml",
        CONFIG.replace("EXPORTER", exporter).replace("PROCESSOR", processor).replace("USED", used),
        Map.of());
  }
}
