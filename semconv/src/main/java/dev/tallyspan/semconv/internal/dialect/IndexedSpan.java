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

/** A span whose attributes can be looked up by key; what dialects read from. */
public final class IndexedSpan {

  private final SpanView span;
  private final AttributeView attributes;
  private final Map<String, Integer> indexes;

  /** A bit for how each key begins, so that most prefixes need no look at the keys. */
  private final long beginnings;

  /** The attributes that somebody has read, by index. */
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

  /** Whether the scope is this one, or below it: {@code ai} is no scope of {@code airflow}. */
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

  /** One bit of 64, told from the first two characters. */
  private static long beginning(String key) {
    return key.length() < 2 ? 0 : 1L << (key.charAt(0) * 31 + key.charAt(1));
  }

  /** Every key once, in no particular order. */
  Iterable<String> keys() {
    return indexes.keySet();
  }

  /** The attribute's value; null if there is none, or if it nests too deep. */
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

  /** Whether the attribute at this index was read by anybody who knows its key. */
  public boolean wasAskedFor(int index) {
    return asked[index];
  }

  /** The attribute's value, to walk. */
  public Json get(String key) {
    return Json.of(value(key));
  }

  /** The object or array that the attribute holds, as structure or as JSON text. */
  Json json(String key) {
    return get(key).unwrap();
  }

  /** The attribute as text; null if there is none, or a placeholder for none. */
  public @Nullable String text(String key) {
    return Scalars.text(get(key));
  }

  /** The attribute as a whole number from 0; -1 if it is none. */
  public long count(String key) {
    return get(key).asCount();
  }

  /** A resource attribute as text; null if there is none. */
  public @Nullable String resource(String key) {
    AttributeView resource = span.resource();
    return resource == null ? null : Scalars.text(Json.of(resource.get(key)));
  }

  /**
   * The list that {@code prefix}, ending with a dot, was taken apart under: {@code
   * llm.input_messages.}; absent if there is none.
   */
  public Json list(String prefix) {
    return Flattened.list(this, prefix);
  }

  /** The keys of which {@link #list} was made. */
  public List<String> listKeys(String prefix) {
    return Flattened.keys(this, prefix);
  }

  public List<? extends EventView> events() {
    List<? extends EventView> events = span.events();
    return events == null ? List.of() : events;
  }
}
