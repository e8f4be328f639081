package dev.tallyspan.collector.cli;

import static dev.tallyspan.collector.cli.JsonTree.list;
import static dev.tallyspan.collector.cli.JsonTree.map;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The spans and log records of some requests, seen as the checks of a capture see them. */
final class Output {

  private static final Set<String> BILLED =
      Set.of("priced", "free", "partial", "unpriced", "provider_reported");

  /** Counts of none of these, and no cost: there is nothing that could be billed twice. */
  private static final List<String> AMOUNTS =
      List.of("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "tallyspan.cost.total");

  private final List<Entry> spans = new ArrayList<>();
  private final List<Entry> records = new ArrayList<>();

  /**
   * A span or log record.
   *
   * @param span null for a log record
   */
  record Entry(String id, String name, Map<String, AnyValue> attributes, Span span) {

    boolean has(String key) {
      return attributes.containsKey(key);
    }

    String[] keys() {
      return attributes.keySet().toArray(String[]::new);
    }

    /** A text attribute; null if it is none. */
    String text(String key) {
      AnyValue value = attributes.get(key);
      return value != null && value.hasStringValue() ? value.getStringValue() : null;
    }

    /** The first of these attributes that is a number; else 0. */
    BigDecimal number(List<String> keys) {
      for (String key : keys) {
        if (attributes.get(key) != null && tree(attributes.get(key)) instanceof BigDecimal number) {
          return number;
        }
      }
      return BigDecimal.ZERO;
    }

    /** What an attribute holds, be it structured or JSON text; null if there is none. */
    Object json(String key) {
      return attributes.containsKey(key) ? JsonTree.opened(tree(attributes.get(key))) : null;
    }

    boolean failed() {
      return span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR || has("error.type");
    }

    /** The parts of the messages in an attribute; what is not in the schema's shape is left out. */
    List<Part> parts(String key) {
      List<Part> parts = new ArrayList<>();
      for (Object message : list(json(key))) {
        for (Object part : list(map(message).get("parts"))) {
          parts.add(new Part(map(message).get("role"), map(part)));
        }
      }
      return parts;
    }
  }

  /** A part of a message, and whose message it is. */
  record Part(Object role, Map<?, ?> part) {

    boolean isOf(String type) {
      return type.equals(part.get("type"));
    }

    boolean says(Object text) {
      return part.get("content") instanceof String content && content.strip().equals(text);
    }
  }

  void add(Signal signal, byte[] request) throws InvalidProtocolBufferException {
    switch (signal) {
      case TRACES ->
          ExportTraceServiceRequest.parseFrom(request).getResourceSpansList().stream()
              .flatMap(resource -> resource.getScopeSpansList().stream())
              .flatMap(scope -> scope.getSpansList().stream())
              .forEach(this::add);
      case LOGS ->
          ExportLogsServiceRequest.parseFrom(request).getResourceLogsList().stream()
              .flatMap(resource -> resource.getScopeLogsList().stream())
              .flatMap(scope -> scope.getLogRecordsList().stream())
              .forEach(this::add);
      default -> {}
    }
  }

  private void add(Span span) {
    Entry entry =
        new Entry(hex(span.getSpanId()), span.getName(), byKey(span.getAttributesList()), span);
    spans.add(entry);
    records.add(entry);
  }

  private void add(LogRecord log) {
    records.add(
        new Entry(hex(log.getSpanId()), log.getEventName(), byKey(log.getAttributesList()), null));
  }

  List<Entry> spans() {
    return spans;
  }

  /** Spans and log records. */
  List<Entry> records() {
    return records;
  }

  /** The spans that stand for a call that somebody pays, or may pay. */
  List<Entry> billed() {
    return spans.stream()
        .filter(span -> span.has("tallyspan.cost.status"))
        .filter(span -> BILLED.contains(span.text("tallyspan.cost.status")))
        .toList();
  }

  /** Those of them with an amount that the telemetry reports; a tokenizer's estimate is none. */
  List<Entry> reported() {
    return billed().stream()
        .filter(span -> !"estimated".equals(span.text("tallyspan.usage.source")))
        .filter(span -> AMOUNTS.stream().anyMatch(key -> span.number(List.of(key)).signum() != 0))
        .toList();
  }

  BigDecimal sum(Slot slot) {
    return reported().stream()
        .map(span -> span.number(slot.attributes))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** The sum of the exact costs in US dollars. */
  BigDecimal cost() {
    BigDecimal cost = BigDecimal.ZERO;
    for (Entry span : reported()) {
      if (span.has("tallyspan.cost.total")) {
        cost = cost.add(new BigDecimal(span.text("tallyspan.cost.total_exact")));
      }
    }
    return cost;
  }

  private static Map<String, AnyValue> byKey(List<KeyValue> attributes) {
    Map<String, AnyValue> byKey = new LinkedHashMap<>();
    attributes.forEach(attribute -> byKey.put(attribute.getKey(), attribute.getValue()));
    return byKey;
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  private static Object tree(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> JsonTree.number(BigDecimal.valueOf(value.getIntValue()));
      case DOUBLE_VALUE ->
          Double.isFinite(value.getDoubleValue())
              ? JsonTree.number(BigDecimal.valueOf(value.getDoubleValue()))
              : null;
      case ARRAY_VALUE -> {
        List<Object> list = new ArrayList<>();
        value.getArrayValue().getValuesList().forEach(each -> list.add(tree(each)));
        yield list;
      }
      case KVLIST_VALUE -> {
        Map<String, Object> map = new LinkedHashMap<>();
        value
            .getKvlistValue()
            .getValuesList()
            .forEach(kv -> map.put(kv.getKey(), tree(kv.getValue())));
        yield map;
      }
      case BYTES_VALUE -> Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray());
      default -> null;
    };
  }
}
