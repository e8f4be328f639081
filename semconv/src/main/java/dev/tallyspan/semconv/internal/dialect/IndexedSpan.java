package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Nesting;
import dev.tallyspan.semconv.internal.json.Scalars;
import dev.tallyspan.semconv.internal.message.WrittenMessages;
import io.opentelemetry.api.common.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A span with attributes indexed by key, from which dialects read. */
public final class IndexedSpan {

  private static final Json[] NONE = {};

  private final SpanView span;
  private final AttributeView attributes;
  private final SpanShape shape;

  /** The attributes that were read, by index. */
  private final boolean[] asked;

  /** What was read of the attributes, by index; empty until the first one is. */
  private @Nullable Json[] read = NONE;

  private @Nullable String name;

  /** Whether something was read that spans of the same shape may have different. */
  private boolean readMoreThanShape;

  public IndexedSpan(SpanView span) {
    this.span = span;
    attributes = span.attributes();
    shape = SpanShape.of(scopeName(span), hasEvents(span), attributes, /* hash= */ 0);
    asked = new boolean[attributes.size()];
  }

  IndexedSpan(SpanView span, ShapeCache shapes) {
    this.span = span;
    attributes = span.attributes();
    shape = shapes.shape(scopeName(span), hasEvents(span), attributes);
    asked = new boolean[attributes.size()];
  }

  private static String scopeName(SpanView span) {
    String name = span.scopeName();
    return name == null ? "" : name;
  }

  private static boolean hasEvents(SpanView span) {
    List<? extends EventView> events = span.events();
    return events != null && !events.isEmpty();
  }

  SpanShape shape() {
    return shape;
  }

  /** From now on, notes whether more is read than the shape. */
  void startNoting() {
    readMoreThanShape = false;
  }

  /** Whether something was read that spans of the same shape may have different. */
  boolean readMoreThanShape() {
    return readMoreThanShape;
  }

  public SpanView span() {
    readMoreThanShape = true;
    return span;
  }

  public String name() {
    readMoreThanShape = true;
    String known = name;
    if (known == null) {
      known = span.name() == null ? "" : span.name();
      name = known;
    }
    return known;
  }

  String scopeName() {
    return shape.scope();
  }

  /** Whether the scope is this one or a child of it: {@code ai} does not match {@code airflow}. */
  boolean isScope(String prefix) {
    String scope = scopeName();
    return scope.startsWith(prefix)
        && (scope.length() == prefix.length()
            || !Character.isLetterOrDigit(scope.charAt(prefix.length())));
  }

  public boolean has(String key) {
    return shape.index(key) != null;
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
    return shape.hasPrefix(prefix);
  }

  /** All keys, without duplicates, in no particular order. */
  Iterable<String> keys() {
    return shape.keys();
  }

  /** The attribute's value; null if there is none, or if it is nested too deeply. */
  public @Nullable Value<?> value(String key) {
    Integer index = shape.index(key);
    if (index == null) {
      return null;
    }
    asked[index] = true;
    readMoreThanShape = true;
    return Nesting.bounded(attributes.value(index));
  }

  /** The value of the attribute at this index, which is read once and then kept. */
  Json at(int index) {
    asked[index] = true;
    readMoreThanShape = true;
    if (read.length == 0) {
      read = new Json[asked.length];
    }
    Json known = read[index];
    if (known == null) {
      known = Json.of(Nesting.bounded(attributes.value(index)));
      read[index] = known;
    }
    return known;
  }

  /** Whether the attribute at this index was read under its key. */
  public boolean wasAskedFor(int index) {
    return asked[index];
  }

  /** The attribute's value; absent if there is none. */
  public Json get(String key) {
    Integer index = shape.index(key);
    return index == null ? Json.ABSENT : at(index);
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
    readMoreThanShape = true;
    AttributeView resource = span.resource();
    return resource == null ? null : Scalars.text(Json.of(resource.get(key)));
  }

  /**
   * The list that was flattened to keys with this prefix, which ends with a dot: {@code
   * llm.input_messages.}; absent if there is none.
   */
  public Json list(String prefix) {
    return shape.hasPrefix(prefix) ? shape.flattened(prefix).list(this) : Json.ABSENT;
  }

  /**
   * The texts of the list with this prefix, if each key has only these names behind its index; else
   * null.
   */
  @Nullable List<String> texts(String prefix, List<String> names) {
    return shape.hasPrefix(prefix) ? shape.flattened(prefix).texts(this, names) : null;
  }

  /**
   * The messages to a model that {@link #list} holds, written in the schema's shape; null if they
   * are to be read.
   */
  @Nullable WrittenMessages messages(String prefix) {
    return shape.hasPrefix(prefix) ? shape.flattened(prefix).messages(this) : null;
  }

  /** The keys from which {@link #list} is made. */
  public List<String> listKeys(String prefix) {
    return shape.hasPrefix(prefix) ? shape.flattened(prefix).keys() : List.of();
  }

  public List<? extends EventView> events() {
    List<? extends EventView> events = span.events();
    if (events == null || events.isEmpty()) {
      return List.of();
    }
    readMoreThanShape = true;
    return events;
  }
}
