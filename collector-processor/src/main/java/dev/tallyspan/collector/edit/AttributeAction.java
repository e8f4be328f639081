package dev.tallyspan.collector.edit;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.common.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of the attributes of a span, log record or resource.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/processor/attributesprocessor">Collector,
 *     attributes processor</a>
 */
public sealed interface AttributeAction {

  /** Applies the change. */
  void apply(EditedAttributes attributes);

  /** When an attribute is set. */
  enum Mode {
    /** Only if there is none with the key. */
    INSERT,
    /** Only if there is one with the key. */
    UPDATE,
    UPSERT
  }

  /** The type that a value is converted to. */
  enum Type {
    INT,
    DOUBLE,
    STRING
  }

  /**
   * Sets an attribute.
   *
   * @param value null if {@code fromAttribute} names the source
   * @param fromAttribute the attribute whose value is copied; null if {@code value} is set
   * @param otherwise the value if there is no source attribute; null = nothing is set then
   */
  record Put(
      Mode mode,
      String key,
      @Nullable Value<?> value,
      @Nullable String fromAttribute,
      @Nullable Value<?> otherwise)
      implements AttributeAction {

    public Put {
      requireNonNull(mode, "mode");
      requireNonNull(key, "key");
      if ((value == null) == (fromAttribute == null)) {
        throw new IllegalArgumentException("exactly one of value and fromAttribute is required");
      }
    }

    @Override
    public void apply(EditedAttributes attributes) {
      Value<?> source = fromAttribute == null ? value : attributes.get(fromAttribute);
      Value<?> put = source == null ? otherwise : source;
      boolean has = mode != Mode.UPSERT && attributes.get(key) != null;
      if (put != null && (mode == Mode.UPSERT || has == (mode == Mode.UPDATE))) {
        attributes.set(key, put);
      }
    }

    /** Leaves out the values. */
    @Override
    public String toString() {
      return "Put[" + mode + ", " + key + "]";
    }
  }

  /**
   * Removes attributes.
   *
   * @param key null = none
   * @param pattern for keys of more attributes; null = none
   */
  record Delete(@Nullable String key, @Nullable GoRegex pattern) implements AttributeAction {
    @Override
    public void apply(EditedAttributes attributes) {
      if (key != null) {
        attributes.remove(key);
      }
      if (pattern != null) {
        attributes.keys(pattern).forEach(attributes::remove);
      }
    }
  }

  /**
   * Replaces values by their SHA-256 in hex digits.
   *
   * @param key null = none
   * @param pattern for keys of more attributes; null = none
   */
  record Hash(@Nullable String key, @Nullable GoRegex pattern) implements AttributeAction {
    @Override
    public void apply(EditedAttributes attributes) {
      if (key != null) {
        hash(key, attributes);
      }
      if (pattern != null) {
        attributes.keys(pattern).forEach(matching -> hash(matching, attributes));
      }
    }

    private static void hash(String key, EditedAttributes attributes) {
      Value<?> value = attributes.get(key);
      if (value != null) {
        attributes.set(key, Value.of(Conversion.hash(value)));
      }
    }
  }

  /**
   * Sets the attributes that the groups of a pattern name to what they match in a text.
   *
   * @param pattern all of its groups have names
   */
  record Extract(String key, GoRegex pattern) implements AttributeAction {

    /**
     * @throws IllegalArgumentException if the pattern has no group, or one without a name
     */
    public Extract {
      requireNonNull(key, "key");
      if (pattern.names().isEmpty() || pattern.names().contains("")) {
        throw new IllegalArgumentException("all groups must be named, as in (?P<name>.*)");
      }
    }

    @Override
    public void apply(EditedAttributes attributes) {
      Value<?> value = attributes.get(key);
      if (value == null || !(value.getValue() instanceof String text)) {
        return;
      }
      List<String> groups = pattern.groups(text);
      for (int i = 0; groups != null && i < groups.size(); i++) {
        attributes.set(pattern.names().get(i), Value.of(groups.get(i)));
      }
    }
  }

  /** Converts a value to another type; a value that cannot be converted stays. */
  record Convert(String key, Type type) implements AttributeAction {

    public Convert {
      requireNonNull(key, "key");
      requireNonNull(type, "type");
    }

    @Override
    public void apply(EditedAttributes attributes) {
      Value<?> value = attributes.get(key);
      if (value == null) {
        return;
      }
      Value<?> converted =
          switch (type) {
            case INT -> Conversion.toInt(value);
            case DOUBLE -> Conversion.toDouble(value);
            case STRING -> Value.of(Conversion.text(value));
          };
      if (converted != null && !converted.equals(value)) {
        attributes.set(key, converted);
      }
    }
  }
}
