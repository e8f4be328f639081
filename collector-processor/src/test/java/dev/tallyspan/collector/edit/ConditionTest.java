package dev.tallyspan.collector.edit;

import static dev.tallyspan.collector.edit.EditTesting.attribute;
import static dev.tallyspan.collector.edit.EditTesting.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What conditions mean, seen by what a filter drops. */
class ConditionTest {

  private static final Span.Builder SPAN =
      span(
              "GET /health",
              attribute("http.route", "/health"),
              attribute("status", 200),
              attribute("share", 0.5),
              attribute("retried", true))
          .setParentSpanId(ByteString.fromHex("0102030405060708"))
          .setKind(Span.SpanKind.SPAN_KIND_SERVER)
          .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attributes[\"http.route\"] == \"/health\"",
        "span.attributes[\"http.route\"] != \"/other\"",
        "resource.attributes[\"service.name\"] == \"shop\"",
        "name == \"GET /health\"",
        "span.name == \"GET /health\" and kind == SPAN_KIND_SERVER",
        "kind.string == \"Server\"",
        "status.code == STATUS_CODE_ERROR",
        "status.code == 2",
        "instrumentation_scope.name == \"lib\" and scope.version == \"1.0\"",
        "attributes[\"missing\"] == nil",
        "attributes[\"status\"] != nil",
        "attributes[\"status\"] >= 200 and attributes[\"status\"] < 300",
        "attributes[\"status\"] == 200.0",
        "attributes[\"share\"] > 0",
        "attributes[\"retried\"] == true",
        "attributes[\"retried\"]",
        "IsMatch(name, \"^GET /he\")",
        "IsMatch(attributes[\"status\"], \"^2\")",
        "HasPrefix(name, \"GET\") and HasSuffix(name, \"h\")",
        "not IsRootSpan()",
        "false or not (name == \"a\" or name == \"b\")",
        "name == \"a\" and false or true",
        "attributes[\"status\"] == \"200\" or attributes[\"http.route\"] > \"/a\"",
        "\"GET /health\" == name",
        "IsMatch(name, \"\\\\s/\")",
        "ToLowerCase(name) == \"get /health\"",
        "Concat([name, attributes[\"status\"]], \" \") == \"GET /health 200\"",
        "String(attributes[\"status\"]) == \"200\" and IsInt(attributes[\"status\"])",
        "Len(attributes) == 4",
      })
  void conditionHolds(String condition) throws Exception {
    assertThat(dropped(condition, Context.SPAN)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attributes[\"http.route\"] == \"/other\"",
        "attributes[\"status\"] == \"200\"",
        "attributes[\"missing\"] > 0",
        "attributes[\"http.route\"] < 5",
        "attributes[\"status\"]",
        "IsMatch(attributes[\"missing\"], \".*\")",
        "not true",
        "not (true or false)",
        "false and (true or true)",
        "IsRootSpan()",
      })
  void conditionDoesNotHold(String condition) throws Exception {
    assertThat(dropped(condition, Context.SPAN)).isFalse();
  }

  @Test
  void contextIsWhatPathsWithoutAPrefixBelongTo() throws Exception {
    assertThat(dropped("attributes[\"host\"] == \"h1\"", Context.RESOURCE)).isTrue();
    assertThat(dropped("attributes[\"http.route\"] == nil", Context.RESOURCE)).isTrue();
  }

  @Test
  void logRecordsHaveFieldsOfTheirOwn() throws Exception {
    LogRecord.Builder record =
        LogRecord.newBuilder()
            .setBody(AnyValue.newBuilder().setStringValue("out of tokens"))
            .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_WARN)
            .addAttributes(attribute("a", 1));

    assertThat(droppedLog("IsMatch(body, \"tokens\")", record)).isTrue();
    assertThat(droppedLog("log.severity_number < SEVERITY_NUMBER_ERROR", record)).isTrue();
    assertThat(droppedLog("attributes[\"a\"] == 2", record)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "name = \"a\"            | at character 6: expected and, or, or the end, not =",
        "name == \"a             | at character 9: not expected here: \"",
        "name == \"a\" \"b\"      | at character 13: expected and, or, or the end, not b",
        "(name == \"a\"          | at character 13: expected ), not the end",
        "name ==                 | at character 8: expected a value, not the end",
        "and                     | at character 1: and is not supported; keep a Collector beside Tallyspan for it",
        "IsMatch(name, \"a(\")   | at character 15: not a regular expression: Unclosed group",
        "IsMatch(name, attributes[\"a\"]) | at character 15: expected a string with a regular expression, not attributes",
        "Base64(name) > 3        | at character 1: the function Base64 is not supported; keep a Collector beside Tallyspan for it",
        "name == Concat(\"a\", \"\") | at character 16: expected a list, not a",
        "events[\"a\"] == nil     | at character 1: events[\"a\"] is not supported; keep a Collector beside Tallyspan for it",
        "attributes[\"a\"][name] == 1 | at character 17: expected a key in quotes or an index, not name",
        "SHA256(name, 1) == \"a\" | at character 14: SHA256 has no such argument",
        "IsMatch(name) | at character 1: IsMatch needs the argument pattern",
        "attributes[0] == 1      | at character 12: expected a key in quotes, not 0",
        "body == \"a\"            | at character 1: body is not supported; keep a Collector beside Tallyspan for it",
      })
  void faultSaysWhereAndWhat(String condition, String message) {
    assertThatThrownBy(() -> Condition.parse(condition, Context.SPAN, Context.SPAN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void deepNestingIsRefused() {
    String deep = "(".repeat(100_000) + "true" + ")".repeat(100_000);

    assertThatThrownBy(() -> Condition.parse(deep, Context.SPAN, Context.SPAN))
        .hasMessageContaining("nested deeper than 50 levels");
  }

  private static boolean dropped(String condition, Context context) throws Exception {
    FilterRules rules =
        new FilterRules(
            null, null, List.of(Condition.parse(condition, Context.SPAN, context)), List.of());
    Batch batch =
        EditTesting.batch(Signal.TRACES, EditTesting.spans(SPAN.clone()).toByteArray(), 1);
    return rules.processor("f", EditTesting.NO_METER).apply(batch).request().items() == 0;
  }

  private static boolean droppedLog(String condition, LogRecord.Builder record) throws Exception {
    FilterRules rules =
        new FilterRules(
            null, null, List.of(), List.of(Condition.parse(condition, Context.LOG, Context.LOG)));
    ExportLogsServiceRequest request = EditTesting.logs(record);
    Batch batch = EditTesting.batch(Signal.LOGS, request.toByteArray(), 1);
    return rules.processor("f", EditTesting.NO_METER).apply(batch).request().items() == 0;
  }
}
