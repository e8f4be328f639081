package dev.tallyspan.collector.output.recent;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes attribute values as JSON. */
final class ValueJson {

  /** Deeper values are written as this many levels; senders can nest without end. */
  private static final int MAX_DEPTH = 100;

  private ValueJson() {}

  static void write(@Nullable Value<?> value, JsonGenerator json) throws IOException {
    write(value, json, 0);
  }

  private static void write(@Nullable Value<?> value, JsonGenerator json, int depth)
      throws IOException {
    if (value == null) {
      json.writeNull();
      return;
    }
    if (depth > MAX_DEPTH) {
      json.writeString("…");
      return;
    }
    switch (value.getType()) {
      case STRING -> json.writeString((String) value.getValue());
      case BOOLEAN -> json.writeBoolean((Boolean) value.getValue());
      case LONG -> number((Long) value.getValue(), json);
      case DOUBLE -> number((Double) value.getValue(), json);
      case ARRAY -> {
        json.writeStartArray();
        for (Object element : (List<?>) value.getValue()) {
          write((Value<?>) element, json, depth + 1);
        }
        json.writeEndArray();
      }
      case KEY_VALUE_LIST -> {
        json.writeStartObject();
        for (Object member : (List<?>) value.getValue()) {
          json.writeFieldName(((KeyValue) member).getKey());
          write(((KeyValue) member).getValue(), json, depth + 1);
        }
        json.writeEndObject();
      }
      case BYTES -> {
        ByteBuffer bytes = ((ByteBuffer) value.getValue()).duplicate();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        json.writeString(Base64.getEncoder().encodeToString(copy));
      }
      default -> json.writeNull();
    }
  }

  /** A browser reads numbers as doubles, so an integer that has no exact double becomes a text. */
  private static void number(long value, JsonGenerator json) throws IOException {
    if (Math.abs(value) <= 1L << 53) {
      json.writeNumber(value);
    } else {
      json.writeString(Long.toString(value));
    }
  }

  /** JSON has no NaN and no infinity. */
  private static void number(double value, JsonGenerator json) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeString(Double.toString(value));
    }
  }
}
