package dev.tallyspan.collector.conformance;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Messages as protobuf allows them, but generated classes do not write them. */
final class Encodings {

  private Encodings() {}

  /** Encodes the last field first at every level, and each length in five bytes. */
  static byte[] reversed(Message message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Map.Entry<FieldDescriptor, Object>> fields =
        new ArrayList<>(message.getAllFields().entrySet());
    Collections.reverse(fields);
    fields.forEach(
        field -> {
          List<?> values =
              field.getKey().isRepeated() ? (List<?>) field.getValue() : List.of(field.getValue());
          values.forEach(value -> write(out, message, field.getKey(), value));
        });
    return out.toByteArray();
  }

  private static void write(
      ByteArrayOutputStream out, Message message, FieldDescriptor field, Object value) {
    if (value instanceof Message child) {
      byte[] content = reversed(child);
      out.write(field.getNumber() << 3 | 2);
      for (int shift = 0; shift < 28; shift += 7) {
        out.write(content.length >>> shift & 0x7f | 0x80);
      }
      out.write(0);
      out.writeBytes(content);
    } else {
      Message.Builder alone = message.newBuilderForType();
      if (field.isRepeated()) {
        alone.addRepeatedField(field, value);
      } else {
        alone.setField(field, value);
      }
      out.writeBytes(alone.build().toByteArray());
    }
  }

  /** Adds an unknown field to a message and to each message within it. */
  static Message withUnknownFields(Message message, int number) {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(number, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
            .build();
    return changed(message, builder -> builder.setUnknownFields(unknown));
  }

  private static Message changed(Message message, UnaryOperator<Message.Builder> change) {
    Message.Builder builder = message.toBuilder();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                return;
              }
              if (field.isRepeated()) {
                List<Message> children = new ArrayList<>();
                ((List<?>) value).forEach(child -> children.add(changed((Message) child, change)));
                builder.setField(field, children);
              } else {
                builder.setField(field, changed((Message) value, change));
              }
            });
    return change.apply(builder).build();
  }
}
