package dev.tallyspan.semconv;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns what an emitter wrote into what a slot holds; null if that says nothing. Numbers as text,
 * lists as JSON text, booleans in Python's spelling and the placeholders for "no value" all occur,
 * since tag-based tracers know no other type than text.
 */
enum Coercion {
  /** Text as it is, whole numbers and booleans as text. */
  TEXT(Coercion::text),
  /** A whole number from 0 to 1e17: nothing counts further, and sums of such do not overflow. */
  COUNT(json -> count(whole(json))),
  /** A whole number of either sign. */
  WHOLE(Coercion::whole),
  /** A finite number of either sign. */
  NUMBER(Coercion::number),
  /** A finite number from 0; in seconds, if it is a time. */
  POSITIVE(json -> positive(number(json), 1)),
  /** A time in milliseconds, as seconds. */
  MILLIS(json -> positive(number(json), 1e3)),
  /** A time in nanoseconds, as seconds. */
  NANOS(json -> positive(number(json), 1e9)),
  FLAG(Coercion::flag),
  /** True, or nothing: for what is only ever said when it is so. */
  SET_FLAG(json -> Boolean.TRUE.equals(flag(json)) ? Boolean.TRUE : null),
  /** A list of texts: also as JSON text, as Python prints it, or a single text. */
  TEXTS(Coercion::texts),
  /** A list of texts, also separated by commas. */
  TAGS(Coercion::tags),
  OPERATION(json -> Operations.canonical((String) text(json))),
  PROVIDER(json -> Providers.canonical((String) text(json))),
  FINISH_REASONS(json -> FinishReasons.respell(texts(json))),
  OUTPUT_TYPE(json -> outputType((String) text(json))),
  /** A number of choices; one is the rule, and says nothing. */
  CHOICES(json -> Long.valueOf(1).equals(whole(json)) ? null : nonNegative(whole(json))),
  /** Messages to the model, in any shape: a list of {@link Message}. */
  INPUT_MESSAGES(json -> some(MessageReader.input().read(json))),
  /** Messages from the model, in any shape: a list of {@link Message}. */
  OUTPUT_MESSAGES(json -> some(MessageReader.output().read(json))),
  /** Instructions beside the messages: a list of {@link MessagePart}. */
  INSTRUCTIONS(Coercion::instructions),
  TOOL_DEFINITIONS(ToolDefinitions::read),
  ARGUMENTS(PartReader::arguments),
  RESULT(PartReader::response),
  DOCUMENTS(RetrievalDocuments::read),
  /** The place in a URL or path, {@code .../locations/us-east5/...}. */
  LOCATION(json -> location((String) text(json)));

  private static final Pattern PLACE = Pattern.compile("/locations/([a-z0-9-]+)(?=[/?#:]|$)");

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

  private final Function<Json, Object> function;

  Coercion(Function<Json, Object> function) {
    this.function = function;
  }

  /** The value for the slot; null if there is none. */
  Object apply(Json json) {
    return json.isPresent() ? function.apply(json) : null;
  }

  static boolean isPlaceholder(String text) {
    return text.length() <= 15 && PLACEHOLDERS.contains(text.strip().toLowerCase(Locale.ROOT));
  }

  private static Object text(Json json) {
    Json single = json.isArray() && json.size() == 1 ? json.at(0) : json;
    if (single.isArray() || single.isObject() || !single.isPresent()) {
      return null;
    }
    String text = single.asText();
    return isPlaceholder(text) ? null : text;
  }

  private static Object whole(Json json) {
    if (json.isObject()) {
      return longOfHalves(json);
    }
    if (json.isNumber() && json.value().getValue() instanceof Long) {
      return json.value().getValue();
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
  private static Object longOfHalves(Json json) {
    Json low = json.get("low");
    Json high = json.get("high");
    if (!low.isNumber() || !high.isNumber()) {
      return null;
    }
    Object l = whole(low);
    Object h = whole(high);
    return l == null || h == null ? null : (Object) (((Long) h << 32) | ((Long) l & 0xFFFFFFFFL));
  }

  private static Object count(Object whole) {
    return whole != null && (Long) whole > MAX_COUNT ? null : nonNegative(whole);
  }

  private static Object number(Json json) {
    BigDecimal number = decimal(json);
    if (number == null) {
      return null;
    }
    double asDouble = number.doubleValue();
    return Double.isFinite(asDouble) ? asDouble : null;
  }

  /** The number that this is, also as text; null if it is none. */
  static BigDecimal decimal(Json json) {
    Object raw = json.isPresent() ? json.value().getValue() : null;
    if (raw instanceof Long) {
      return BigDecimal.valueOf((Long) raw);
    }
    if (raw instanceof Double) {
      return Double.isFinite((Double) raw) ? BigDecimal.valueOf((Double) raw) : null;
    }
    if (!(raw instanceof String) || ((String) raw).length() > 40) {
      return null;
    }
    try {
      BigDecimal number = new BigDecimal(((String) raw).strip());
      return Math.abs((long) number.scale()) > 400 ? null : number;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static Object nonNegative(Object whole) {
    return whole != null && (Long) whole >= 0 ? whole : null;
  }

  private static Object positive(Object number, double divisor) {
    return number != null && (Double) number >= 0 ? (Double) number / divisor : null;
  }

  private static Object flag(Json json) {
    if (json.isBoolean()) {
      return json.value().getValue();
    }
    String text = json.asText().strip().toLowerCase(Locale.ROOT);
    return switch (text) {
      case "true", "1" -> Boolean.TRUE;
      case "false", "0" -> Boolean.FALSE;
      default -> null;
    };
  }

  private static List<String> texts(Json json) {
    Json list = json.unwrapOrSelf();
    List<String> texts = new ArrayList<>();
    if (list.isArray()) {
      for (Json element : list) {
        Object text = text(element);
        if (text != null) {
          texts.add((String) text);
        }
      }
    } else if (list.isText() && list.text().startsWith("[") && list.text().endsWith("]")) {
      // A list joined by hand: its elements' own quotes are not escaped.
      String inner = list.text().substring(1, list.text().length() - 1);
      for (String element : inner.split("\\s*,\\s*")) {
        String bare = element.replaceAll("^[\"']|[\"']$", "");
        if (!isPlaceholder(bare)) {
          texts.add(bare);
        }
      }
    } else {
      Object text = text(list);
      if (text != null) {
        texts.add((String) text);
      }
    }
    return texts.isEmpty() ? null : List.copyOf(texts);
  }

  private static List<String> tags(Json json) {
    List<String> texts = texts(json);
    if (texts == null) {
      return null;
    }
    Set<String> tags = new LinkedHashSet<>();
    for (String text : texts.size() == 1 ? List.of(texts.get(0).split(",")) : texts) {
      if (!text.isBlank()) {
        tags.add(text.strip());
      }
    }
    return tags.isEmpty() ? null : List.copyOf(tags);
  }

  private static Object instructions(Json json) {
    Json opened = json.unwrapOrSelf();
    List<MessagePart> parts = new ArrayList<>();
    for (Json element : opened.isArray() ? opened : List.of(opened)) {
      Json inner = element.first("parts", "content");
      boolean message = element.get("role").isText() || inner.isArray();
      parts.addAll(PartReader.readAll(message ? inner : element));
    }
    return some(parts);
  }

  private static Object some(List<?> list) {
    return list.isEmpty() ? null : list;
  }

  private static String location(String path) {
    if (path == null) {
      return null;
    }
    Matcher place = PLACE.matcher(path);
    return place.find() ? place.group(1) : null;
  }

  private static String outputType(String type) {
    if (type == null) {
      return null;
    }
    return switch (type.strip().toLowerCase(Locale.ROOT)) {
      case "json", "json_object", "json_schema", "object" -> "json";
      case "text" -> "text";
      case "image" -> "image";
      case "speech", "audio" -> "speech";
      default -> type;
    };
  }
}
