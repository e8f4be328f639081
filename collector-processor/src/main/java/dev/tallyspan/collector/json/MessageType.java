package dev.tallyspan.collector.json;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message of OTLP: its fields by number and by JSON name. */
final class MessageType {

  /** The message without fields. */
  static final MessageType EMPTY = new MessageType();

  private final Map<String, Field> byName = new HashMap<>();
  private List<Field> fields = List.of();
  private @Nullable Field[] byNumber = new Field[0];

  /** Returns the field with this JSON name, or null if OTLP defines none. */
  @Nullable Field field(String jsonName) {
    return byName.get(jsonName);
  }

  /**
   * Returns the field with this JSON name, or null if OTLP defines none. Faster if it is the one
   * with the next number, which most senders write next.
   *
   * @param before the field before it; null if there is none or it is not defined
   */
  @Nullable Field field(String jsonName, @Nullable Field before) {
    Field next = field(before == null ? 1 : before.number() + 1);
    return next != null && next.jsonName().equals(jsonName) ? next : byName.get(jsonName);
  }

  /** Returns the field with this number, or null if OTLP defines none. */
  @Nullable Field field(int number) {
    return number < byNumber.length ? byNumber[number] : null;
  }

  int highestNumber() {
    return byNumber.length - 1;
  }

  /** All fields in the order of their numbers. */
  List<Field> fields() {
    return fields;
  }

  /**
   * Defines the fields. Called once, when all message types exist, because they refer to each
   * other.
   */
  void define(List<Field> all) {
    fields = all.stream().sorted(Comparator.comparingInt(Field::number)).toList();
    byNumber = new Field[fields.get(fields.size() - 1).number() + 1];
    for (Field field : fields) {
      byName.put(field.jsonName(), field);
      byNumber[field.number()] = field;
    }
  }

  /**
   * A field of a message.
   *
   * @param message the type of its message; {@link #EMPTY} unless its type is MESSAGE
   * @param values the numbers of its values by their names; empty unless its type is ENUM
   * @param presence whether the default value differs from absence
   * @param alternative whether it is a member of the message's oneof; OTLP's messages have at most
   *     one
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
