package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.wire.WireItem;
import dev.tallyspan.collector.wire.WireLog;
import dev.tallyspan.collector.wire.WireSpan;
import io.opentelemetry.api.common.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields that conditions can name. A value is a String, Long, Double or Boolean, another {@link
 * Value}, or null for nil.
 */
final class ConditionPaths {

  /** Reads a value from an item. */
  interface Field extends Function<WireItem, @Nullable Object> {}

  private static final List<String> KINDS =
      List.of("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer");

  private static final Map<String, Field> OF_ITEMS =
      Map.of(
          "instrumentation_scope.name", WireItem::scopeName,
          "instrumentation_scope.version", WireItem::scopeVersion,
          "scope.name", WireItem::scopeName,
          "scope.version", WireItem::scopeVersion);

  private static final Map<String, Field> OF_SPANS =
      Map.ofEntries(
          span("name", WireSpan::name),
          span("kind", span -> (long) span.kind()),
          span("kind.string", span -> name(KINDS, span.kind())),
          span("kind.deprecated_string", ItemFields::kind),
          span("status.code", span -> (long) span.statusCode()),
          span("status.message", WireSpan::statusMessage),
          span("trace_id.string", WireSpan::traceId),
          span("span_id.string", WireSpan::spanId),
          span("parent_span_id.string", WireSpan::parentSpanId),
          span("trace_state", WireSpan::traceState),
          span("start_time_unix_nano", WireSpan::startEpochNanos),
          span("end_time_unix_nano", WireSpan::endEpochNanos));

  private static final Map<String, Field> OF_LOGS =
      Map.ofEntries(
          log("body", ItemFields::bodyText),
          log("body.string", ItemFields::bodyText),
          log("severity_number", log -> (long) log.severityNumber()),
          log("severity_text", WireLog::severityText),
          log("event_name", WireLog::eventName),
          log("trace_id.string", WireLog::traceId),
          log("span_id.string", WireLog::spanId),
          log("time_unix_nano", WireLog::epochNanos),
          log("observed_time_unix_nano", WireLog::observedEpochNanos));

  private static final Map<String, Long> ENUMS = enums();

  private ConditionPaths() {}

  private static Map.Entry<String, Field> span(
      String path, Function<WireSpan, @Nullable Object> read) {
    return Map.entry(path, item -> read.apply((WireSpan) item));
  }

  private static Map.Entry<String, Field> log(
      String path, Function<WireLog, @Nullable Object> read) {
    return Map.entry(path, item -> read.apply((WireLog) item));
  }

  private static Map<String, Long> enums() {
    Map<String, Long> enums = new TreeMap<>();
    for (int i = 0; i < ItemFields.KINDS.size(); i++) {
      enums.put(ItemFields.KINDS.get(i), (long) i);
    }
    List<String> codes = List.of("STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR");
    for (int i = 0; i < codes.size(); i++) {
      enums.put(codes.get(i), (long) i);
    }
    enums.put("SEVERITY_NUMBER_UNSPECIFIED", 0L);
    long number = 1;
    for (String level : List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")) {
      for (String suffix : List.of("", "2", "3", "4")) {
        enums.put("SEVERITY_NUMBER_" + level + suffix, number++);
      }
    }
    return enums;
  }

  /** Returns the number that a name stands for; null if it stands for none. */
  static @Nullable Long number(String name) {
    return ENUMS.get(name);
  }

  private static String name(List<String> names, int number) {
    return number >= 0 && number < names.size() ? names.get(number) : "";
  }

  /**
   * Returns what a path reads; null if there is no such field.
   *
   * @param path without an index, such as {@code resource.attributes}
   * @param key the index, in brackets; null = none
   * @param item whether the items are spans or log records
   * @param context of paths without a prefix
   */
  static @Nullable Field find(
      List<String> path, @Nullable String key, Context item, Context context) {
    Context of = context;
    List<String> rest = path;
    for (Context each : Arrays.asList(item, Context.RESOURCE)) {
      if (path.size() > 1 && path.get(0).equals(each.prefix())) {
        of = each;
        rest = path.subList(1, path.size());
      }
    }
    String name = String.join(".", rest);
    if (key != null) {
      return name.equals("attributes") ? attribute(of, key) : null;
    }
    if (of == Context.RESOURCE) {
      return OF_ITEMS.get(name);
    }
    Field field = (item == Context.SPAN ? OF_SPANS : OF_LOGS).get(name);
    return field == null ? OF_ITEMS.get(name) : field;
  }

  private static Field attribute(Context of, String key) {
    return of == Context.RESOURCE
        ? item -> plain(ItemFields.attribute(item.resource(), key))
        : item -> plain(ItemFields.attribute(item.attributes(), key));
  }

  private static @Nullable Object plain(@Nullable Value<?> value) {
    if (value == null) {
      return null;
    }
    return switch (value.getType()) {
      case STRING, BOOLEAN, LONG, DOUBLE -> value.getValue();
      case EMPTY -> null;
      default -> value;
    };
  }
}
