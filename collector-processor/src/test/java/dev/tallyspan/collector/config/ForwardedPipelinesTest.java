package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.tallyspan.collector.edit.RouteRules;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pipelines that the connector {@code forward} connects. */
class ForwardedPipelinesTest {

  private static String file(String pipelines) {
    return """
        receivers:
          otlp: {protocols: {grpc: {endpoint: "localhost:4317"}}}
          otlp/b: {protocols: {grpc: {endpoint: "localhost:4417"}}}
        processors:
          resource/1: {attributes: [{key: a, action: delete}]}
          resource/2: {attributes: [{key: b, action: delete}]}
        connectors: {forward: , forward/2: }
        exporters: {otlp_http/x: {endpoint: "https://x"}, otlp_http/y: {endpoint: "https://y"}}
        service: {pipelines: {%s}}
        """
        .formatted(pipelines);
  }

  private static List<String> pipelines(String pipelines) throws ConfigException {
    return ConfigLoader.parse("c.yaml", file(pipelines), Map.of()).pipelines().stream()
        .map(it -> it.id() + it.receivers() + it.processors() + it.exporters())
        .toList();
  }

  private static List<String> faults(String pipelines) {
    return catchThrowableOfType(ConfigException.class, () -> pipelines(pipelines)).faults().stream()
        .map(Fault::message)
        .toList();
  }

  @Test
  void spansPassTheProcessorsOfBoth() throws Exception {
    assertThat(
            pipelines(
                "traces/in: {receivers: [otlp], processors: [resource/1], exporters: [otlp_http/x,"
                    + " forward]}, traces/out: {receivers: [forward], processors: [resource/2],"
                    + " exporters: [otlp_http/y]}"))
        .containsExactly(
            "traces/in[otlp][resource/1][otlp_http/x]",
            "traces/out[otlp][resource/1, resource/2][otlp_http/y]");
  }

  @Test
  void sourcesWithTheSameProcessorsShareAPipeline() throws Exception {
    assertThat(
            pipelines(
                "traces/a: {receivers: [otlp], exporters: [forward]}, traces/b: {receivers:"
                    + " [otlp/b], exporters: [forward]}, traces: {receivers: [forward], exporters:"
                    + " [otlp_http/x]}"))
        .containsExactly("traces[otlp, otlp/b][][otlp_http/x]");
  }

  @Test
  void aChainIsOnePipeline() throws Exception {
    assertThat(
            pipelines(
                "traces/3: {receivers: [forward/2], processors: [resource/1], exporters:"
                    + " [otlp_http/x]}, traces/2: {receivers: [forward], processors: [resource/2],"
                    + " exporters: [forward/2]}, traces/1: {receivers: [otlp], processors:"
                    + " [resource/1], exporters: [forward]}"))
        .containsExactly("traces/3[otlp][resource/1, resource/2][otlp_http/x]");
  }

  @Test
  void aPipelineKeepsItsOwnReceivers() throws Exception {
    assertThat(
            pipelines(
                "traces/a: {receivers: [otlp], processors: [resource/1], exporters: [forward]},"
                    + " traces: {receivers: [otlp/b, forward], exporters: [otlp_http/x]}"))
        .containsExactlyInAnyOrder(
            "traces[otlp][resource/1][otlp_http/x]", "traces/2[otlp/b][][otlp_http/x]");
  }

  @Test
  void signalsAreJoinedEachByItself() throws Exception {
    assertThat(
            pipelines(
                "traces: {receivers: [otlp], exporters: [forward]}, logs: {receivers: [otlp],"
                    + " exporters: [forward]}, traces/out: {receivers: [forward], exporters:"
                    + " [otlp_http/x]}, logs/out: {receivers: [forward], exporters:"
                    + " [otlp_http/y]}"))
        .containsExactly("traces/out[otlp][][otlp_http/x]", "logs/out[otlp][][otlp_http/y]");
  }

  @Test
  void aCircleIsAFault() {
    assertThat(
            faults(
                "traces/a: {receivers: [otlp, forward], exporters: [forward/2]}, traces/b:"
                    + " {receivers: [forward/2], exporters: [forward]}, traces/c: {receivers:"
                    + " [forward], exporters: [otlp_http/x]}"))
        .singleElement()
        .asString()
        .contains("forwards to itself, over connectors");
  }

  @Test
  void aConnectorWithOneEndIsAFault() {
    assertThat(faults("traces: {receivers: [otlp], exporters: [forward]}"))
        .anyMatch(it -> it.contains("forward is not supported: it connects pipelines"));
  }

  private static final String ROUTED =
      "traces/in: {receivers: [otlp], processors: [resource/1], exporters: [routing]},"
          + " traces/a: {receivers: [routing], exporters: [otlp_http/x]},"
          + " traces/b: {receivers: [routing, otlp/b], processors: [resource/2], exporters:"
          + " [otlp_http/y]}";

  private static String routed(String table) {
    return file(ROUTED).replace("forward: , forward/2: ", "routing: " + table);
  }

  private static CollectorConfig load(String table) throws ConfigException {
    return ConfigLoader.parse("c.yaml", routed(table), Map.of());
  }

  private static List<String> faultsOfTable(String table) {
    return catchThrowableOfType(ConfigException.class, () -> load(table)).faults().stream()
        .map(Fault::message)
        .toList();
  }

  @Test
  void routingChoosesOnTheWayToEachPipeline() throws Exception {
    CollectorConfig config =
        load(
            """
            {default_pipelines: [traces/b], error_mode: ignore, match_once: true, table: [
              {statement: 'route() where attributes["t"] == "a"', pipelines: [traces/a]},
              {context: span, action: copy, condition: 'name == "b"', pipelines: [traces/a]},
              {statement: 'route()', pipelines: [traces/a, traces/b]}]}
            """
                .replace("\n", " "));

    assertThat(config.pipelines())
        .extracting(it -> it.id() + it.receivers() + it.processors() + it.exporters())
        .containsExactly(
            "traces/a[otlp][resource/1, tallyspan_routing/routing.traces_a][otlp_http/x]",
            "traces/b[otlp][resource/1, tallyspan_routing/routing.traces_b, resource/2][otlp_http/y]",
            "traces/b-2[otlp/b][resource/2][otlp_http/y]");
    RouteRules rules =
        (RouteRules)
            config.edits().stream()
                .filter(it -> it.id().equals("tallyspan_routing/routing.traces_b"))
                .findFirst()
                .orElseThrow()
                .rules();
    assertThat(rules.toRest()).isTrue();
    assertThat(rules.routes())
        .extracting(RouteRules.Route::takes, RouteRules.Route::here)
        .containsExactly(tuple(true, false), tuple(false, false), tuple(true, true));
  }

  @Test
  void faultsOfATableAreReportedOnce() {
    assertThat(
            faultsOfTable(
                """
                {match_once: false, table: [
                  {context: request, condition: 'request["a"] == "b"', pipelines: [traces/a]},
                  {context: log, condition: 'true', pipelines: [traces/a]},
                  {statement: 'delete_key(attributes, "a")', pipelines: [traces/a]},
                  {pipelines: [traces/a]},
                  {condition: 'span.name == "a"', pipelines: [traces/b]}]}
                """
                    .replace("\n", " ")))
        .satisfiesExactly(
            fault -> assertThat(fault).startsWith("connectors.routing.match_once: false is not"),
            fault ->
                assertThat(fault)
                    .startsWith("connectors.routing.table[0].context: request is not supported"),
            fault ->
                assertThat(fault)
                    .startsWith(
                        "connectors.routing.table[1].context: must be one of resource, span"),
            fault ->
                assertThat(fault)
                    .startsWith("connectors.routing.table[2].statement: must be route() where"),
            fault ->
                assertThat(fault)
                    .isEqualTo("connectors.routing.table[3]: set either statement or condition"),
            fault ->
                assertThat(fault)
                    .startsWith(
                        "connectors.routing.table[4].condition: at character 1: span.name is not"
                            + " supported"));
  }

  @Test
  void pipelinesOfATableMustReceiveFromTheConnector() {
    assertThat(faultsOfTable("{table: [{condition: 'true', pipelines: [traces/c]}]}"))
        .containsExactly(
            "not valid: connectors.routing: the pipeline traces/c does not have it as a receiver");
    assertThat(faultsOfTable(""))
        .containsExactly("not valid: connectors.routing: table is missing");
  }
}
