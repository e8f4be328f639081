package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectorConfigTest {

  // Line 6 is what tests put in.
  private static final String FILE =
      """
      receivers: {otlp: {protocols: {grpc: }}}
      processors: {tallyspan: }
      exporters: {otlp_http: {endpoint: https://backend}}
      connectors:
        tallyspan_metrics:
          %s
      service:
        pipelines:
          traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http, tallyspan_metrics]}
          metrics: {receivers: [tallyspan_metrics], exporters: [otlp_http]}
      """;

  @Test
  void defaultsAreThoseOfTheConventions() throws Exception {
    CollectorConfig config = parse(FILE.formatted(""));

    assertThat(config.connectors())
        .containsExactly(
            new ConnectorConfig(
                "tallyspan_metrics",
                List.of(
                    "gen_ai.operation.name",
                    "gen_ai.provider.name",
                    "gen_ai.request.model",
                    "gen_ai.response.model",
                    "error.type",
                    "service.name"),
                2000,
                Duration.ofMinutes(1),
                List.of(),
                /* loopRepeats= */ 0,
                /* webhook= */ null,
                /* logKeys= */ false));
    assertThat(config.pipelines().get(0).exporters()).containsExactly("otlp_http");
    assertThat(config.pipelines().get(0).connectors()).containsExactly("tallyspan_metrics");
    assertThat(config.pipelines().get(1).receivers()).containsExactly("tallyspan_metrics");
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  void everyKeyIsRead() throws Exception {
    ConnectorConfig connector =
        parse(
                FILE.formatted(
                    """
                    dimensions: [gen_ai.agent.name, deployment.environment.name]
                        cardinality_limit: 50
                        interval: 10s
                        log_keys: true
                        runaway_loops: {repeats: 5}
                        webhook: {url: "https://hooks.example.com/x", headers: {authorization: k}, timeout: 2s}
                        budgets:
                          - {name: all, limit: 100}
                          - {name: per-user, key: user.id, window: 1h, limit: 2.5, currency: EUR, thresholds: [0.5, 1], max_keys: 7}
                    """))
            .connectors()
            .get(0);

    assertThat(connector)
        .isEqualTo(
            new ConnectorConfig(
                "tallyspan_metrics",
                List.of("gen_ai.agent.name", "deployment.environment.name"),
                50,
                Duration.ofSeconds(10),
                List.of(
                    new ConnectorConfig.Budget(
                        "all", null, Duration.ofHours(24), 100, "USD", List.of(0.8, 1.0), 10_000),
                    new ConnectorConfig.Budget(
                        "per-user",
                        "user.id",
                        Duration.ofHours(1),
                        2.5,
                        "EUR",
                        List.of(0.5, 1.0),
                        7)),
                5,
                new ConnectorConfig.Webhook(
                    URI.create("https://hooks.example.com/x"),
                    Map.of("authorization", "k"),
                    Duration.ofSeconds(2)),
                true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dimension: [user.id] | 6:5: unknown key connectors.tallyspan_metrics.dimension; did you mean dimensions?",
        "dimensions: [gen_ai.agnet.name] | 6:17: connectors.tallyspan_metrics.dimensions: gen_ai.agnet.name is not an attribute of the conventions; did you mean gen_ai.agent.name?",
        "dimensions: [gen_ai.input.messages] | 6:17: connectors.tallyspan_metrics.dimensions: gen_ai.input.messages holds content, which is never in metrics",
        "dimensions: [user.id, user.id] | 6:17: connectors.tallyspan_metrics.dimensions: user.id is listed twice",
        "cardinality_limit: 1 | 6:24: connectors.tallyspan_metrics.cardinality_limit: must be from 2 to 1000000, not 1",
        "interval: 10ms | 6:15: connectors.tallyspan_metrics.interval: must be 1s or longer",
        "budgets: [{limit: 1}] | 6:15: connectors.tallyspan_metrics.budgets[0]: name is missing",
        "budgets: [{name: a}] | 6:15: connectors.tallyspan_metrics.budgets[0]: limit is missing",
        "budgets: [{name: a, limit: 0}] | 6:32: connectors.tallyspan_metrics.budgets[0].limit: must be above 0",
        "budgets: [{name: a, limit: 1, thresholds: [80%]}] | 6:47: connectors.tallyspan_metrics.budgets[0].thresholds: must be shares of the limit such as 0.8 or 1.0, at most 10, not 80%",
        "budgets: [{name: a, limit: 1, window: 1s}] | 6:43: connectors.tallyspan_metrics.budgets[0].window: must be 1m or longer",
        "budgets: [{name: a, limit: 1, currency: dollars}] | 6:45: connectors.tallyspan_metrics.budgets[0].currency: must be an ISO 4217 code such as USD",
        "budgets: [{name: a, limit: 1}, {name: a, limit: 1}] | 6:43: connectors.tallyspan_metrics.budgets[1].name: a is the name of two budgets",
        "budgets: [{name: a, limit: 1, windw: 1h}] | 6:35: unknown key connectors.tallyspan_metrics.budgets[0].windw; did you mean window?",
        "runaway_loops: {repeats: 1} | 6:30: connectors.tallyspan_metrics.runaway_loops.repeats: must be from 2 to 1000000, not 1",
        "webhook: {} | 6:14: connectors.tallyspan_metrics.webhook: url is missing",
        "webhook: {url: hooks} | 6:20: connectors.tallyspan_metrics.webhook.url: must be http://host/... or https://host/..., without user info",
        "webhook: {url: 'https://h/', headers: {a b: c}} | 6:44: connectors.tallyspan_metrics.webhook.headers.a b: not a header name",
      })
  void faultSaysWhereAndWhat(String line, String fault) {
    assertThat(faults(FILE.formatted(line))).containsExactly(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "processors: [tallyspan], exporters | exporters | 9:44: service.pipelines.traces.exporters: tallyspan_metrics needs the processor tallyspan in this pipeline",
        "exporters: [otlp_http, tallyspan_metrics] | exporters: [otlp_http] | 5:3: connectors.tallyspan_metrics: is listed as a receiver, but not as an exporter of a pipeline with traces or logs",
        "receivers: [otlp], | receivers: [tallyspan_metrics], | 9:25: service.pipelines.traces.receivers: a connector produces metrics: list it in a pipeline of them",
        "exporters: [otlp_http]} | exporters: [tallyspan_metrics]} | 10:58: service.pipelines.metrics.exporters: tallyspan_metrics takes traces and logs, not metrics",
        "receivers: [tallyspan_metrics] | receivers: [tallyspan_metric] | 10:27: service.pipelines.metrics.receivers: tallyspan_metric is not defined under receivers; did you mean tallyspan_metrics?",
      })
  void faultInThePipelinesSaysWhereAndWhat(String from, String to, String fault) {
    assertThat(faults(FILE.formatted("").replace(from, to))).contains(fault);
  }

  @Test
  void attributeThatIsAlmostOneOfTheConventionsIsAWarning() throws Exception {
    assertThat(parse(FILE.formatted("dimensions: [user.idd, team]")).warnings())
        .extracting(Fault::message)
        .containsExactly(
            "connectors.tallyspan_metrics.dimensions: user.idd is read as your own attribute; did"
                + " you mean user.id?");
  }

  private static CollectorConfig parse(String text) throws ConfigException {
    return ConfigLoader.parse("c.yaml", text, Map.of());
  }

  private static List<String> faults(String text) {
    ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> parse(text));
    assertThat(thrown).as("accepted").isNotNull();
    return thrown.faults().stream().map(Fault::toString).toList();
  }
}
