package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.flow.Signal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --only traces}: what runs of a file that was written for the Collector. */
class PipelineSelectionTest {
  private static final String FILE =
      """
      receivers:
        otlp: {protocols: {grpc: }}
        zipkin:
        prometheus: {config: {scrape_configs: [{job_name: x}]}}
      processors:
        batch:
        resourcedetection: {detectors: [env]}
        deltatocumulative:
      exporters:
        otlp_grpc: {endpoint: "jaeger:4317"}
        clickhouse: {endpoint: "tcp://clickhouse:9000"}
        prometheus: {endpoint: "0.0.0.0:8889"}
      connectors:
        spanmetrics:
      extensions:
        opamp: {server: {ws: {endpoint: "ws://opamp"}}}
      service:
        extensions: [opamp]
        pipelines:
          traces:
            receivers: [otlp, zipkin]
            processors: [resourcedetection, batch]
            exporters: [otlp_grpc, clickhouse, spanmetrics]
          metrics:
            receivers: [otlp, prometheus, spanmetrics]
            processors: [deltatocumulative, batch]
            exporters: [prometheus]
      """;

  private static CollectorConfig only(String text) throws ConfigException {
    return ConfigLoader.parse("c.yaml", text, Map.of(), Set.of(Signal.TRACES));
  }

  private static List<String> faults(String text) {
    return catchThrowableOfType(ConfigException.class, () -> only(text)).faults().stream()
        .map(Fault::toString)
        .toList();
  }

  @Test
  void whatTallyspanHasOfAPipelineRuns() throws Exception {
    PipelineConfig traces = only(FILE).pipelines().get(0);

    assertThat(traces.id()).isEqualTo("traces");
    assertThat(traces.receivers()).containsExactly("otlp");
    assertThat(traces.processors()).isEmpty();
    assertThat(traces.exporters()).containsExactly("otlp_grpc");
    assertThat(traces.connectors()).isEmpty();
  }

  @Test
  void eachThingThatIsLeftOutHasOneWarning() throws Exception {
    assertThat(only(FILE).warnings())
        .extracting(Fault::toString)
        .satisfiesExactly(
            it -> assertThat(it).startsWith("18:16: service.extensions: opamp is left out: "),
            it ->
                assertThat(it)
                    .startsWith(
                        "21:25: service.pipelines.traces.receivers: zipkin is left out: let a"),
            it ->
                assertThat(it)
                    .contains(
                        "service.pipelines.traces.processors: resourcedetection is left out: "),
            it ->
                assertThat(it)
                    .contains("service.pipelines.traces.exporters: clickhouse is left out: "),
            it ->
                assertThat(it)
                    .contains("service.pipelines.traces.exporters: spanmetrics is left out: use"),
            it ->
                assertThat(it)
                    .isEqualTo(
                        "24:5: service.pipelines.metrics: left out, because only traces were"
                            + " chosen"));
  }

  @Test
  void aPipelineThatLosesItsLastExporterReceives() throws Exception {
    CollectorConfig config =
        only(
            FILE.replace("[otlp_grpc, clickhouse", "[clickhouse")
                .replace("  otlp_grpc: {endpoint: \"jaeger:4317\"}\n", ""));

    assertThat(config.exporters()).isEmpty();
    assertThat(config.pipelines()).hasSize(1);
    assertThat(config.warnings())
        .extracting(Fault::toString)
        .anyMatch(it -> it.contains("none is left, so nothing is forwarded: add otlp_grpc"));
  }

  @Test
  void aFileWithoutAReceiverForTracesIsAFault() {
    assertThat(faults(FILE.replace("[otlp, zipkin]", "[zipkin]")))
        .singleElement()
        .asString()
        .contains("service.pipelines: none is left: add a pipeline with a receiver otlp");
  }

  @Test
  void aProcessorThatProtectsContentIsNotLeftOut() {
    assertThat(
            faults(
                FILE.replace("resourcedetection: {detectors: [env]}", "redaction: ")
                    .replace("[resourcedetection, batch]", "[redaction, batch]")))
        .singleElement()
        .asString()
        .contains("processors.redaction: redaction is not supported: it keeps something from the")
        .contains("keep a Collector in front for it");
  }

  @Test
  void aTransformationStaysIfAllItsStatementsAreSupported() throws Exception {
    String transform = transform("'%s'");

    assertThat(
            only(transform.formatted("set(span.attributes[\"a\"], \"b\")"))
                .pipelines()
                .get(0)
                .processors())
        .containsExactly("transform");
    assertThat(
            only(transform.formatted("delete_key(span.attributes, \"user.email\")"))
                .pipelines()
                .get(0)
                .processors())
        .containsExactly("transform");
  }

  @Test
  void aTransformationWithMoreIsLeftOutIfItRemovesNothing() throws Exception {
    String transform = transform("'%s', 'flatten(span.attributes)'");

    CollectorConfig left = only(transform.formatted("set(span.attributes[\"a\"], \"b\")"));
    assertThat(left.pipelines().get(0).processors()).isEmpty();
    assertThat(left.warnings())
        .extracting(Fault::message)
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .contains("transform is left out: its statements for this signal add and")
                    .endsWith(
                        "(trace_statements[1]: at character 1: the function flatten is not"
                            + " supported; keep a Collector beside Tallyspan for it)"));
    assertThat(
            only(transform.formatted("replace_pattern(span.name, \"[0-9]+\", \"N\")")).pipelines())
        .hasSize(1);
    assertThat(faults(transform.formatted("delete_key(span.attributes, \"user.email\")")))
        .singleElement()
        .asString()
        .contains("processors.transform.trace_statements[1]: at character 1: the function flatten");
  }

  @Test
  void aDeletionAfterACopyIsARename() throws Exception {
    String transform = transform("%s, 'flatten(span.attributes)'");
    String copy = "'set(attributes[\"db\"], attributes[\"db.system\"])'";
    String delete = "'delete_key(attributes, \"db.system\")'";

    assertThat(only(transform.formatted(copy + ", " + delete)).pipelines()).hasSize(1);
    assertThat(faults(transform.formatted(delete + ", " + copy))).isNotEmpty();
  }

  private static String transform(String statements) {
    return FILE.replace("[resourcedetection, batch]", "[transform, batch]")
        .replace(
            "resourcedetection: {detectors: [env]}",
            "transform: {trace_statements: [" + statements + "]}");
  }

  @Test
  void whatConnectsPipelinesOfTracesIsNotLeftOut() {
    assertThat(
            faults(
                FILE.replace("  spanmetrics:\n", "  round_robin:\n")
                    .replace("clickhouse, spanmetrics]", "round_robin]")
                    .replace(
                        "    metrics:\n      receivers: [otlp, prometheus, spanmetrics]",
                        "    traces/2:\n      receivers: [round_robin]")
                    .replace("[deltatocumulative, batch]", "[batch]")
                    .replace("exporters: [prometheus]", "exporters: [otlp_grpc]")))
        .singleElement()
        .asString()
        .contains("connectors.round_robin: round_robin is not supported: list the exporters");
  }

  @ParameterizedTest
  @CsvSource({
    "receivers, host_metrics, hostmetrics",
    "receivers, podman_stats, podmanstats",
    "processors, resource_detection, resourcedetection",
    "processors, k8s_attributes, k8sattributes",
    "exporters, load_balancing, loadbalancing",
    "exporters, prometheus_remote_write, prometheusremotewrite",
    "connectors, span_metrics, spanmetrics",
    "extensions, jaeger_storage, jaegerstorage"
  })
  void aTypeIsKnownInBothSpellings(String kind, String type, String older) {
    assertThat(OtherComponents.instead(kind, type))
        .isNotNull()
        .isEqualTo(OtherComponents.instead(kind, older));
  }

  @Test
  void aMistakeIsStillAFault() {
    assertThat(faults(FILE.replace("[otlp, zipkin]", "[otpl, zipkin]")))
        .containsExactly(
            "21:19: service.pipelines.traces.receivers: otpl is not defined under receivers");
  }

  @Test
  void aReceiverDoesNotLoseItsAuthentication() {
    assertThat(
            faults(
                FILE.replace("opamp:", "oidc:")
                    .replace("[opamp]", "[oidc]")
                    .replace("grpc: }", "grpc: {auth: {authenticator: oidc}}}")))
        .anyMatch(it -> it.contains("oidc"));
  }

  @Test
  void withoutTheOptionTheFaultSaysThatThereIsOne() {
    assertThat(
            catchThrowableOfType(
                    ConfigException.class, () -> ConfigLoader.parse("c.yaml", FILE, Map.of()))
                .getMessage())
        .contains("receivers.zipkin: zipkin is not supported: let a Collector receive it")
        .endsWith("use run --only traces; to write a file of it, use config convert");
  }
}
