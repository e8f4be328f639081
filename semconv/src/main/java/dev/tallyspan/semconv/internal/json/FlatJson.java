package dev.tallyspan.semconv.internal.json;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object or array in JSON text, as positions in the text: nothing is copied, and there is no
 * object for a value. Values are numbered in the order of the text, from 0 for the whole; the name
 * of a member has the number before its value.
 *
 * <p>Accepts less than {@link Json#parse}, and what it accepts holds the same: strict JSON that was
 * not cut off, of limited depth, without names that are escaped or occur twice.
 */
public final class FlatJson extends JsonScan {

  /** Larger objects are not accepted, since each name is compared with those before it. */
  private static final int MAX_MEMBERS = 48;

  /**
   * Where a value begins and ends, the number of the first value behind it, and the names of its
   * members, a bit for each. The complement of the end, if the value is a string with escapes.
   */
  private static final int STRIDE = 4;

  private static final int END = 1;
  private static final int NEXT = 2;
  private static final int NAMES = 3;

  private int[] values;
  private int count;

  private FlatJson(String text) {
    super(text);
    values = new int[Math.max(16, text.length() >> 5) * STRIDE];
  }

  /** The object or array that the text is; null if it is neither, or is not accepted. */
  public static @Nullable FlatJson read(String text) {
    FlatJson json = new FlatJson(text);
    json.skipSpace();
    if (json.at == text.length() || text.charAt(json.at) != '[' && text.charAt(json.at) != '{') {
      return null;
    }
    if (!json.add(0)) {
      return null;
    }
    json.skipSpace();
    return json.at == text.length() ? json : null;
  }

  private boolean add(int depth) {
    skipSpace();
    if (depth > MAX_DEPTH || at == text.length()) {
      return false;
    }
    int value = begin();
    char c = text.charAt(at);
    boolean read =
        switch (c) {
          case '"' -> string();
          case '{' -> members(value, depth);
          case '[' -> elements(depth);
          default -> scalar(c);
        };
    finish(value, c == '"' && escaped);
    return read;
  }

  private boolean elements(int depth) {
    at++;
    if (next(']')) {
      return true;
    }
    do {
      if (!add(depth + 1)) {
        return false;
      }
    } while (next(','));
    return next(']');
  }

  private boolean members(int object, int depth) {
    at++;
    if (next('}')) {
      return true;
    }
    int members = 0;
    do {
      skipSpace();
      int name = begin();
      if (++members > MAX_MEMBERS || !string() || escaped) {
        return false;
      }
      finish(name, /* escaped= */ false);
      int bit = bit(text.charAt(start(name) + 1), text.charAt(at - 2), at - start(name));
      int names = values[object * STRIDE + NAMES];
      if ((names & bit) != 0 && isThere(object, name)) {
        return false;
      }
      values[object * STRIDE + NAMES] = names | bit;
      if (!next(':') || !add(depth + 1)) {
        return false;
      }
    } while (next(','));
    return next('}');
  }

  /**
   * One bit of 32 for a name, so that most names that an object does not have are ruled out without
   * looking at those that it has.
   *
   * @param length with the quotes
   */
  private static int bit(char first, char last, int length) {
    return 1 << (first * 7 + last * 5 + length * 11);
  }

  private static int bit(String name) {
    int length = name.length();
    return length == 0
        ? bit('"', '"', 2)
        : bit(name.charAt(0), name.charAt(length - 1), length + 2);
  }

  private int begin() {
    int at = count * STRIDE;
    if (at == values.length) {
      values = Arrays.copyOf(values, 2 * at);
    }
    values[at] = this.at;
    values[at + NAMES] = 0;
    return count++;
  }

  private void finish(int value, boolean escaped) {
    values[value * STRIDE + END] = escaped ? ~at : at;
    values[value * STRIDE + NEXT] = count;
  }

  /** Whether the object at hand already has a member with this name. */
  private boolean isThere(int object, int name) {
    int length = end(name) - start(name);
    for (int i = object + 1; i < name; i = next(i + 1)) {
      if (end(i) - start(i) == length && text.regionMatches(start(i), text, start(name), length)) {
        return true;
      }
    }
    return false;
  }

  /** The text that the positions are in. */
  public String text() {
    return text;
  }

  /** Where the value begins; a string begins with its quote. */
  public int start(int value) {
    return values[value * STRIDE];
  }

  public int end(int value) {
    int end = values[value * STRIDE + END];
    return end < 0 ? ~end : end;
  }

  /** The value behind this one and all that is in it. */
  public int next(int value) {
    return values[value * STRIDE + NEXT];
  }

  public boolean isObject(int value) {
    return first(value) == '{';
  }

  public boolean isArray(int value) {
    return first(value) == '[';
  }

  public boolean isString(int value) {
    return first(value) == '"';
  }

  public boolean isNull(int value) {
    return first(value) == 'n';
  }

  /** Whether this is an object or array without content. */
  public boolean isEmpty(int value) {
    return next(value) == value + 1 && (isObject(value) || isArray(value));
  }

  /** Whether this is the empty string. */
  public boolean isEmptyString(int value) {
    return isString(value) && end(value) - start(value) == 2;
  }

  private char first(int value) {
    return text.charAt(start(value));
  }

  /** Whether this is this string, spelled without escapes. */
  public boolean is(int value, String word) {
    int start = start(value);
    return end(value) - start == word.length() + 2
        && text.charAt(start) == '"'
        && text.startsWith(word, start + 1);
  }

  /** Whether this is one of these strings, spelled without escapes. */
  public boolean isOneOf(int value, String[] words) {
    for (String word : words) {
      if (is(value, word)) {
        return true;
      }
    }
    return false;
  }

  /** The value of the member with this name; -1 if there is none, or it is null. */
  public int get(int object, String name) {
    if ((values[object * STRIDE + NAMES] & bit(name)) == 0) {
      return -1;
    }
    int last = next(object);
    for (int i = object + 1; i < last; i = next(i + 1)) {
      if (is(i, name)) {
        return isNull(i + 1) ? -1 : i + 1;
      }
    }
    return -1;
  }

  /** The first of these members that is there and not null; -1 if there is none. */
  public int first(int object, String... names) {
    for (String name : names) {
      int value = get(object, name);
      if (value >= 0) {
        return value;
      }
    }
    return -1;
  }

  /** What a string says. */
  public String string(int value) {
    return values[value * STRIDE + END] < 0
        ? JsonReader.readString(text, start(value), end(value))
        : text.substring(start(value) + 1, end(value) - 1);
  }

  /** The value as {@link Json#parse} reads it. */
  Value<?> toValue(int value) {
    switch (first(value)) {
      case '"':
        return Value.of(string(value));
      case '{':
        return object(value);
      case '[':
        List<Value<?>> elements = new ArrayList<>();
        for (int i = value + 1; i < next(value); i = next(i)) {
          elements.add(toValue(i));
        }
        return Value.of(elements);
      case 't':
        return Value.of(true);
      case 'f':
        return Value.of(false);
      case 'n':
        return EmptyValue.get();
      default:
        return JsonReader.toNumber(text, start(value), end(value));
    }
  }

  /** The number of members of an object. */
  int members(int object) {
    int members = 0;
    for (int i = object + 1; i < next(object); i = next(i + 1)) {
      members++;
    }
    return members;
  }

  private Value<?> object(int object) {
    KeyValue[] all = new KeyValue[members(object)];
    int at = 0;
    for (int i = object + 1; i < next(object); i = next(i + 1)) {
      all[at++] = KeyValue.of(string(i), toValue(i + 1));
    }
    return Value.of(all);
  }

  /**
   * Writes the value as {@link JsonWriter} writes what {@link Json#parse} reads. Returns false if
   * that cannot be done without reading it.
   */
  public boolean copy(int value, JsonBytes out) {
    switch (first(value)) {
      case '"':
        return copyString(value, out);
      case '{':
        out.ascii('{');
        for (int i = value + 1; i < next(value); i = next(i + 1)) {
          if (i > value + 1) {
            out.ascii(',');
          }
          if (!copyMember(i, out)) {
            return false;
          }
        }
        out.ascii('}');
        return true;
      case '[':
        out.ascii('[');
        for (int i = value + 1; i < next(value); i = next(i)) {
          if (i > value + 1) {
            out.ascii(',');
          }
          if (!copy(i, out)) {
            return false;
          }
        }
        out.ascii(']');
        return true;
      case 't':
        out.ascii("true");
        return true;
      case 'f':
        out.ascii("false");
        return true;
      case 'n':
        out.ascii("null");
        return true;
      default:
        return copyNumber(start(value), end(value), out);
    }
  }

  /**
   * Writes the members that are not null and have none of these names, with a comma before each.
   */
  public boolean copyRest(int object, String[] names, JsonBytes out) {
    for (int i = object + 1; i < next(object); i = next(i + 1)) {
      if (!isNull(i + 1) && !isOneOf(i, names)) {
        out.ascii(',');
        if (!copyMember(i, out)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Writes a member with its name. */
  private boolean copyMember(int name, JsonBytes out) {
    if (!copyString(name, out)) {
      return false;
    }
    out.ascii(':');
    return copy(name + 1, out);
  }

  public boolean copyString(int value, JsonBytes out) {
    return out.copyString(text, start(value) + 1, end(value) - 1);
  }

  private boolean copyNumber(int start, int end, JsonBytes out) {
    boolean whole = true;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      whole &= c == '-' || c >= '0' && c <= '9';
    }
    int digits = text.charAt(start) == '-' ? start + 1 : start;
    if (end - start > 18 || whole && text.charAt(digits) == '0' && end - start > 1) {
      return false;
    }
    String number = text.substring(start, end);
    out.ascii(whole ? number : JsonWriter.ofNumber(Double.parseDouble(number)));
    return true;
  }
}
