package dev.tallyspan.collector.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Random;

/** Random messages of any type, with keys and names that the rewriter under test knows. */
final class RandomMessages {

  /** Few, so that keys occur twice and edits meet attributes. */
  static final List<String> KEYS =
      List.of(
          "gen_ai.request.model",
          "gen_ai.usage.input_tokens",
          "gen_ai.",
          "gen_ai",
          "llm.model_name",
          "llm.input_messages.0.message.content",
          "http.request.method",
          "event.name",
          "server.address",
          "g",
          "l",
          "",
          "schlüssel",
          "a.key.that.is.longer.than.all.the.others.so.that.its.attribute.needs.a.length.of.two"
              + ".bytes.even.if.the.value.is.short.as.it.often.is.in.these.tests");

  private static final int MAX_DEPTH = 9;

  private final Random random;
  private final int size;

  /**
   * @param size the most elements that a repeated field has
   */
  RandomMessages(Random random, int size) {
    this.random = random;
    this.size = size;
  }

  @SuppressWarnings("unchecked")
  <T extends Message> T like(T prototype) {
    return (T) fill(prototype.newBuilderForType(), 0);
  }

  private Message fill(Message.Builder builder, int depth) {
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        int count = depth > MAX_DEPTH ? 0 : random.nextInt(size + 1);
        for (int i = 0; i < count; i++) {
          builder.addRepeatedField(field, value(builder, field, depth));
        }
      } else if (random.nextInt(4) > 0 && (depth <= MAX_DEPTH || !isMessage(field))) {
        builder.setField(field, value(builder, field, depth));
      }
    }
    return builder.build();
  }

  private static boolean isMessage(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
  }

  private Object value(Message.Builder builder, FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> (int) number();
      case LONG -> number();
      case FLOAT -> random.nextFloat();
      case DOUBLE -> Double.longBitsToDouble(number());
      case BOOLEAN -> random.nextBoolean();
      case STRING -> text();
      case BYTE_STRING -> bytes();
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(9));
      case MESSAGE -> fill(builder.newBuilderForField(field), depth + 1);
    };
  }

  private long number() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(3);
      case 1 -> random.nextInt(1000);
      case 2 -> -random.nextInt(1000);
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  private String text() {
    return random.nextInt(40) == 0
        ? "\u00e9\ud83d\ude00".repeat(random.nextInt(100))
        : KEYS.get(random.nextInt(KEYS.size()));
  }

  private ByteString bytes() {
    byte[] bytes = new byte[random.nextInt(20)];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
