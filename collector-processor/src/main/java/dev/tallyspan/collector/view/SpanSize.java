package dev.tallyspan.collector.view;

import java.util.List;
import java.util.Map;

/**
 * Estimates the heap that a row keeps alive. The constants are those of a 64-bit JVM with
 * compressed references, rounded up; texts are taken at two bytes a character, which is what they
 * cost once one character is not Latin-1.
 */
final class SpanSize {

  private static final int ROW = 256;
  private static final int ENTRY = 64;
  private static final int OBJECT = 32;

  static long bytes(SpanRow row) {
    return ROW
        + text(row.traceId())
        + text(row.spanId())
        + text(row.parentSpanId())
        + text(row.name())
        + text(row.statusMessage())
        + text(row.serviceName())
        + value(row.attributes());
  }

  private static long value(Object value) {
    if (value instanceof String text) {
      return text(text);
    }
    if (value instanceof byte[] bytes) {
      return OBJECT + (long) bytes.length;
    }
    long sum = OBJECT;
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        sum += ENTRY + value(entry.getKey()) + value(entry.getValue());
      }
    } else if (value instanceof List<?> list) {
      for (Object element : list) {
        sum += value(element);
      }
    }
    return sum;
  }

  private static long text(String text) {
    return OBJECT + 2L * text.length();
  }

  private SpanSize() {}
}
