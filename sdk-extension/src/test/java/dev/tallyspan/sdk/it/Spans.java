package dev.tallyspan.sdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Comparator;
import java.util.List;

/** What a child JVM exported. */
final class Spans {

  private final List<Span> all;

  Spans(List<Span> all) {
    this.all = all.stream().sorted(Comparator.comparingLong(Span::getStartTimeUnixNano)).toList();
  }

  /** The span of that name. */
  Span root(String scenario) {
    return only(named(scenario));
  }

  /** The spans of that name, by time. */
  List<Span> named(String name) {
    return all.stream().filter(span -> span.getName().equals(name)).toList();
  }

  /** The spans with an operation in the trace of the span of that name, by time. */
  List<Span> calls(String scenario) {
    Span root = root(scenario);
    return all.stream()
        .filter(span -> span.getTraceId().equals(root.getTraceId()))
        .filter(span -> has(span, "gen_ai.operation.name"))
        .toList();
  }

  /** The only span with an operation of that scenario. */
  Span call(String scenario) {
    return only(calls(scenario));
  }

  private Span only(List<Span> found) {
    assertThat(found).as("spans of the run: %s", names()).hasSize(1);
    return found.get(0);
  }

  private List<String> names() {
    return all.stream().map(Span::getName).toList();
  }

  static boolean has(Span span, String key) {
    return span.getAttributesList().stream().anyMatch(it -> it.getKey().equals(key));
  }

  /** The text of the attribute, or empty. */
  static String text(Span span, String key) {
    return value(span, key).getStringValue();
  }

  /** The integer of the attribute, or 0. */
  static long count(Span span, String key) {
    return value(span, key).getIntValue();
  }

  /** The number of the attribute, or 0. */
  static double decimal(Span span, String key) {
    return value(span, key).getDoubleValue();
  }

  private static AnyValue value(Span span, String key) {
    List<AnyValue> values =
        span.getAttributesList().stream()
            .filter(it -> it.getKey().equals(key))
            .map(it -> it.getValue())
            .toList();
    assertThat(values).as("%s of %s", key, span.getName()).hasSizeLessThan(2);
    return values.isEmpty() ? AnyValue.getDefaultInstance() : values.get(0);
  }
}
