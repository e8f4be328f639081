package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.internal.json.JsonWriter;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The value of a slot and its source. Immutable.
 *
 * @param <T> the type of the slot's value
 */
public final class Reading<T> {

  private final @Nullable T value;
  private final @Nullable Supplier<T> unread;
  private final String key;
  private final String dialect;
  private final String rule;
  private final Strength strength;
  private final int rank;

  private Reading(
      @Nullable T value,
      @Nullable Supplier<T> unread,
      String key,
      String dialect,
      String rule,
      Strength strength,
      int rank) {
    this.value = value;
    this.unread = unread;
    this.key = key;
    this.dialect = dialect;
    this.rule = rule;
    this.strength = strength;
    this.rank = rank;
  }

  /**
   * Creates a reading.
   *
   * @param value the value
   * @param key the attribute that contains it; empty if it is not from an attribute
   * @param dialect the dialect that read it; empty if it was not read by a dialect
   * @param rule how it was found, as human-readable text
   * @param rank the dialect's position, with 0 for the strongest
   * @param <T> the type of the value
   * @param strength how much the source is to be trusted
   * @return the reading
   */
  public static <T> Reading<T> of(
      T value, String key, String dialect, String rule, Strength strength, int rank) {
    return new Reading<>(value, /* unread= */ null, key, dialect, rule, strength, rank);
  }

  /**
   * Creates a reading whose value is read on first access.
   *
   * @param <T> the type of the value
   * @param value the value
   * @param key the key
   * @param dialect the id of the dialect
   * @param rule what decided it
   * @param strength how much the source is to be trusted
   * @param rank the order among readings of the same strength; the lowest wins
   * @return the reading
   */
  public static <T> Reading<T> unread(
      Supplier<T> value, String key, String dialect, String rule, Strength strength, int rank) {
    return new Reading<>(/* value= */ null, value, key, dialect, rule, strength, rank);
  }

  static <T> Reading<T> inferred(T value, String rule) {
    return of(value, "", "", rule, Strength.INFERRED, Integer.MAX_VALUE);
  }

  /**
   * {@return the same reading with another value}
   *
   * @param because why the value is corrected, as human-readable text
   * @param other the other one
   */
  public Reading<T> corrected(T other, String because) {
    return of(other, key, dialect, because, strength, rank);
  }

  /** Returns the same value as one that was found in another span. */
  Reading<T> from(String where) {
    return new Reading<>(value, unread, "", "", where, Strength.INFERRED, Integer.MAX_VALUE);
  }

  /** {@return the value} */
  @SuppressWarnings("NullAway") // without an unread value, the value is set
  public T value() {
    return unread == null ? value : unread.get();
  }

  /**
   * {@return the supplier of a value that is read on first access; null if the value was read
   * immediately}
   */
  public @Nullable Supplier<T> unread() {
    return unread;
  }

  /** {@return the attribute that contains the value; empty if it is not from an attribute} */
  public String key() {
    return key;
  }

  /** {@return how much the source is to be trusted} */
  public Strength strength() {
    return strength;
  }

  /**
   * {@return whether this reading wins over another reading of the same slot}
   *
   * @param other the other one
   */
  public boolean beats(Reading<?> other) {
    int byStrength = strength.compareTo(other.strength);
    return byStrength < 0 || (byStrength == 0 && rank < other.rank);
  }

  /** {@return the value; messages and parts are converted to structured attributes} */
  public Object structured() {
    Object any = value();
    if (!(any instanceof List<?> list) || list.isEmpty() || list.get(0) instanceof String) {
      return any;
    }
    List<Value<?>> values = new ArrayList<>(list.size());
    for (Object element : list) {
      values.add(
          element instanceof Message message
              ? Messages.toValue(message)
              : Messages.toValue((MessagePart) element));
    }
    return Value.of(values);
  }

  SlotReading toSlotReading(Slot<?> slot) {
    Object any = structured();
    String text = any instanceof Value<?> v ? asText(v) : String.valueOf(any);
    return new SlotReading(slot.label(), text, key, dialect, rule);
  }

  private static String asText(Value<?> value) {
    return value.getValue() instanceof String text ? text : JsonWriter.write(value);
  }
}
