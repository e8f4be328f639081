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
 * A dialect of one's own, which is keys and what they stand for. It is weaker than the current
 * conventions, unless an alias says otherwise, and stronger than every other dialect. Immutable.
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
   * @param id the name in {@code tallyspan.dialect}
   */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /** The name in {@code tallyspan.dialect}. */
  public String id() {
    return id;
  }

  List<Alias> aliases() {
    return aliases;
  }

  /** Keys and, with a dot at their end, beginnings of keys that make a span one of this dialect. */
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

    /** Adds an alias; where several fill the same, the first that is on the span does. */
    public Builder alias(Alias alias) {
      aliases.add(Objects.requireNonNull(alias, "alias"));
      return this;
    }

    /**
     * Adds what makes a span one of this dialect: a key, or with a dot at its end the beginning of
     * keys. By default the keys do that stand for an operation, provider, model, message or count.
     */
    public Builder markedBy(String key) {
      marks.add(Objects.requireNonNull(key, "key"));
      return this;
    }

    /**
     * Says something of every span of this dialect that the span does not say itself.
     *
     * @param target one of {@link Alias#targets()}, but no cost
     * @throws IllegalArgumentException if there is no such target, or the value is none for it
     */
    public Builder constant(String target, String value) {
      Slot<?> slot = Alias.slot(target);
      if (slot == null) {
        throw new IllegalArgumentException("constant " + target + ": nothing that a span says");
      }
      if (SlotCoercions.of(slot).apply(Json.of(value)) == null) {
        throw new IllegalArgumentException("constant " + target + "=" + value + ": no value of it");
      }
      constants.put(slot, value);
      return this;
    }

    /** Reads the aliases on every LLM span, whether it is marked or not; constants are not. */
    public Builder everywhere() {
      everywhere = true;
      return this;
    }

    /**
     * @throws IllegalArgumentException if the id is not of lower-case letters, digits and hyphens,
     *     there is no alias, a mark is empty or not ASCII, or nothing can tell a span of it
     */
    public CustomDialect build() {
      if (!id.matches("[a-z0-9][a-z0-9-]*")) {
        throw new IllegalArgumentException(
            "id=" + id + ": must be of lower-case letters, digits and hyphens");
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
            "marks: no alias stands for a model, message or count that would tell an LLM span");
      }
      return new CustomDialect(this);
    }
  }
}
