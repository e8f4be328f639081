package dev.tallyspan.sdk;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A section of the settings: a map from keys to texts, numbers, flags, lists and further sections.
 * Properties are texts, so a text is accepted wherever its content is valid: {@code a,b} as a list,
 * {@code a=1,b=2} as a section. All methods throw a {@link SettingsException} for a value of
 * another kind.
 */
final class Section {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})(KiB|MiB)?");
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private final String path;
  private final Map<String, ?> values;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * @param path of the section; empty for the settings as a whole
   */
  Section(String path, Map<String, ?> values) {
    this.path = path;
    this.values = values;
  }

  /** Returns all keys, for sections whose keys are names that users choose. */
  Set<String> keys() {
    known.addAll(values.keySet());
    return values.keySet();
  }

  /** Returns everything that is set. */
  Map<String, ?> members() {
    return values;
  }

  /** Whether the key has a value. A key without a value has its default. */
  boolean has(String key) {
    known.add(key);
    return values.get(key) != null;
  }

  boolean isSection(String key) {
    return value(key) instanceof Map;
  }

  /** Returns a text; null if the key has no value. */
  @Nullable String text(String key) {
    Object value = value(key);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw fault(key, " is not text; put it in quotes");
  }

  String text(String key, String otherwise) {
    String text = text(key);
    return text == null ? otherwise : text;
  }

  boolean flag(String key, boolean otherwise) {
    Object value = value(key);
    if (value == null || value instanceof Boolean) {
      return value == null ? otherwise : (Boolean) value;
    }
    return switch (String.valueOf(value).strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw fault(
              key, (value instanceof String ? "=" + value : "") + " is neither true nor false");
    };
  }

  int number(String key, int least, int otherwise) {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    String text = String.valueOf(value).strip();
    if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < least) {
      throw fault(key, " must be a whole number, " + least + " or more");
    }
    return Integer.parseInt(text);
  }

  /**
   * Returns a number of bytes, which may have a unit: {@code 64KiB}.
   *
   * @param least the smallest one; also what a key without a value has
   */
  int size(String key, int least) {
    Object value = value(key);
    if (value == null) {
      return least;
    }
    Matcher parts = SIZE.matcher(String.valueOf(value).strip());
    long bytes = -1;
    if (parts.matches()) {
      bytes = Long.parseLong(parts.group(1));
      bytes <<= parts.group(2) == null ? 0 : parts.group(2).equals("KiB") ? 10 : 20;
    }
    if (bytes < least || bytes > Integer.MAX_VALUE) {
      throw fault(key, " must be a size such as 64KiB, from " + least + " to " + Integer.MAX_VALUE);
    }
    return (int) bytes;
  }

  /** Returns an exact decimal; a double is read as it is printed. */
  BigDecimal decimal(String key) {
    String text = String.valueOf(value(key)).strip();
    if (!text.matches("[0-9]{1,12}(\\.[0-9]{1,18})?")) {
      throw fault(key, " must be a number such as 0.92");
    }
    return new BigDecimal(text);
  }

  Duration duration(String key, Duration otherwise) {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    String text = String.valueOf(value).strip();
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      throw fault(key, " must be a duration such as 30s or 10m");
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  @Nullable Path file(String key) {
    String text = text(key);
    try {
      return text == null ? null : Path.of(text);
    } catch (InvalidPathException e) {
      throw fault(key, ": " + e.getMessage());
    }
  }

  <T> @Nullable T choice(String key, Map<String, T> choices) {
    String text = text(key);
    T chosen = text == null ? null : choices.get(text);
    if (text != null && chosen == null) {
      throw fault(
          key,
          "=" + text + " is unknown; known: " + String.join(", ", new TreeSet<>(choices.keySet())));
    }
    return chosen;
  }

  /** Returns a list of texts; null if the key has no value. */
  @Nullable List<String> texts(String key) {
    Object value = value(key);
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      return split(text);
    }
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof String text) {
          texts.add(text);
        }
      }
      if (texts.size() == list.size()) {
        return texts;
      }
    }
    throw fault(key, " is not a list of texts");
  }

  /** Returns a section; null if the key has no value. */
  @Nullable Section section(String key) {
    Object value = value(key);
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      return new Section(name(key), pairs(key, text));
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw fault(key, " must have keys of its own");
    }
    Map<String, Object> members = new LinkedHashMap<>();
    map.forEach((member, of) -> members.put(String.valueOf(member), of));
    return new Section(name(key), members);
  }

  /** Returns the section of a key that is known to have one. */
  Section child(String key) {
    Section section = section(key);
    if (section == null) {
      throw fault(key, " must have keys of its own");
    }
    return section;
  }

  /** Throws if there is a key that was not asked for. */
  void end() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw new SettingsException(
            path,
            (path.isEmpty() ? "" : ": ")
                + "unknown key "
                + key
                + NearestName.hint(key, known)
                + "; known: "
                + String.join(", ", new TreeSet<>(known)));
      }
    }
  }

  /** Returns an exception about a key. */
  SettingsException fault(String key, String rest) {
    return new SettingsException(name(key), rest);
  }

  SettingsException fault(String key, Throwable cause) {
    return new SettingsException(name(key), ": " + cause.getMessage(), cause);
  }

  /** Returns an exception about the section as a whole. */
  SettingsException fault(String rest) {
    return new SettingsException(path, rest);
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private @Nullable Object value(String key) {
    known.add(key);
    return values.get(key);
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.split(",")) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  private Map<String, Object> pairs(String key, String text) {
    Map<String, Object> pairs = new LinkedHashMap<>();
    for (String part : split(text)) {
      int equals = part.indexOf('=');
      if (equals < 1 || equals == part.length() - 1) {
        throw fault(key, " must have the form name=value,name=value");
      }
      pairs.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
    }
    return pairs;
  }
}
