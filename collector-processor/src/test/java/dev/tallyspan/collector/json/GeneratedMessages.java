package dev.tallyspan.collector.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The generated classes as the measure: parsing, random messages, and their JSON written slowly.
 */
final class GeneratedMessages {

  private static final String[] TEXTS = {
    "",
    "a",
    "gen_ai.usage.input_tokens",
    "Grüße",
    "日本",
    "😀 \"quoted\" \\ \n\t\u0001",
    "x".repeat(300)
  };
  private static final double[] DOUBLES = {
    0, -0.0, 1, 0.1, 1e300, 5e-324, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  static Message prototype(Signal signal) {
    return switch (signal) {
      case TRACES -> ExportTraceServiceRequest.getDefaultInstance();
      case LOGS -> ExportLogsServiceRequest.getDefaultInstance();
      case METRICS -> ExportMetricsServiceRequest.getDefaultInstance();
    };
  }

  static Message parse(Signal signal, byte[] bytes) throws InvalidProtocolBufferException {
    return prototype(signal).getParserForType().parseFrom(bytes);
  }

  static Message random(Signal signal, long seed) {
    return fill(prototype(signal).newBuilderForType(), new Random(seed), /* depth= */ 0);
  }

  /** What the generated message is in JSON, by the words of the specification. */
  static String json(Message message) {
    StringBuilder out = new StringBuilder("{");
    for (Map.Entry<FieldDescriptor, Object> entry :
        new TreeMap<>(message.getAllFields()).entrySet()) {
      FieldDescriptor field = entry.getKey();
      out.append(out.length() > 1 ? "," : "").append('"').append(field.getJsonName()).append("\":");
      if (field.isRepeated()) {
        StringBuilder list = new StringBuilder();
        for (Object value : (List<?>) entry.getValue()) {
          list.append(list.isEmpty() ? "" : ",").append(json(field, value));
        }
        out.append('[').append(list).append(']');
      } else {
        out.append(json(field, entry.getValue()));
      }
    }
    return out.append('}').toString();
  }

  private static String json(FieldDescriptor field, Object value) {
    return switch (field.getType()) {
      case MESSAGE -> json((Message) value);
      case STRING -> quoted((String) value);
      case BYTES -> {
        byte[] bytes = ((ByteString) value).toByteArray();
        yield quoted(
            field.getName().endsWith("_id")
                ? HexFormat.of().formatHex(bytes)
                : Base64.getEncoder().encodeToString(bytes));
      }
      case ENUM -> String.valueOf(((EnumValueDescriptor) value).getNumber());
      case BOOL -> value.toString();
      case DOUBLE -> Double.isFinite((Double) value) ? value.toString() : quoted(value.toString());
      case UINT64, FIXED64 -> quoted(Long.toUnsignedString((Long) value));
      case INT64, SFIXED64 -> quoted(value.toString());
      case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
      default -> value.toString();
    };
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> out.append(c < 0x20 ? String.format("\\u%04X", (int) c) : String.valueOf(c));
      }
    }
    return out.append('"').toString();
  }

  private static Message fill(Message.Builder builder, Random random, int depth) {
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      if (field.getName().endsWith("strindex")) {
        continue;
      }
      boolean message = field.getType() == FieldDescriptor.Type.MESSAGE;
      if (random.nextInt(10) < (message && depth > 8 ? 9 : 3)) {
        continue;
      }
      if (!field.isRepeated()) {
        builder.setField(field, value(builder, field, random, depth));
        continue;
      }
      for (int i = random.nextInt(message && depth > 4 ? 2 : 4); i > 0; i--) {
        builder.addRepeatedField(field, value(builder, field, random, depth));
      }
    }
    return builder.build();
  }

  private static Object value(
      Message.Builder builder, FieldDescriptor field, Random random, int depth) {
    return switch (field.getType()) {
      case MESSAGE -> fill(builder.newBuilderForField(field), random, depth + 1);
      case STRING -> TEXTS[random.nextInt(TEXTS.length)];
      case BYTES -> {
        boolean id = field.getName().endsWith("_id");
        byte[] bytes =
            new byte[id ? (field.getName().equals("trace_id") ? 16 : 8) : random.nextInt(20)];
        random.nextBytes(bytes);
        yield ByteString.copyFrom(bytes);
      }
      case ENUM -> field.getEnumType().findValueByNumberCreatingIfUnknown(random.nextInt(30));
      case BOOL -> random.nextBoolean();
      case DOUBLE -> random.nextBoolean() ? DOUBLES[random.nextInt(9)] : random.nextGaussian();
      case UINT32, FIXED32, SINT32, INT32 -> random.nextInt() >> random.nextInt(32);
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  private GeneratedMessages() {}
}
