package dev.tallyspan.collector.json;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One message of OTLP: its fields by number and by JSON name. */
final class MessageType {

  private final Map<String, Field> byName = new HashMap<>();
  private List<Field> fields = List.of();
  private Field[] byNumber = new Field[0];

  /** The field that JSON has under this name; null if OTLP has none. */
  Field field(String jsonName) {
    return byName.get(jsonName);
  }

  /** The field with this number; null if OTLP has none. */
  Field field(int number) {
    return number < byNumber.length ? byNumber[number] : null;
  }

  int highestNumber() {
    return byNumber.length - 1;
  }

  /** All fields in the order of their numbers. */
  List<Field> fields() {
    return fields;
  }

  /** Called once, when all message types exist, since they refer to each other in circles. */
  void define(List<Field> ascending) {
    fields = List.copyOf(ascending);
    byNumber = new Field[ascending.get(ascending.size() - 1).number() + 1];
    for (Field field : fields) {
      byName.put(field.jsonName(), field);
      byNumber[field.number()] = field;
    }
  }

  /**
   * A field of a message.
   *
   * @param message the message it holds; null unless its type is MESSAGE
   * @param values the numbers of its values by their names; null unless its type is ENUM
   * @param presence whether the default value says something else than absence
   * @param alternative whether it is a member of the message's oneof; no message of OTLP has two
   */
  record Field(
      int number,
      String jsonName,
      FieldType type,
      MessageType message,
      Map<String, Integer> values,
      boolean repeated,
      boolean presence,
      boolean alternative) {}
}
