package dev.tallyspan.collector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.edit.StatementGroup;
import dev.tallyspan.collector.edit.TransformRules;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The processor {@code transform}. */
class TransformConfigTest {

  private static final String PIPELINE =
      """
      receivers: {otlp: {protocols: {grpc: {}}}}
      exporters: {otlp_grpc: {endpoint: "backend:4317"}}
      service:
        pipelines:
          %s: {receivers: [otlp], processors: [transform], exporters: [otlp_grpc]}
      """;

  @Test
  void statementsInAListBelongToWhatTheirPathsSay() throws Exception {
    assertThat(
            groups(
                """
                processors:
                  transform:
                    error_mode: ignore
                    trace_statements:
                      - delete_key(span.attributes, "mail") where resource.attributes["env"] == "prod"
                      - set(resource.attributes["env"], "${env:ENV_NAME}")
                      - delete_key(spanevent.attributes, "gen_ai.prompt")
                      - replace_pattern(span.name, "([0-9]+)", "<$$1>")
                """))
        .extracting(StatementGroup::context, group -> group.statements().toString())
        .containsExactly(
            tuple(
                Context.SPAN,
                "[delete_key(span.attributes, \"mail\") where resource.attributes[\"env\"] == \"prod\"]"),
            tuple(Context.RESOURCE, "[set(resource.attributes[\"env\"], \"test\")]"),
            tuple(Context.EVENT, "[delete_key(spanevent.attributes, \"gen_ai.prompt\")]"),
            tuple(Context.SPAN, "[replace_pattern(span.name, \"([0-9]+)\", \"<$1>\")]"));
  }

  @Test
  void groupsHaveAContextAndConditions() throws Exception {
    List<StatementGroup> groups =
        groups(
            """
            processors:
              transform:
                trace_statements:
                  - context: span
                    error_mode: silent
                    conditions: ['attributes["a"] == 1', 'name == "b"']
                    statements:
                      - set(attributes["a"], 2)
                      - set(name, "c")
                  - context: resource
                    statements: ['delete_key(attributes, "host")']
                  - conditions: ['spanevent.name == "exception"']
                    statements: ['set(span.status.code, STATUS_CODE_ERROR)']
            """);

    assertThat(groups)
        .extracting(StatementGroup::context)
        .containsExactly(Context.SPAN, Context.RESOURCE, Context.EVENT);
    assertThat(groups.get(0).conditions()).hasSize(2);
    assertThat(groups.get(0).statements()).hasSize(2);
  }

  @Test
  void wrongStatementsAreReportedWithTheirPlace() {
    assertThat(
            faults(
                """
                processors:
                  transform:
                    trace_statements:
                      - delete_key(span.attributes, "mail")
                      - delete_key(attributes, "mail")
                      - flatten(span.attributes)
                      - set(span.name, "a") where = 1
                """,
                "traces"))
        .containsExactly(
            "processors.transform.trace_statements[1]: the paths do not say what they belong to:"
                + " write span.attributes, spanevent.attributes or resource.attributes",
            "processors.transform.trace_statements[2]: at character 1: the function flatten is not"
                + " supported; keep a Collector beside Tallyspan for it",
            "processors.transform.trace_statements[3]: at character 27: expected a value, not =");
  }

  @Test
  void wrongGroupsAreReportedWithTheirPlace() {
    assertThat(
            faults(
                """
                processors:
                  transform:
                    trace_statements:
                      - {context: spans, statements: ['set(name, "a")']}
                      - {context: scope, statements: ['set(name, "a")']}
                      - context: span
                        conditions: ['name = "a"']
                        statements: ['set(name, "a")', 'set(nome, "a")']
                      - {context: span, statement: []}
                """,
                "traces"))
        .satisfiesExactly(
            fault ->
                assertThat(fault)
                    .isEqualTo(
                        "processors.transform.trace_statements[0].context: must be one of resource,"
                            + " span, spanevent, not spans"),
            fault ->
                assertThat(fault)
                    .startsWith(
                        "processors.transform.trace_statements[1].context: scope is not supported"),
            fault ->
                assertThat(fault)
                    .isEqualTo(
                        "processors.transform.trace_statements[2].conditions[0]: at character 6:"
                            + " expected and, or, or the end, not ="),
            fault ->
                assertThat(fault)
                    .isEqualTo(
                        "processors.transform.trace_statements[2].statements[1]: at character 5: nome"
                            + " is not supported; keep a Collector beside Tallyspan for it"),
            fault ->
                assertThat(fault)
                    .startsWith("unknown key processors.transform.trace_statements[3].statement"));
  }

  @Test
  void statementsForOtherSignalsAreAFaultOnlyInTheirPipelines() throws Exception {
    String processor =
        """
        processors:
          transform:
            trace_statements: ['delete_key(span.attributes, "a")']
            log_statements: ['delete_key(log.attributes, "a")']
            metric_statements: []
        """;

    assertThat(load(processor, "traces").warnings())
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.message())
                    .isEqualTo(
                        "processors.transform.log_statements: has no effect: it changes spans, their"
                            + " events and resources only"));
    assertThat(load(processor, "metrics").pipelines()).hasSize(1);
    assertThat(faults(processor, "logs"))
        .containsExactly(
            "service.pipelines.logs.processors: transform has statements for logs, and only those"
                + " for traces are supported: keep a Collector in front for them");
  }

  private static List<StatementGroup> groups(String processors) throws ConfigException {
    return ((TransformRules) load(processors, "traces").edits().get(0).rules()).groups();
  }

  private static CollectorConfig load(String processors, String pipeline) throws ConfigException {
    return ConfigLoader.parse(
        "c.yaml", processors + PIPELINE.formatted(pipeline), Map.of("ENV_NAME", "test"));
  }

  private static List<String> faults(String processors, String pipeline) {
    return catchThrowableOfType(ConfigException.class, () -> load(processors, pipeline))
        .faults()
        .stream()
        .map(Fault::message)
        .toList();
  }
}
