package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tallyspan.collector.edit.AttributeAction;
import dev.tallyspan.collector.edit.AttributeAction.Mode;
import dev.tallyspan.collector.edit.AttributeAction.Put;
import dev.tallyspan.collector.edit.AttributeRules;
import dev.tallyspan.collector.edit.Condition;
import dev.tallyspan.collector.edit.FilterRules;
import dev.tallyspan.collector.edit.GoRegex;
import dev.tallyspan.collector.edit.MatchProperties.KeyMatch;
import dev.tallyspan.collector.edit.ResourceRules;
import dev.tallyspan.collector.edit.SamplerRules;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The processors {@code resource} and {@code attributes}, and their place in pipelines. */
class EditConfigTest {

  private static final String PIPELINE =
      """
      receivers: {otlp: {protocols: {grpc: {}}}}
      exporters: {otlp_grpc: {endpoint: "backend:4317"}}
      service:
        pipelines:
          %s: {receivers: [otlp], processors: [%s], exporters: [otlp_grpc]}
      """;

  @Test
  void valuesHaveTheTypesOfYaml() throws Exception {
    ResourceRules rules =
        (ResourceRules)
            load(
                    """
                    processors:
                      resource:
                        attributes:
                          - {key: a, action: insert, value: text}
                          - {key: b, action: UPDATE, value: 2245}
                          - {key: c, action: upsert, value: 0.5}
                          - {key: d, action: upsert, value: true}
                          - {key: e, action: upsert, value: "7"}
                          - {key: f, action: upsert, from_attribute: g, default_value: h}
                          - {key: g, action: upsert, value: "${env:REGION}"}
                    """,
                    "metrics",
                    "resource")
                .edits()
                .get(0)
                .rules();

    assertThat(rules.actions())
        .containsExactly(
            new Put(Mode.INSERT, "a", Value.of("text"), null, null),
            new Put(Mode.UPDATE, "b", Value.of(2245), null, null),
            new Put(Mode.UPSERT, "c", Value.of(0.5), null, null),
            new Put(Mode.UPSERT, "d", Value.of(true), null, null),
            new Put(Mode.UPSERT, "e", Value.of("7"), null, null),
            new Put(Mode.UPSERT, "f", null, "g", Value.of("h")),
            new Put(Mode.UPSERT, "g", Value.of("eu"), null, null));
  }

  @Test
  void attributesAreReadWithTheirSelection() throws Exception {
    AttributeRules rules =
        (AttributeRules)
            load(
                    """
                    processors:
                      attributes/secrets:
                        include:
                          match_type: regexp
                          regexp: {cacheenabled: true, cachemaxnumentries: 10}
                          services: ["^shop"]
                          attributes: [{key: http.url, value: "^https"}, {key: any}]
                        exclude:
                          match_type: strict
                          span_kinds: [SPAN_KIND_CLIENT]
                          libraries: [{name: lib, version: ""}]
                          resources: [{key: host, value: 7}]
                        actions:
                          - {key: password, pattern: "secret", action: delete}
                          - {pattern: "email$", action: hash}
                          - {key: http.url, action: extract, pattern: "^(?P<scheme_name>.*):"}
                          - {key: n, action: convert, converted_type: int}
                    """,
                    "traces",
                    "attributes/secrets")
                .edits()
                .get(0)
                .rules();

    assertThat(rules.actions())
        .containsExactly(
            new AttributeAction.Delete("password", GoRegex.compile("secret")),
            new AttributeAction.Hash(null, GoRegex.compile("email$")),
            new AttributeAction.Extract("http.url", GoRegex.compile("^(?P<scheme_name>.*):")),
            new AttributeAction.Convert("n", AttributeAction.Type.INT));
    assertThat(rules.include().attributes())
        .containsExactly(
            new KeyMatch("http.url", null, GoRegex.compile("^https")),
            new KeyMatch("any", null, null));
    assertThat(rules.exclude().resources())
        .containsExactly(new KeyMatch("host", Value.of(7), null));
    assertThat(rules.exclude().libraries().get(0).version().text()).isEmpty();
  }

  @Test
  void samplerIsReadWithItsDefaults() throws Exception {
    assertThat(sampler("{sampling_percentage: 15.3}"))
        .isEqualTo(new SamplerRules(SamplerRules.Mode.PROPORTIONAL, 15.3f, 0, 4, true));
    assertThat(sampler("{sampling_percentage: 10, hash_seed: 4294967295}"))
        .isEqualTo(new SamplerRules(SamplerRules.Mode.HASH_SEED, 10, -1, 4, true));
    assertThat(
            sampler(
                "{sampling_percentage: 200, mode: equalizing, sampling_precision: 14, fail_closed:"
                    + " false, attribute_source: traceID, from_attribute: a, sampling_priority: p}"))
        .isEqualTo(new SamplerRules(SamplerRules.Mode.EQUALIZING, 200, 0, 14, false));
  }

  private static SamplerRules sampler(String keys) throws ConfigException {
    return (SamplerRules)
        load(
                "processors: {probabilistic_sampler: " + keys + "}\n",
                "traces",
                "probabilistic_sampler")
            .edits()
            .get(0)
            .rules();
  }

  @Test
  void filterIsReadInAllItsForms() throws Exception {
    FilterRules rules =
        (FilterRules)
            load(
                    """
                    processors:
                      filter:
                        error_mode: ignore
                        spans: {exclude: {match_type: strict, span_names: [a]}}
                        traces:
                          resource: ['attributes["host"] == "h"']
                          span: ['name == "b"', 'IsMatch(name, "^c")']
                        trace_conditions:
                          - {context: resource, conditions: ['attributes["host"] == nil']}
                          - conditions: ['span.name == "d"']
                        log_conditions: ['log.severity_number < SEVERITY_NUMBER_WARN']
                        logs: {log_record: ['body == "e"']}
                    """,
                    "traces",
                    "filter")
                .edits()
                .get(0)
                .rules();

    assertThat(rules.include()).isNull();
    assertThat(rules.exclude().spanNames()).hasSize(1);
    assertThat(rules.spans())
        .extracting(Condition::toString)
        .containsExactly(
            "attributes[\"host\"] == \"h\"",
            "name == \"b\"",
            "IsMatch(name, \"^c\")",
            "attributes[\"host\"] == nil",
            "span.name == \"d\"");
    assertThat(rules.logs()).hasSize(2);
  }

  @Test
  void wrongConditionsAreReported() {
    assertThat(
            faults(
                """
                processors:
                  filter:
                    error_mode: never
                    metrics: {metric: ['name == "a"']}
                    traces:
                      span:
                        - 'name == "b"'
                        - 'Base64(name) > 3'
                      spanevent: ['name == "c"']
                """,
                "traces",
                "filter"))
        .satisfiesExactly(
            fault -> assertThat(fault).contains("error_mode: must be one of"),
            fault ->
                assertThat(fault)
                    .contains(
                        "filter.traces.span[1]: at character 1: the function Base64 is not supported;"
                            + " keep a Collector beside Tallyspan for it"),
            fault -> assertThat(fault).contains("traces.spanevent: not supported"));
  }

  @Test
  void processorsKeepTheirOrderAroundTallyspan() throws Exception {
    PipelineConfig pipeline =
        load(
                """
                processors:
                  resource: {attributes: [{key: a, action: delete}]}
                  attributes/1: {actions: [{key: a, action: delete}]}
                  attributes/2: {actions: [{key: a, action: delete}]}
                  tallyspan/llm: {}
                """,
                "traces",
                "attributes/1, resource, tallyspan/llm, attributes/2")
            .pipelines()
            .get(0);

    assertThat(pipeline.beforeTallyspan()).containsExactly("attributes/1", "resource");
    assertThat(pipeline.tallyspan()).hasValue("tallyspan/llm");
    assertThat(pipeline.afterTallyspan()).containsExactly("attributes/2");
  }

  @Test
  void wrongActionsAreReported() {
    assertThat(
            faults(
                """
                processors:
                  attributes:
                    actions:
                      - {key: a, action: replace}
                      - {action: insert, value: 1}
                      - {key: a, action: insert}
                      - {key: a, action: insert, value: 1, from_attribute: b}
                      - {key: a, action: upsert, from_context: metadata.tenant}
                      - {key: a, action: delete, value: 1}
                      - {action: hash}
                      - {key: a, action: extract, pattern: "(.*)"}
                      - {key: a, action: extract, pattern: "a("}
                      - {key: a, action: convert, converted_type: bool}
                      - {key: a}
                """,
                "traces",
                "attributes"))
        .satisfiesExactly(
            fault ->
                assertThat(fault)
                    .startsWith("4:26: processors.attributes.actions[0].action: must be one of"),
            fault -> assertThat(fault).contains("actions[1]: key is missing"),
            fault ->
                assertThat(fault)
                    .contains("actions[2]: value is missing: set value or from_attribute"),
            fault ->
                assertThat(fault).contains("actions[3]: set value or from_attribute, not both"),
            fault -> assertThat(fault).contains("actions[4].from_context: not supported: "),
            fault ->
                assertThat(fault).contains("unknown key processors.attributes.actions[5].value"),
            fault -> assertThat(fault).contains("actions[6]: key is missing: set key or pattern"),
            fault -> assertThat(fault).contains("actions[7].pattern: all groups must be named"),
            fault -> assertThat(fault).contains("actions[8].pattern: not a regular expression"),
            fault ->
                assertThat(fault)
                    .contains("actions[9].converted_type: must be one of double, int, string"),
            fault -> assertThat(fault).contains("actions[10]: action is missing"));
  }

  @Test
  void wrongSelectionsAreReported() {
    assertThat(
            faults(
                """
                processors:
                  attributes:
                    include: {services: [a]}
                    exclude: {match_type: strict, span_kinds: [CLIENT]}
                    actions: [{key: a, action: delete}]
                """,
                "traces",
                "attributes"))
        .satisfiesExactly(
            fault ->
                assertThat(fault).contains("include: match_type is missing: set strict or regexp"),
            fault ->
                assertThat(fault).contains("exclude.span_kinds: must be of [SPAN_KIND_CLIENT"));
  }

  @Test
  void attributesCannotBeInAPipelineOfMetrics() {
    assertThat(
            faults(
                "processors: {attributes: {actions: [{key: a, action: delete}]}}\n",
                "metrics",
                "attributes"))
        .singleElement()
        .asString()
        .contains(
            "service.pipelines.metrics.processors: attributes takes traces and logs, not metrics");
  }

  @Test
  void profileNeedsTallyspanAndNotJustAnyProcessor() {
    String yaml =
        "processors: {resource: {attributes: [{key: a, action: delete}]}}\n"
            + PIPELINE
                .formatted("traces", "resource")
                .replace("\"backend:4317\"", "\"backend:4317\", content: json");

    assertThat(
            catchThrowableOfType(
                ConfigException.class, () -> ConfigLoader.parse("c.yaml", yaml, Map.of())))
        .hasMessageContaining("has the processor tallyspan");
  }

  private static CollectorConfig load(String processors, String pipeline, String ids)
      throws ConfigException {
    return ConfigLoader.parse(
        "c.yaml", processors + PIPELINE.formatted(pipeline, ids), Map.of("REGION", "eu"));
  }

  private static List<String> faults(String processors, String pipeline, String ids) {
    return catchThrowableOfType(ConfigException.class, () -> load(processors, pipeline, ids))
        .faults()
        .stream()
        .map(fault -> fault.line() + ":" + fault.column() + ": " + fault.message())
        .toList();
  }
}
