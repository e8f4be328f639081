package dev.tallyspan.semconv.internal.json;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What emitters mean by a text, number or flag. Numbers as text, booleans in Python's spelling and
 * placeholders for "no value" all occur, since tag-based tracers know no other type than text.
 */
public final class Scalars {

  private static final long MAX_COUNT = 100_000_000_000_000_000L;

  /** What emitters write for "no value", in lower case. */
  private static final Set<String> PLACEHOLDERS =
      Set.of(
          "",
          "none",
          "null",
          "nil",
          "undefined",
          "unknown",
          "n/a",
          "nan",
          "<not specified>",
          "(merged tools)",
          "not_given",
          "notgiven");

  private Scalars() {}

  public static boolean isPlaceholder(String text) {
    return text.length() <= 15 && PLACEHOLDERS.contains(text.strip().toLowerCase(Locale.ROOT));
  }

  /**
   * Text unchanged, whole numbers and booleans as text; null for other values and for placeholders.
   */
  public static @Nullable String text(Json json) {
    Json single = json.isArray() && json.size() == 1 ? json.at(0) : json;
    if (single.isArray() || single.isObject() || !single.isPresent()) {
      return null;
    }
    String text = single.asText();
    return isPlaceholder(text) ? null : text;
  }

  /** A whole number of either sign; null for other values. */
  public static @Nullable Long whole(Json json) {
    if (json.isObject()) {
      return longOfHalves(json);
    }
    if (json.isNumber() && json.value().getValue() instanceof Long whole) {
      return whole;
    }
    BigDecimal number = decimal(json);
    if (number == null || number.precision() - number.scale() > 19) {
      return null;
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** JavaScript's 64-bit integers, as protobuf libraries show them: {@code {low, high}}. */
  private static @Nullable Long longOfHalves(Json json) {
    Json low = json.get("low");
    Json high = json.get("high");
    if (!low.isNumber() || !high.isNumber()) {
      return null;
    }
    Long l = whole(low);
    Long h = whole(high);
    return l == null || h == null ? null : Long.valueOf(h << 32 | l & 0xFFFFFFFFL);
  }

  /** A whole number from 0 to 1e17: nothing counts further, and sums of such do not overflow. */
  public static @Nullable Long count(Json json) {
    Long whole = whole(json);
    return whole != null && whole >= 0 && whole <= MAX_COUNT ? whole : null;
  }

  /** A finite number of either sign; null if it is none. */
  public static @Nullable Double number(Json json) {
    BigDecimal number = decimal(json);
    if (number == null) {
      return null;
    }
    double asDouble = number.doubleValue();
    return Double.isFinite(asDouble) ? asDouble : null;
  }

  /** The number that this is, also as text; null if it is none. */
  public static @Nullable BigDecimal decimal(Json json) {
    Object raw = json.isPresent() ? json.value().getValue() : null;
    if (raw instanceof Long whole) {
      return BigDecimal.valueOf(whole);
    }
    if (raw instanceof Double number) {
      return Double.isFinite(number) ? BigDecimal.valueOf(number) : null;
    }
    if (!(raw instanceof String text) || text.length() > 40) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(text.strip());
      return Math.abs((long) number.scale()) > 400 ? null : number;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** A boolean, also as text or as 0 or 1; null if it is none. */
  public static @Nullable Boolean flag(Json json) {
    if (!json.isPresent()) {
      return null;
    }
    if (json.isBoolean()) {
      return (Boolean) json.value().getValue();
    }
    return switch (json.asText().strip().toLowerCase(Locale.ROOT)) {
      case "true", "1" -> Boolean.TRUE;
      case "false", "0" -> Boolean.FALSE;
      default -> null;
    };
  }
}
