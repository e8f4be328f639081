package dev.tallyspan.semconv.internal.json;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * A value of any shape, from JSON text or from a structured attribute, that can be navigated
 * without checking at each step whether it is present: a member or element that does not exist is
 * {@link #ABSENT}, whose members and elements are absent too.
 *
 * <p>Not checked for null: that {@link #text()} is not null follows from {@link #isText()}, which
 * the checker cannot see.
 */
@NullUnmarked
public final class Json implements Iterable<Json> {

  private static final byte NO_TYPE = -1;
  private static final byte TEXT = (byte) ValueType.STRING.ordinal();
  private static final byte BOOLEAN = (byte) ValueType.BOOLEAN.ordinal();
  private static final byte OBJECT = (byte) ValueType.KEY_VALUE_LIST.ordinal();
  private static final byte ARRAY = (byte) ValueType.ARRAY.ordinal();

  public static final Json ABSENT = new Json(null, NO_TYPE, /* truncated= */ false);

  /** How often a JSON text inside a JSON text is opened. */
  private static final int MAX_UNWRAPS = 3;

  /** The text that this value is part of; null if the value was made without one. */
  private final @Nullable JsonDocument document;

  /** Where the value is in the document. */
  private final int position;

  /** Null if this is absent, or an object, array or text in a document. */
  private final @Nullable Value<?> value;

  private final boolean truncated;

  /** The ordinal of the value's type; -1 if absent. Asking a value takes longer. */
  private final byte type;

  /** What {@link #unwrap} returned; parsed again only if two threads ask at the same time. */
  private @Nullable Json unwrapped;

  /** What {@link #value} made of the text of the document; again only as above. */
  private @Nullable Value<?> made;

  private Json(@Nullable Value<?> value, byte type, boolean truncated) {
    document = null;
    position = 0;
    this.value = value;
    this.truncated = truncated;
    this.type = type;
  }

  private Json(JsonDocument document, int position, byte type, @Nullable Value<?> value) {
    this.document = document;
    this.position = position;
    this.value = value;
    this.type = type;
    truncated = false;
  }

  /** Wraps a value; null and the empty value are absent. */
  public static Json of(@Nullable Value<?> value) {
    if (value == null || value == EmptyValue.get()) {
      return ABSENT;
    }
    ValueType type = value.getType(); // asked once, since that takes long
    return EmptyValue.isOfType(type) ? ABSENT : new Json(value, (byte) type.ordinal(), false);
  }

  public static Json of(@Nullable String text) {
    return text == null ? ABSENT : new Json(Value.of(text), TEXT, false);
  }

  /** The value at this position of a document, which is not null. */
  static Json of(JsonDocument document, int position) {
    FlatJson flat = document.flat();
    if (flat.isString(position)) {
      return new Json(document, position, TEXT, /* value= */ null);
    }
    if (flat.isObject(position)) {
      return new Json(document, position, OBJECT, /* value= */ null);
    }
    if (flat.isArray(position)) {
      return new Json(document, position, ARRAY, /* value= */ null);
    }
    Value<?> scalar = flat.toValue(position);
    return new Json(document, position, (byte) scalar.getType().ordinal(), scalar);
  }

  /**
   * Reads a JSON object or array; absent if {@code text} is neither. If the text was cut off, the
   * result contains everything up to that point, and {@link #truncated()} is true.
   */
  public static Json parse(@Nullable String text) {
    if (text == null) {
      return ABSENT;
    }
    FlatJson flat = FlatJson.read(text);
    if (flat != null) {
      return new JsonDocument(flat).at(0);
    }
    JsonReader reader = new JsonReader(text);
    Value<?> value = reader.readContainer();
    return value == null
        ? ABSENT
        : new Json(value, (byte) value.getType().ordinal(), reader.truncated());
  }

  /**
   * This object or array, or the one in this text, or in the JSON text inside this text; absent if
   * there is none.
   */
  public Json unwrap() {
    Json known = unwrapped;
    if (known == null) {
      known = opened();
      unwrapped = known;
    }
    return known;
  }

  private Json opened() {
    Json json = ofBytes();
    for (int i = 0; i < MAX_UNWRAPS && json.isText(); i++) {
      if (!mayOpen(json.text())) {
        return ABSENT;
      }
      String text = json.text().strip();
      if (text.startsWith("\"") && text.length() > 1) {
        json = of(JsonReader.readQuoted(text));
      } else {
        json = parse(text);
      }
    }
    return json.isObject() || json.isArray() ? json : ABSENT;
  }

  /** Whether the first character of the text is one with which JSON may start. */
  private static boolean mayOpen(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > ' ' && !Character.isWhitespace(c)) {
        return c == '{' || c == '[' || c == '"';
      }
    }
    return false;
  }

  /** This text, or the JSON text inside it, if it starts an object or array; else null. */
  public @Nullable String innerText() {
    Json json = ofBytes();
    for (int i = 0; i < MAX_UNWRAPS && json.isText(); i++) {
      String text = json.text();
      char first = firstOf(text);
      if (first == '[' || first == '{') {
        return text;
      }
      json = first == '"' ? of(JsonReader.readQuoted(text.strip())) : ABSENT;
    }
    return null;
  }

  private static char firstOf(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > ' ') {
        return text.charAt(i);
      }
    }
    return ' ';
  }

  /** The JSON text in these bytes, if they contain JSON text; else this value. */
  private Json ofBytes() {
    if (!is(ValueType.BYTES)) {
      return this;
    }
    ByteBuffer buffer = ((ByteBuffer) value().getValue()).duplicate();
    byte first = buffer.hasRemaining() ? buffer.get(buffer.position()) : 0;
    return first == '[' || first == '{' || first == '"'
        ? of(StandardCharsets.UTF_8.decode(buffer).toString())
        : this;
  }

  /** The same as {@link #unwrap()}, or this value if it holds no object or array. */
  public Json unwrapOrSelf() {
    Json inner = unwrap();
    return inner.isPresent() ? inner : this;
  }

  public boolean isPresent() {
    return type != NO_TYPE;
  }

  public boolean isText() {
    return type == TEXT;
  }

  public boolean isObject() {
    return type == OBJECT;
  }

  public boolean isArray() {
    return type == ARRAY;
  }

  public boolean isNumber() {
    return is(ValueType.LONG) || is(ValueType.DOUBLE);
  }

  public boolean isBoolean() {
    return type == BOOLEAN;
  }

  /** Whether the JSON text was cut off. */
  public boolean truncated() {
    return truncated;
  }

  /** The member of an object; absent if this is not an object, or has no member with this name. */
  public Json get(String name) {
    if (document != null) {
      return isObject() ? document.member(position, name) : ABSENT;
    }
    List<KeyValue> members = members();
    for (int i = members.size() - 1; i >= 0; i--) {
      if (members.get(i).getKey().equals(name)) {
        return of(members.get(i).getValue());
      }
    }
    return ABSENT;
  }

  /** This object with the member replaced, or added at the end. */
  public Value<?> with(String name, Value<?> value) {
    List<KeyValue> members = new ArrayList<>(members());
    members.removeIf(member -> member.getKey().equals(name));
    members.add(KeyValue.of(name, value));
    return Value.of(members.toArray(KeyValue[]::new));
  }

  /** The first of these members that is present. */
  public Json first(String... names) {
    for (String name : names) {
      Json member = get(name);
      if (member.isPresent()) {
        return member;
      }
    }
    return ABSENT;
  }

  /** The first of these members that is present. */
  public Json first(String a, String b) {
    Json member = get(a);
    return member.isPresent() ? member : get(b);
  }

  /** The first of these members that is present. */
  public Json first(String a, String b, String c) {
    Json member = first(a, b);
    return member.isPresent() ? member : get(c);
  }

  /** The first of these members that is present. */
  public Json first(String a, String b, String c, String d) {
    Json member = first(a, b);
    return member.isPresent() ? member : first(c, d);
  }

  /** The elements of an array of texts; null if this is something else. */
  public @Nullable List<String> texts() {
    if (!isArray()) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Json element : this) {
      if (!element.isText()) {
        return null;
      }
      texts.add(element.text());
    }
    return texts;
  }

  /** The element of an array, starting at 0; absent if this is not an array, or is shorter. */
  public Json at(int index) {
    if (document != null) {
      int element = isArray() && index >= 0 ? document.element(position, index) : -1;
      return element < 0 ? ABSENT : document.at(element);
    }
    List<Value<?>> elements = elements();
    return index >= 0 && index < elements.size() ? of(elements.get(index)) : ABSENT;
  }

  /** The number of elements or members; 0 if this is neither array nor object. */
  public int size() {
    if (document != null) {
      return isArray()
          ? document.elements(position)
          : isObject() ? document.flat().members(position) : 0;
    }
    return isArray() ? elements().size() : members().size();
  }

  /** The elements of an array; empty if this is not an array. */
  @Override
  public Iterator<Json> iterator() {
    if (document != null) {
      return isArray() ? new Elements(document, position) : Collections.emptyIterator();
    }
    Iterator<Value<?>> elements = elements().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return elements.hasNext();
      }

      @Override
      public Json next() {
        return of(elements.next());
      }
    };
  }

  /** The members of an object, in order; empty if this is not an object. */
  public Map<String, Json> entries() {
    if (document != null) {
      return isObject() ? document.entries(position) : Map.of();
    }
    List<KeyValue> members = members();
    if (members.isEmpty()) {
      return Map.of();
    }
    Map<String, Json> entries = new LinkedHashMap<>();
    for (KeyValue member : members) {
      entries.put(member.getKey(), of(member.getValue()));
    }
    return entries;
  }

  /** Whether this is an object with a member that has one of these names. */
  public boolean hasAnyOf(Set<String> names) {
    if (document != null) {
      return isObject() && document.hasAnyOf(position, names);
    }
    List<KeyValue> members = members();
    for (int i = 0; i < members.size(); i++) {
      if (names.contains(members.get(i).getKey())) {
        return true;
      }
    }
    return false;
  }

  /** Whether this is an object whose members are all absent, or that has none. */
  public boolean saysNothing() {
    if (document != null) {
      return isObject() && document.saysNothing(position);
    }
    List<KeyValue> members = members();
    for (int i = 0; i < members.size(); i++) {
      if (get(members.get(i).getKey()).isPresent()) {
        return false;
      }
    }
    return isObject();
  }

  /** The members of an object as values, in a new map; empty if this is not an object. */
  public Map<String, Value<?>> values() {
    Map<String, Value<?>> values = new LinkedHashMap<>();
    for (KeyValue member : members()) {
      if (member.getValue() != null && !EmptyValue.is(member.getValue())) {
        values.put(member.getKey(), member.getValue());
      }
    }
    return values;
  }

  /** The text, if this is text; else null. */
  public @Nullable String text() {
    return isText() ? (String) value().getValue() : null;
  }

  /** Text unchanged, numbers and booleans as text, anything else as JSON text; null if absent. */
  public @Nullable String asText() {
    if (!isPresent()) {
      return null;
    }
    return isText() ? text() : JsonWriter.write(value());
  }

  /** This whole number, also if it is text; -1 if it is not a whole number, or negative. */
  public long asCount() {
    Long count = Scalars.count(this);
    return count == null ? -1 : count;
  }

  /** The value itself; null if absent. */
  public @Nullable Value<?> value() {
    if (value != null || document == null) {
      return value;
    }
    Value<?> known = made;
    if (known == null) {
      known = document.value(position);
      made = known;
    }
    return known;
  }

  private boolean is(ValueType type) {
    return this.type == type.ordinal();
  }

  @SuppressWarnings("unchecked") // getValue() of this type is documented to be such a list
  private List<KeyValue> members() {
    return isObject() ? (List<KeyValue>) value().getValue() : Collections.emptyList();
  }

  @SuppressWarnings("unchecked") // getValue() of this type is documented to be such a list
  private List<Value<?>> elements() {
    return isArray() ? (List<Value<?>>) value().getValue() : Collections.emptyList();
  }

  /** The bytes, if this is a byte array; else null. */
  public byte @Nullable [] bytes() {
    if (!is(ValueType.BYTES)) {
      return null;
    }
    ByteBuffer buffer = ((ByteBuffer) value().getValue()).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Json && java.util.Objects.equals(value(), ((Json) other).value());
  }

  @Override
  public int hashCode() {
    return java.util.Objects.hashCode(value());
  }

  @Override
  public String toString() {
    return String.valueOf(asText());
  }

  /** The elements of an array in a document. */
  private static final class Elements implements Iterator<Json> {
    private final JsonDocument document;
    private final int end;
    private int at;

    Elements(JsonDocument document, int array) {
      this.document = document;
      at = array + 1;
      end = document.flat().next(array);
    }

    @Override
    public boolean hasNext() {
      return at < end;
    }

    @Override
    public Json next() {
      if (at >= end) {
        throw new NoSuchElementException();
      }
      Json element = document.at(at);
      at = document.flat().next(at);
      return element;
    }
  }

  /** Adds a value to the members of an object under construction, if it is present. */
  public static void put(Map<String, Value<?>> members, String name, Json value) {
    if (value.isPresent()) {
      members.put(name, value.value());
    }
  }
}
