package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.Condition.Context;
import dev.tallyspan.collector.wire.WireLog;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The fields that conditions and statements can name. */
final class ConditionPaths {

  /**
   * A field.
   *
   * @param of what it belongs to
   * @param name without what it belongs to, such as {@code status.code}
   * @param key of an attribute; null = none
   */
  record Path(Context of, String name, @Nullable String key, Expression value) {

    boolean isAttribute() {
      return name.equals(ATTRIBUTES) && key != null;
    }

    /** Whether it is all attributes. */
    boolean isMap() {
      return name.equals(ATTRIBUTES) && key == null;
    }
  }

  private static final String ATTRIBUTES = "attributes";

  private static final List<String> KINDS =
      List.of("Unspecified", "Internal", "Server", "Client", "Producer", "Consumer");

  private static final Map<String, Expression> OF_SCOPES =
      Map.of(
          "instrumentation_scope.name", subject -> subject.item().scopeName(),
          "instrumentation_scope.version", subject -> subject.item().scopeVersion(),
          "scope.name", subject -> subject.item().scopeName(),
          "scope.version", subject -> subject.item().scopeVersion());

  private static final Map<String, Expression> OF_SPANS =
      Map.ofEntries(
          Map.entry("name", Subject::name),
          Map.entry("kind", subject -> (long) subject.kind()),
          Map.entry("kind.string", subject -> name(KINDS, subject.kind())),
          Map.entry("kind.deprecated_string", subject -> name(ItemFields.KINDS, subject.kind())),
          Map.entry("status.code", subject -> (long) subject.statusCode()),
          Map.entry("status.message", Subject::statusMessage),
          Map.entry("trace_id.string", subject -> subject.span().traceId()),
          Map.entry("span_id.string", subject -> subject.span().spanId()),
          Map.entry("parent_span_id.string", subject -> subject.span().parentSpanId()),
          Map.entry("trace_state", subject -> subject.span().traceState()),
          Map.entry("start_time_unix_nano", subject -> subject.span().startEpochNanos()),
          Map.entry("end_time_unix_nano", subject -> subject.span().endEpochNanos()));

  private static final Map<String, Expression> OF_EVENTS = Map.of("name", Subject::eventName);

  private static final Map<String, Expression> OF_LOGS =
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

  private static Map.Entry<String, Expression> log(
      String path, Function<WireLog, @Nullable Object> read) {
    return Map.entry(path, subject -> read.apply((WireLog) subject.item()));
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
   * Returns a field; null if there is no such field.
   *
   * @param path without an index, such as {@code resource.attributes}
   * @param key the index, in brackets; null = none
   * @param item what the items are
   * @param context of paths without a prefix
   */
  static @Nullable Path find(
      List<String> path, @Nullable String key, Context item, Context context) {
    Context of = context;
    List<String> rest = path;
    for (Context each : item.reachable()) {
      if (path.size() > 1 && path.get(0).equals(each.prefix())) {
        of = each;
        rest = path.subList(1, path.size());
      }
    }
    String name = String.join(".", rest);
    if (name.equals(ATTRIBUTES)) {
      return new Path(of, name, key, key == null ? all(of) : attribute(of, key));
    }
    Expression field = key == null ? fields(of).get(name) : null;
    if (field == null && key == null && item != Context.RESOURCE) {
      field = OF_SCOPES.get(name);
    }
    return field == null ? null : new Path(of, name, null, field);
  }

  private static Map<String, Expression> fields(Context of) {
    return switch (of) {
      case SPAN -> OF_SPANS;
      case EVENT -> OF_EVENTS;
      case LOG -> OF_LOGS;
      case RESOURCE -> Map.of();
    };
  }

  private static Expression attribute(Context of, String key) {
    return subject -> plain(subject.attributes(of).get(key));
  }

  private static Expression all(Context of) {
    return subject -> {
      AttributeSource attributes = subject.attributes(of);
      List<KeyValue> all = new ArrayList<>();
      for (String key : attributes.keys()) {
        Value<?> value = attributes.get(key);
        all.add(KeyValue.of(key, value == null ? Value.empty() : value));
      }
      return Value.of(all.toArray(KeyValue[]::new));
    };
  }

  /** Returns a value as expressions have it. */
  static @Nullable Object plain(@Nullable Value<?> value) {
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
