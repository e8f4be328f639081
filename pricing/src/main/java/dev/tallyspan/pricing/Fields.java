package dev.tallyspan.pricing;

import dev.tallyspan.pricing.internal.JsonValue;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one JSON object by name. Members that are never read are errors.
 *
 * <p>Messages have the form {@code file:line what; how to fix it}.
 */
final class Fields {
  private final String source;
  private final JsonValue.Obj object;
  private final Set<String> taken = new HashSet<>();

  Fields(String source, JsonValue json) throws CatalogException {
    this.source = source;
    if (!(json instanceof JsonValue.Obj given)) {
      throw error(source, json.line(), "found " + json.kind(), "give an object");
    }
    this.object = given;
  }

  /** Rejects members that were not read. */
  void end() throws CatalogException {
    CatalogFaults unknown = new CatalogFaults();
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      if (!taken.contains(member.getKey())) {
        unknown.read(
            () -> {
              throw error(
                  member.getValue(),
                  "unknown key \"" + member.getKey() + "\"",
                  "known here: " + String.join(", ", new TreeSet<>(taken)));
            });
      }
    }
    unknown.end();
  }

  int line() {
    return object.line();
  }

  @Nullable JsonValue optional(String name) {
    taken.add(name);
    return object.get(name);
  }

  JsonValue required(String name) throws CatalogException {
    JsonValue value = optional(name);
    if (value == null) {
      throw error(object, "\"" + name + "\" is missing", "add it");
    }
    return value;
  }

  String text(String name) throws CatalogException {
    return text(name, required(name));
  }

  @Nullable String textOrNull(String name) throws CatalogException {
    JsonValue value = optional(name);
    return value == null ? null : text(name, value);
  }

  boolean flag(String name, boolean absent) throws CatalogException {
    JsonValue value = optional(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof JsonValue.Bool flag) {
      return flag.value();
    }
    throw error(value, name + " is " + value.kind(), "give true or false");
  }

  List<String> texts(String name) throws CatalogException {
    JsonValue value = optional(name);
    return value == null ? List.of() : texts(source, name, value);
  }

  static List<String> texts(String source, String name, JsonValue value) throws CatalogException {
    if (value instanceof JsonValue.Str single) {
      return List.of(single.text());
    }
    List<String> texts = new ArrayList<>();
    for (JsonValue element : elements(source, name, value)) {
      if (!(element instanceof JsonValue.Str text)) {
        throw error(source, element.line(), name + " holds " + element.kind(), "give strings only");
      }
      texts.add(text.text());
    }
    return texts;
  }

  List<JsonValue> elements(String name) throws CatalogException {
    JsonValue value = optional(name);
    return value == null ? List.of() : elements(source, name, value);
  }

  Map<String, JsonValue> members(String name) throws CatalogException {
    JsonValue value = optional(name);
    if (value == null) {
      return Map.of();
    }
    if (value instanceof JsonValue.Obj given) {
      return given.members();
    }
    throw error(value, name + " is " + value.kind(), "give an object");
  }

  BigDecimal decimal(String name) throws CatalogException {
    JsonValue value = required(name);
    try {
      if (value instanceof JsonValue.Str text && text.text().length() <= 40) {
        return new BigDecimal(text.text());
      }
    } catch (NumberFormatException e) {
      // Falls through: one message covers every invalid value.
    }
    throw error(value, name + " is not a decimal in a string", "write it as \"1.1\"");
  }

  /** A currency by its ISO 4217 code. */
  String currency() throws CatalogException {
    JsonValue value = required("currency");
    String code = text("currency", value);
    try {
      return Currency.getInstance(code).getCurrencyCode();
    } catch (IllegalArgumentException e) {
      throw error(value, "unknown currency \"" + code + "\"", "use an ISO 4217 code such as USD");
    }
  }

  Interval interval(String from, String until) throws CatalogException {
    long start = time(from, Long.MIN_VALUE);
    JsonValue end = optional(until);
    if (end == null) {
      return new Interval(start, Long.MAX_VALUE);
    }
    Interval interval = new Interval(start, time(until, Long.MAX_VALUE));
    if (interval.isEmpty()) {
      throw error(end, until + " is not after " + from, "swap or fix them");
    }
    return interval;
  }

  /** A day, or null. */
  @Nullable LocalDate day(String name) throws CatalogException {
    JsonValue value = optional(name);
    if (value == null) {
      return null;
    }
    try {
      return LocalDate.parse(text(name, value));
    } catch (DateTimeException e) {
      throw error(value, name + " is not a date", "write it as 2026-08-17");
    }
  }

  private long time(String name, long absent) throws CatalogException {
    JsonValue value = optional(name);
    if (value == null) {
      return absent;
    }
    String text = text(name, value);
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toEpochSecond()
          : Instant.parse(text).getEpochSecond();
    } catch (DateTimeException e) {
      throw error(
          value,
          name + " is not a valid time",
          "write 2026-08-17 (midnight UTC) or 2026-08-22T16:00:00Z");
    }
  }

  private String text(String name, JsonValue value) throws CatalogException {
    if (value instanceof JsonValue.Str text) {
      return text.text();
    }
    throw error(value, name + " is " + value.kind(), "give a string");
  }

  private static List<JsonValue> elements(String source, String name, JsonValue value)
      throws CatalogException {
    if (value instanceof JsonValue.Arr array) {
      return array.elements();
    }
    throw error(source, value.line(), name + " is " + value.kind(), "give an array");
  }

  CatalogException error(JsonValue at, String what, String fix) {
    return error(source, at.line(), what, fix);
  }

  CatalogException error(String what, String fix) {
    return error(source, object.line(), what, fix);
  }

  static CatalogException error(String source, int line, String what, String fix) {
    return new CatalogException(source + ":" + line + " " + what + "; " + fix);
  }
}
