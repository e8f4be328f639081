package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.internal.dialect.SlotCoercions;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A dialect of your own: attribute keys and what they mean. It is weaker than the current
 * conventions, unless an alias overrides them, and stronger than all other dialects. Immutable.
 */
public final class CustomDialect {

  private final String id;
  private final List<Alias> aliases;
  private final List<String> marks;
  private final Map<Slot<?>, String> constants;
  private final boolean everywhere;

  private CustomDialect(Builder builder) {
    id = builder.id;
    aliases = List.copyOf(builder.aliases);
    marks = List.copyOf(builder.marks);
    constants = new LinkedHashMap<>(builder.constants);
    everywhere = builder.everywhere;
  }

  /**
   * Creates a builder.
   *
   * @param id the name in {@code tallyspan.dialect}: lower-case letters, digits and hyphens
   * @return this
   */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /** {@return the name in {@code tallyspan.dialect}} */
  public String id() {
    return id;
  }

  List<Alias> aliases() {
    return aliases;
  }

  /** The keys and key prefixes (ending with a dot) that identify spans of this dialect. */
  List<String> marks() {
    return marks;
  }

  Map<Slot<?>, String> constants() {
    return constants;
  }

  /** Whether its aliases are read on every LLM span. */
  boolean everywhere() {
    return everywhere;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CustomDialect that
        && id.equals(that.id)
        && aliases.equals(that.aliases)
        && marks.equals(that.marks)
        && constants.equals(that.constants)
        && everywhere == that.everywhere;
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, aliases, marks);
  }

  @Override
  public String toString() {
    return "CustomDialect{" + id + ", aliases=" + aliases + ", marks=" + marks + "}";
  }

  /** Builds a {@link CustomDialect}. */
  public static final class Builder {
    private final String id;
    private final List<Alias> aliases = new ArrayList<>();
    private final List<String> marks = new ArrayList<>();
    private final Map<Slot<?>, String> constants = new LinkedHashMap<>();
    private boolean everywhere = false;

    Builder(String id) {
      this.id = Objects.requireNonNull(id, "id");
    }

    /**
     * Adds an alias. If several aliases have the same target, the first one that is on the span is
     * used.
     *
     * @param alias the alias
     * @return this
     */
    public Builder alias(Alias alias) {
      aliases.add(Objects.requireNonNull(alias, "alias"));
      return this;
    }

    /**
     * Adds a key, or a key prefix that ends with a dot, that identifies spans of this dialect.
     * Default: the keys of aliases for operations, providers, models, messages and token counts.
     *
     * @param key the key
     * @return this
     */
    public Builder markedBy(String key) {
      marks.add(Objects.requireNonNull(key, "key"));
      return this;
    }

    /**
     * Sets a default value for spans of this dialect that do not have the target.
     *
     * @param target one of {@link Alias#targets()}, except the cost
     * @param value the value
     * @return this
     * @throws IllegalArgumentException if the target does not exist, or the value is not valid for
     *     it
     */
    public Builder constant(String target, String value) {
      Slot<?> slot = Alias.slot(target);
      if (slot == null) {
        throw new IllegalArgumentException("constant " + target + " is not supported");
      }
      if (SlotCoercions.of(slot).apply(Json.of(value)) == null) {
        throw new IllegalArgumentException("constant " + target + "=" + value + " is not valid");
      }
      constants.put(slot, value);
      return this;
    }

    /**
     * Reads the aliases on every LLM span, even if the span is not identified as one of this
     * dialect. Constants still apply only to spans of this dialect.
     *
     * @return this
     */
    public Builder everywhere() {
      everywhere = true;
      return this;
    }

    /**
     * Checks the settings and builds.
     *
     * @return the dialect
     * @throws IllegalArgumentException if the id does not consist of lower-case letters, digits and
     *     hyphens, if there is no alias, if a mark is empty or not ASCII, or if nothing identifies
     *     a span of the dialect
     */
    public CustomDialect build() {
      if (!id.matches("[a-z0-9][a-z0-9-]*")) {
        throw new IllegalArgumentException(
            "id=" + id + ": must consist of lower-case letters, digits and hyphens");
      }
      if (aliases.isEmpty()) {
        throw new IllegalArgumentException("aliases: name at least one");
      }
      if (marks.isEmpty()) {
        aliases.stream().filter(Alias::tellsLlmSpan).map(Alias::key).forEach(marks::add);
      }
      for (String mark : marks) {
        if (!mark.matches("\\p{ASCII}+") || mark.equals(".") || mark.startsWith("tallyspan.")) {
          throw new IllegalArgumentException("mark=" + mark + ": must be a key of your own, ASCII");
        }
      }
      if (marks.isEmpty() && !everywhere) {
        throw new IllegalArgumentException(
            "marks: required, since no alias is for a model, message or token count");
      }
      return new CustomDialect(this);
    }
  }
}
