package dev.tallyspan.collector.view;

import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.ProtobufReader;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decodes a trace request into rows. */
final class SpanRows {

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;

  private static final int RESOURCE_SPANS = ProtobufReader.tag(1, BYTES);
  private static final int RESOURCE = ProtobufReader.tag(1, BYTES);
  private static final int RESOURCE_ATTRIBUTES = ProtobufReader.tag(1, BYTES);
  private static final int SCOPE_SPANS = ProtobufReader.tag(2, BYTES);
  private static final int SPANS = ProtobufReader.tag(2, BYTES);

  private static final int SPAN_TRACE_ID = 1 << 3 | BYTES;
  private static final int SPAN_ID = 2 << 3 | BYTES;
  private static final int SPAN_PARENT_ID = 4 << 3 | BYTES;
  private static final int SPAN_NAME = 5 << 3 | BYTES;
  private static final int SPAN_START = 7 << 3 | FIXED64;
  private static final int SPAN_END = 8 << 3 | FIXED64;
  private static final int SPAN_ATTRIBUTES = 9 << 3 | BYTES;
  private static final int SPAN_STATUS = 15 << 3 | BYTES;

  private static final int STATUS_MESSAGE = ProtobufReader.tag(2, BYTES);
  private static final int STATUS_CODE = ProtobufReader.tag(3, VARINT);
  private static final int STATUS_ERROR = 2;

  private static final int KEY = ProtobufReader.tag(1, BYTES);
  private static final int VALUE = ProtobufReader.tag(2, BYTES);
  private static final int VALUES = ProtobufReader.tag(1, BYTES);

  private static final int ANY_STRING = 1 << 3 | BYTES;
  private static final int ANY_BOOL = 2 << 3 | VARINT;
  private static final int ANY_INT = 3 << 3 | VARINT;
  private static final int ANY_DOUBLE = 4 << 3 | FIXED64;
  private static final int ANY_ARRAY = 5 << 3 | BYTES;
  private static final int ANY_MAP = 6 << 3 | BYTES;
  private static final int ANY_BYTES = 7 << 3 | BYTES;

  private SpanRows() {}

  static List<SpanRow> decode(byte[] request) throws MalformedRequestException {
    List<SpanRow> rows = new ArrayList<>();
    ProtobufReader reader = new ProtobufReader(request);
    while (reader.next()) {
      if (reader.tag() == RESOURCE_SPANS) {
        resourceSpans(reader.message(), reader.message(), rows);
      }
    }
    return rows;
  }

  /** Reads the message twice, since the resource may follow the spans. */
  private static void resourceSpans(ProtobufReader first, ProtobufReader second, List<SpanRow> rows)
      throws MalformedRequestException {
    String service = "";
    while (first.next()) {
      if (first.tag() == RESOURCE) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        ProtobufReader resource = first.message();
        while (resource.next()) {
          if (resource.tag() == RESOURCE_ATTRIBUTES) {
            attribute(resource.message(), attributes);
          }
        }
        service = attributes.get("service.name") instanceof String name ? name : service;
      }
    }
    while (second.next()) {
      if (second.tag() == SCOPE_SPANS) {
        ProtobufReader scope = second.message();
        while (scope.next()) {
          if (scope.tag() == SPANS) {
            rows.add(span(scope.message(), service));
          }
        }
      }
    }
  }

  private static SpanRow span(ProtobufReader span, String service)
      throws MalformedRequestException {
    String traceId = "";
    String spanId = "";
    String parentSpanId = "";
    String name = "";
    long start = 0;
    long end = 0;
    boolean error = false;
    String message = "";
    Map<String, Object> attributes = new LinkedHashMap<>();
    while (span.next()) {
      switch (span.tag()) {
        case SPAN_TRACE_ID -> traceId = hex(span);
        case SPAN_ID -> spanId = hex(span);
        case SPAN_PARENT_ID -> parentSpanId = hex(span);
        case SPAN_NAME -> name = span.string();
        case SPAN_START -> start = span.fixed64();
        case SPAN_END -> end = span.fixed64();
        case SPAN_ATTRIBUTES -> attribute(span.message(), attributes);
        case SPAN_STATUS -> {
          ProtobufReader status = span.message();
          while (status.next()) {
            if (status.tag() == STATUS_CODE) {
              error = status.varint() == STATUS_ERROR;
            } else if (status.tag() == STATUS_MESSAGE) {
              message = status.string();
            }
          }
        }
        default -> {}
      }
    }
    return new SpanRow(
        traceId, spanId, parentSpanId, name, start, end, error, message, service, attributes);
  }

  private static void attribute(ProtobufReader keyValue, Map<String, Object> into)
      throws MalformedRequestException {
    String key = "";
    Object value = null;
    while (keyValue.next()) {
      if (keyValue.tag() == KEY) {
        key = keyValue.string();
      } else if (keyValue.tag() == VALUE) {
        value = value(keyValue.message());
      }
    }
    into.putIfAbsent(key, value);
  }

  private static Object value(ProtobufReader any) throws MalformedRequestException {
    Object value = null;
    while (any.next()) {
      switch (any.tag()) {
        case ANY_STRING -> value = any.string();
        case ANY_BOOL -> value = any.varint() != 0;
        case ANY_INT -> value = any.varint();
        case ANY_DOUBLE -> value = any.doubleValue();
        case ANY_BYTES -> value = any.bytes();
        case ANY_ARRAY -> {
          List<Object> list = new ArrayList<>();
          ProtobufReader array = any.message();
          while (array.next()) {
            if (array.tag() == VALUES) {
              list.add(value(array.message()));
            }
          }
          value = list;
        }
        case ANY_MAP -> {
          Map<String, Object> map = new LinkedHashMap<>();
          ProtobufReader entries = any.message();
          while (entries.next()) {
            if (entries.tag() == VALUES) {
              attribute(entries.message(), map);
            }
          }
          value = map;
        }
        default -> {}
      }
    }
    return value;
  }

  private static String hex(ProtobufReader id) {
    return HexFormat.of().formatHex(id.bytes());
  }
}
