package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Nesting;
import dev.tallyspan.semconv.internal.json.Scalars;
import io.opentelemetry.api.common.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A span with attributes indexed by key, from which dialects read. */
public final class IndexedSpan {

  private final SpanView span;
  private final AttributeView attributes;
  private final Map<String, Integer> indexes;

  /**
   * One bit per beginning of a key, so that most prefixes are ruled out without looking at the
   * keys.
   */
  private final long beginnings;

  /** The attributes that were read, by index. */
  private final boolean[] asked;

  public IndexedSpan(SpanView span) {
    this.span = span;
    attributes = span.attributes();
    int size = attributes.size();
    long bits = 0;
    asked = new boolean[size];
    indexes = new HashMap<>(size * 2);
    for (int i = 0; i < size; i++) {
      String key = attributes.key(i);
      if (key != null) {
        indexes.putIfAbsent(key, i);
        bits |= beginning(key);
      }
    }
    beginnings = bits;
  }

  public SpanView span() {
    return span;
  }

  public String name() {
    return span.name() == null ? "" : span.name();
  }

  String scopeName() {
    return span.scopeName() == null ? "" : span.scopeName();
  }

  /** Whether the scope is this one or a child of it: {@code ai} does not match {@code airflow}. */
  boolean isScope(String prefix) {
    String scope = scopeName();
    return scope.startsWith(prefix)
        && (scope.length() == prefix.length()
            || !Character.isLetterOrDigit(scope.charAt(prefix.length())));
  }

  public boolean has(String key) {
    return indexes.containsKey(key);
  }

  boolean hasAny(String... keys) {
    for (String key : keys) {
      if (has(key)) {
        return true;
      }
    }
    return false;
  }

  public boolean hasPrefix(String prefix) {
    if (prefix.length() > 1 && (beginnings & beginning(prefix)) == 0) {
      return false;
    }
    for (String key : indexes.keySet()) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** One bit of 64, chosen by the first two characters. */
  private static long beginning(String key) {
    return key.length() < 2 ? 0 : 1L << (key.charAt(0) * 31 + key.charAt(1));
  }

  /** All keys, without duplicates, in no particular order. */
  Iterable<String> keys() {
    return indexes.keySet();
  }

  /** The attribute's value; null if there is none, or if it is nested too deeply. */
  public @Nullable Value<?> value(String key) {
    Integer index = indexes.get(key);
    if (index == null) {
      return null;
    }
    asked[index] = true;
    return Nesting.bounded(attributes.value(index));
  }

  /** Notes that the attribute at this index is read. */
  public void askedFor(int index) {
    asked[index] = true;
  }

  /** Whether the attribute at this index was read under its key. */
  public boolean wasAskedFor(int index) {
    return asked[index];
  }

  /** The attribute's value; absent if there is none. */
  public Json get(String key) {
    return Json.of(value(key));
  }

  /** The object or array that the attribute holds, as structure or as JSON text. */
  Json json(String key) {
    return get(key).unwrap();
  }

  /** The attribute as text; null if there is none, or only a placeholder. */
  public @Nullable String text(String key) {
    return Scalars.text(get(key));
  }

  /** The attribute as a whole number from 0; -1 if it is not such a number. */
  public long count(String key) {
    return get(key).asCount();
  }

  /** A resource attribute as text; null if there is none. */
  public @Nullable String resource(String key) {
    AttributeView resource = span.resource();
    return resource == null ? null : Scalars.text(Json.of(resource.get(key)));
  }

  /**
   * The list that was flattened to keys with this prefix, which ends with a dot: {@code
   * llm.input_messages.}; absent if there is none.
   */
  public Json list(String prefix) {
    return Flattened.list(this, prefix);
  }

  /** The keys from which {@link #list} is made. */
  public List<String> listKeys(String prefix) {
    return Flattened.keys(this, prefix);
  }

  public List<? extends EventView> events() {
    List<? extends EventView> events = span.events();
    return events == null ? List.of() : events;
  }
}
