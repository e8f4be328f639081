package dev.tallyspan.collector.edit;

import static dev.tallyspan.collector.edit.EditTesting.attribute;
import static dev.tallyspan.collector.edit.EditTesting.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.edit.AttributeAction.Mode;
import dev.tallyspan.collector.edit.AttributeAction.Put;
import dev.tallyspan.collector.edit.MatchProperties.KeyMatch;
import dev.tallyspan.collector.edit.MatchProperties.Library;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code include} selects, seen by what changes. */
class MatchPropertiesTest {

  private static final Span.Builder SPAN =
      span("chat", attribute("text", "abc"), attribute("number", 7), attribute("flag", true))
          .setKind(Span.SpanKind.SPAN_KIND_CLIENT);

  @Test
  void serviceNameIsThatOfTheResource() throws Exception {
    assertThat(selects(Matches.of("services", "shop", false))).isTrue();
    assertThat(selects(Matches.of("services", "sho", false))).isFalse();
    assertThat(selects(Matches.of("services", "sho", true))).isTrue();
  }

  @Test
  void kindHasTheNameOfOtlp() throws Exception {
    assertThat(selects(Matches.of("span_kinds", "SPAN_KIND_CLIENT", false))).isTrue();
    assertThat(selects(Matches.of("span_kinds", "SPAN_KIND_SERVER", false))).isFalse();
  }

  @Test
  void attributeMatchesByKeyTypeAndValue() throws Exception {
    assertThat(selects(Matches.attributes(key("text", null)))).isTrue();
    assertThat(selects(Matches.attributes(key("text", Value.of("abc"))))).isTrue();
    assertThat(selects(Matches.attributes(key("number", Value.of(7))))).isTrue();
    assertThat(selects(Matches.attributes(key("number", Value.of("7"))))).isFalse();
    assertThat(selects(Matches.attributes(key("missing", null)))).isFalse();
  }

  @Test
  void expressionMatchesTheValueAsText() throws Exception {
    assertThat(selects(Matches.attributes(regex("number", "^7$")))).isTrue();
    assertThat(selects(Matches.attributes(regex("flag", "true")))).isTrue();
    assertThat(selects(Matches.attributes(regex("text", "^b")))).isFalse();
  }

  @Test
  void allAttributesMustMatch() throws Exception {
    assertThat(selects(Matches.attributes(key("text", null), key("missing", null)))).isFalse();
    assertThat(selects(Matches.resources(key("host", null), key("service.name", null)))).isTrue();
    assertThat(selects(Matches.resources(key("host", Value.of("h2"))))).isFalse();
  }

  @Test
  void libraryIsTheScope() throws Exception {
    assertThat(selects(Matches.libraries(library("lib", null)))).isTrue();
    assertThat(selects(Matches.libraries(library("lib", "1.0")))).isTrue();
    assertThat(selects(Matches.libraries(library("lib", "")))).isFalse();
  }

  @Test
  void logRecordsMatchByBodyAndSeverity() throws Exception {
    LogRecord.Builder warning =
        LogRecord.newBuilder()
            .setBody(AnyValue.newBuilder().setStringValue("out of tokens"))
            .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_WARN)
            .setSeverityText("warning");

    assertThat(selects(Matches.of("log_bodies", "tokens", true), warning)).isTrue();
    assertThat(selects(Matches.of("log_bodies", "tokens", true), LogRecord.newBuilder())).isFalse();
    assertThat(selects(Matches.of("log_severity_texts", "warning", false), warning)).isTrue();
    assertThat(selects(Matches.severity(9, false), warning)).isTrue();
    assertThat(selects(Matches.severity(17, false), warning)).isFalse();
    assertThat(selects(Matches.severity(17, true), LogRecord.newBuilder())).isTrue();
  }

  private static KeyMatch key(String key, Value<?> value) {
    return new KeyMatch(key, value, null);
  }

  private static KeyMatch regex(String key, String regex) {
    return new KeyMatch(key, null, GoRegex.compile(regex));
  }

  private static Library library(String name, String version) {
    return new Library(
        Matches.text(name, false), version == null ? null : Matches.text(version, false));
  }

  private static AttributeRules mark(MatchProperties include) {
    return new AttributeRules(
        List.of(new Put(Mode.UPSERT, "marked", Value.of(true), null, null)), include, null);
  }

  private static boolean selects(MatchProperties include) throws Exception {
    return EditTesting.apply(mark(include), SPAN.clone())
        .get(0)
        .getAttributesList()
        .contains(attribute("marked", true));
  }

  private static boolean selects(MatchProperties include, LogRecord.Builder record)
      throws Exception {
    byte[] after =
        mark(include)
            .processor("test", EditTesting.NO_METER)
            .apply(EditTesting.batch(Signal.LOGS, EditTesting.logs(record).toByteArray(), 1))
            .request()
            .bytes()
            .toByteArray();
    return ExportLogsServiceRequest.parseFrom(after)
        .getResourceLogs(0)
        .getScopeLogs(0)
        .getLogRecords(0)
        .getAttributesList()
        .contains(attribute("marked", true));
  }
}
