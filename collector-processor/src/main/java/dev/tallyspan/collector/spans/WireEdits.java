package dev.tallyspan.collector.spans;

import dev.tallyspan.collector.wire.AnyValueWriter;
import dev.tallyspan.collector.wire.ItemEdits;
import dev.tallyspan.semconv.AttributeEdits;
import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes {@code semconv}'s changes to the attributes of a span or log record as bytes. */
public record WireEdits(ItemEdits edits) implements AttributeEdits {

  @Override
  public void set(String key, String value) {
    edits.set(key, value);
  }

  @Override
  public void setUtf8(String key, byte[] utf8, int length) {
    edits.setUtf8(key, utf8, length);
  }

  @Override
  public void set(String key, long value) {
    edits.set(key, value);
  }

  @Override
  public void set(String key, double value) {
    edits.set(key, value);
  }

  @Override
  public void set(String key, boolean value) {
    edits.set(key, value);
  }

  @Override
  public void set(String key, List<String> values) {
    edits.set(key, values);
  }

  @Override
  public void set(String key, Value<?> value) {
    AnyValueWriter writer = new AnyValueWriter();
    write(writer, value);
    edits.set(key, writer);
  }

  @Override
  public void remove(String key) {
    edits.remove(key);
  }

  /** Returns the encoding of a value, as the body of a log record has it. */
  public static byte[] encode(Value<?> value) {
    AnyValueWriter writer = new AnyValueWriter();
    write(writer, value);
    return writer.toByteArray();
  }

  private static void write(AnyValueWriter out, Value<?> value) {
    switch (value.getType()) {
      case STRING -> out.string((String) value.getValue());
      case BOOLEAN -> out.bool((Boolean) value.getValue());
      case LONG -> out.integer((Long) value.getValue());
      case DOUBLE -> out.real((Double) value.getValue());
      case BYTES -> out.bytes(bytes((ByteBuffer) value.getValue()));
      case ARRAY -> {
        out.startArray();
        for (Object element : (List<?>) value.getValue()) {
          write(out, (Value<?>) element);
        }
        out.end();
      }
      case KEY_VALUE_LIST -> {
        out.startMap();
        for (Object entry : (List<?>) value.getValue()) {
          KeyValue keyValue = (KeyValue) entry;
          write(out.key(keyValue.getKey()), keyValue.getValue());
        }
        out.end();
      }
      case EMPTY -> out.empty();
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
