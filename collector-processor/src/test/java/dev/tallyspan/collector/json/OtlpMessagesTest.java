package dev.tallyspan.collector.json;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.MessageType.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OtlpMessagesTest {

  @ParameterizedTest
  @EnumSource(Signal.class)
  void tableSaysWhatTheGeneratedClassesSay(Signal signal) {
    Set<String> seen = new HashSet<>();
    compare(
        OtlpMessages.request(signal),
        GeneratedMessages.prototype(signal).getDescriptorForType(),
        seen);
    assertThat(seen).hasSizeGreaterThan(10);
  }

  private static void compare(MessageType ours, Descriptor theirs, Set<String> seen) {
    if (!seen.add(theirs.getFullName())) {
      return;
    }
    List<FieldDescriptor> fields =
        theirs.getFields().stream()
            .filter(field -> !field.getName().endsWith("strindex"))
            .sorted()
            .toList();
    assertThat(ours.fields()).as(theirs.getFullName()).hasSameSizeAs(fields);
    for (int i = 0; i < fields.size(); i++) {
      Field field = ours.fields().get(i);
      FieldDescriptor generated = fields.get(i);
      assertThat(ours.field(field.jsonName())).isSameAs(field);
      assertThat(ours.field(field.number())).isSameAs(field);
      boolean optional = generated.hasPresence() && !generated.isRepeated();
      assertThat(field)
          .as(generated.getFullName())
          .returns(generated.getNumber(), Field::number)
          .returns(generated.getJsonName(), Field::jsonName)
          .returns(type(generated), Field::type)
          .returns(values(generated), Field::values)
          .returns(generated.isRepeated(), Field::repeated)
          .returns(generated.getRealContainingOneof() != null, Field::alternative)
          .returns(
              optional || generated.getType() == FieldDescriptor.Type.MESSAGE, Field::presence);
      if (field.type() == FieldType.MESSAGE) {
        compare(field.message(), generated.getMessageType(), seen);
      }
    }
  }

  private static Map<String, Integer> values(FieldDescriptor field) {
    return field.getType() == FieldDescriptor.Type.ENUM
        ? field.getEnumType().getValues().stream()
            .collect(toMap(EnumValueDescriptor::getName, EnumValueDescriptor::getNumber))
        : Map.of();
  }

  private static FieldType type(FieldDescriptor field) {
    return switch (field.getType()) {
      case BYTES ->
          switch (field.getName()) {
            case "trace_id" -> FieldType.TRACE_ID;
            case "span_id", "parent_span_id" -> FieldType.SPAN_ID;
            default -> FieldType.BYTES;
          };
      case FIXED32 -> FieldType.FIXED32_BITS;
      case FIXED64 -> FieldType.FIXED64_BITS;
      case SFIXED64 -> FieldType.SFIXED64_BITS;
      default -> FieldType.valueOf(field.getType().name());
    };
  }
}
