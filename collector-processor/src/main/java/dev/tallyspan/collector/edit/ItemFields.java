package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.spans.WireAttributeView;
import dev.tallyspan.collector.wire.ValueType;
import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireItem;
import dev.tallyspan.collector.wire.WireLog;
import dev.tallyspan.collector.wire.WireSpan;
import dev.tallyspan.collector.wire.WireValues;
import io.opentelemetry.api.common.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads fields of spans and log records as conditions name them. */
final class ItemFields {

  /** By OTLP's number. */
  static final List<String> KINDS =
      List.of(
          "SPAN_KIND_UNSPECIFIED",
          "SPAN_KIND_INTERNAL",
          "SPAN_KIND_SERVER",
          "SPAN_KIND_CLIENT",
          "SPAN_KIND_PRODUCER",
          "SPAN_KIND_CONSUMER");

  private ItemFields() {}

  /** Returns null if there is no such attribute; an attribute without a value has an empty one. */
  static @Nullable Value<?> attribute(WireAttributes attributes, String key) {
    int index = attributes.indexOf(key);
    if (index < 0) {
      return null;
    }
    Value<?> value = new WireAttributeView(attributes).value(index);
    return value == null ? Value.empty() : value;
  }

  /** The name of a span's kind; empty for a log record. */
  static String kind(WireItem item) {
    int kind = item instanceof WireSpan span ? span.kind() : -1;
    return kind >= 0 && kind < KINDS.size() ? KINDS.get(kind) : "";
  }

  /** The name of a span; empty for a log record. */
  static String name(WireItem item) {
    return item instanceof WireSpan span ? span.name() : "";
  }

  /** The body of a log record if it is a text; otherwise null. */
  static @Nullable String bodyText(WireItem item) {
    if (!(item instanceof WireLog log)) {
      return null;
    }
    WireValues body = log.body();
    return body.size() > 0 && body.type(0) == ValueType.STRING ? body.stringValue(0) : null;
  }

  /** The severity of a log record, as its source names it; otherwise empty. */
  static String severityText(WireItem item) {
    return item instanceof WireLog log ? log.severityText() : "";
  }

  /** OTLP's number for the severity of a log record; 0 if unspecified. */
  static int severity(WireItem item) {
    return item instanceof WireLog log ? log.severityNumber() : 0;
  }
}
