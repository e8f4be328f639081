package dev.tallyspan.semconv.content;

import io.opentelemetry.api.common.KeyValue;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which attributes hold content: what people, models and tools said, in every dialect.
 *
 * <p>Keys of the conventions and the dialects are listed. For any other key, the words in it
 * decide, and for a key that says nothing its value: a long text or a structure is content. So an
 * unknown key is content rather than not.
 */
public final class ContentKeys {

  /** What an attribute holds. */
  enum Kind {
    CONTENT,
    OTHER,
    UNKNOWN
  }

  /** Longer texts are content, whatever their key. */
  private static final int LONGEST_OTHER = 100;

  /** Longer values describe nothing. */
  private static final int LONGEST_DESCRIPTION = 128;

  /** What was decided before; keys may be hostile, so that not all are kept. */
  private static final Map<String, Kind> KNOWN = new ConcurrentHashMap<>();

  private static final int MOST_KNOWN = 4096;

  private ContentKeys() {}

  /**
   * {@return whether any value of this attribute is content}
   *
   * @param key the attribute key
   */
  public static boolean isContent(String key) {
    return kind(key) == Kind.CONTENT;
  }

  /**
   * {@return whether this value of the attribute is content}
   *
   * @param key the attribute key
   * @param value the value; null if it is not known, and then the key decides alone
   */
  public static boolean isContent(String key, @Nullable Value<?> value) {
    Kind kind = kind(key);
    if (value == null || kind == Kind.CONTENT) {
      return kind == Kind.CONTENT;
    }
    if (kind == Kind.OTHER) {
      return value.getValue() instanceof String text
          && text.length() > LONGEST_DESCRIPTION
          && ListedKeys.isBelowContent(key);
    }
    return switch (value.getType()) {
      case STRING -> isContentText((String) value.getValue());
      case KEY_VALUE_LIST, BYTES -> true;
      case ARRAY -> isContentArray(value);
      default -> false;
    };
  }

  /** Whether the key tells nothing about what it is, so that its value decides. */
  static boolean isUnknown(String key) {
    return kind(key) == Kind.UNKNOWN;
  }

  private static boolean isContentText(String text) {
    return text.length() > LONGEST_OTHER || (text.length() > 2 && JsonRewriter.mayBeJson(text));
  }

  @SuppressWarnings("unchecked") // getValue() has the type that getType() indicates
  private static boolean isContentArray(Value<?> array) {
    int length = 0;
    for (Value<?> element : (List<Value<?>>) array.getValue()) {
      Object raw = element.getValue();
      if (raw instanceof List || raw instanceof KeyValue[]) {
        return true;
      }
      length += raw instanceof String text ? text.length() : 0;
      if (raw instanceof String text && text.length() > 2 && JsonRewriter.mayBeJson(text)) {
        return true;
      }
    }
    return length > LONGEST_OTHER;
  }

  private static Kind kind(String key) {
    Kind known = KNOWN.get(key);
    if (known == null) {
      known = decided(key);
      if (KNOWN.size() < MOST_KNOWN) {
        KNOWN.put(key, known);
      }
    }
    return known;
  }

  private static Kind decided(String key) {
    Kind listed = ListedKeys.kind(key);
    if (listed != null) {
      return listed;
    }
    return KeyWords.nameContent(key) ? Kind.CONTENT : Kind.UNKNOWN;
  }
}
