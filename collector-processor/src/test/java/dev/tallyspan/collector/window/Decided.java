package dev.tallyspan.collector.window;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A span as it leaves. */
final class Decided {

  private static final Set<String> BILLED =
      Set.of("priced", "free", "partial", "unpriced", "provider_reported");

  final long trace;
  final long id;
  final String name;
  private final long parent;
  private final String scope;
  private final Map<String, AnyValue> attributes = new HashMap<>();

  private Decided(Span span, String scope) {
    this.scope = scope;
    parent =
        span.getParentSpanId().isEmpty()
            ? 0
            : span.getParentSpanId().asReadOnlyByteBuffer().getLong(0);
    trace = span.getTraceId().asReadOnlyByteBuffer().getLong(8);
    id = span.getSpanId().asReadOnlyByteBuffer().getLong(0);
    name = span.getName();
    for (KeyValue attribute : span.getAttributesList()) {
      attributes.put(attribute.getKey(), attribute.getValue());
    }
  }

  /** Lets spans that were recorded pass through, each in the given order. */
  static List<Decided> whole(Recorded... spans) throws Exception {
    return of(Front.wholeTraces().process(List.of(Recorded.request(List.of(spans)))));
  }

  static List<Decided> of(List<ExportTraceServiceRequest> requests) {
    List<Decided> spans = new ArrayList<>();
    for (ExportTraceServiceRequest request : requests) {
      request
          .getResourceSpansList()
          .forEach(
              resource ->
                  resource
                      .getScopeSpansList()
                      .forEach(
                          scope ->
                              scope
                                  .getSpansList()
                                  .forEach(
                                      span ->
                                          spans.add(
                                              new Decided(span, scope.getScope().getName())))));
    }
    return spans;
  }

  /**
   * Whether the span is billed, or which one bills it, with the last digits of the ids of spans:
   * {@code priced}, {@code duplicate of 2}, {@code priced, maybe 2}.
   */
  String verdict() {
    String verdict = text("tallyspan.cost.status");
    if (has("tallyspan.cost.duplicate_of")) {
      verdict += " of " + brief(text("tallyspan.cost.duplicate_of"));
    }
    if (has("tallyspan.cost.possible_duplicate_of")) {
      verdict += ", maybe " + brief(text("tallyspan.cost.possible_duplicate_of"));
    }
    return verdict;
  }

  /** {@code 2} of {@code 0000000000000002}, {@code 7/2} of one in the trace 7. */
  private static String brief(String ids) {
    return ids.replaceAll("(^|/)0+", "$1");
  }

  String key() {
    return trace + "/" + id;
  }

  String parentKey() {
    return trace + "/" + parent;
  }

  boolean isBilled() {
    return BILLED.contains(text("tallyspan.cost.status"));
  }

  boolean mayBeDuplicate() {
    return has("tallyspan.cost.possible_duplicate_of");
  }

  boolean hasTokens() {
    return input() > 0 || output() > 0;
  }

  long input() {
    return count("gen_ai.usage.input_tokens");
  }

  long output() {
    return count("gen_ai.usage.output_tokens");
  }

  long cacheRead() {
    return count("gen_ai.usage.cache_read.input_tokens");
  }

  long cacheWrite() {
    return count("gen_ai.usage.cache_creation.input_tokens");
  }

  /** Exact; 0 if there is no total. */
  BigDecimal cost() {
    String exact = text("tallyspan.cost.total_exact");
    return exact.isEmpty() ? BigDecimal.ZERO : new BigDecimal(exact);
  }

  boolean has(String key) {
    return attributes.containsKey(key);
  }

  /** Empty if absent. */
  String text(String key) {
    AnyValue value = attributes.get(key);
    return value == null ? "" : value.getStringValue();
  }

  /** 0 if absent. */
  long count(String key) {
    AnyValue value = attributes.get(key);
    return value == null ? 0 : value.getIntValue();
  }

  /** NaN if absent. */
  double number(String key) {
    AnyValue value = attributes.get(key);
    return value == null ? Double.NaN : value.getDoubleValue();
  }

  List<String> texts(String key) {
    AnyValue value = attributes.get(key);
    return value == null
        ? List.of()
        : value.getArrayValue().getValuesList().stream().map(AnyValue::getStringValue).toList();
  }

  @Override
  public String toString() {
    return "%n%d/%x in %x %s %s: %s in=%d out=%d cr=%d cw=%d %s"
        .formatted(
            trace,
            id,
            parent,
            scope,
            name,
            verdict(),
            input(),
            output(),
            cacheRead(),
            cacheWrite(),
            cost().toPlainString());
  }
}
