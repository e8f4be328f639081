package dev.tallyspan.pricing;

import dev.tallyspan.pricing.internal.JsonValue;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code when} of a rate card or an adjustment. */
final class ConditionReader {
  private static final Pattern BOUND = Pattern.compile("\\s*(<=|>=|<|>)\\s*(\\d{1,12})");
  private static final Pattern WINDOW = Pattern.compile("(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");

  private final Fields owner;
  private final Map<Dimension, List<String>> terms = new EnumMap<>(Dimension.class);
  private long minTokens;
  private long maxTokens = Long.MAX_VALUE;
  private List<TimeWindow> windows = List.of();

  ConditionReader(Fields owner) {
    this.owner = owner;
  }

  Condition read(String name) throws CatalogException {
    for (Map.Entry<String, JsonValue> term : owner.members(name).entrySet()) {
      switch (term.getKey()) {
        case "input_tokens" -> readTokens(term.getValue());
        case "time" -> windows = readTime(term.getValue());
        default -> readDimension(term.getKey(), term.getValue());
      }
    }
    return terms.isEmpty() && minTokens == 0 && maxTokens == Long.MAX_VALUE && windows.isEmpty()
        ? Condition.ALWAYS
        : new Condition(terms, minTokens, maxTokens, windows);
  }

  private void readDimension(String name, JsonValue value) throws CatalogException {
    Dimension dimension = dimension(name);
    if (dimension == null) {
      throw owner.error(
          value, "unknown condition \"" + name + "\"", "known: input_tokens, time, " + known());
    }
    List<String> values = values(dimension, name, value);
    if (values.isEmpty()) {
      throw owner.error(value, name + " has no values", "give one or leave it out");
    }
    terms.put(dimension, values);
  }

  /** Reads the conditions that a provider or model is priced by; null if there are none. */
  static @Nullable PricedBy pricedBy(Fields owner) throws CatalogException {
    if (owner.optional("prices_by") == null) {
      return null;
    }
    ConditionReader reader = new ConditionReader(owner);
    Map<Dimension, List<String>> standard = new EnumMap<>(Dimension.class);
    for (Map.Entry<String, JsonValue> entry : owner.members("prices_by").entrySet()) {
      Dimension dimension = dimension(entry.getKey());
      if (dimension == null) {
        throw owner.error(
            entry.getValue(), "unknown condition \"" + entry.getKey() + "\"", "known: " + known());
      }
      standard.put(dimension, reader.values(dimension, entry.getKey(), entry.getValue()));
    }
    return new PricedBy(standard);
  }

  /** Aliases of a dimension are not supported in catalogs. */
  private static @Nullable Dimension dimension(String name) {
    Dimension dimension = Dimension.of(name);
    return dimension != null
            && dimension != Dimension.CALLER_REGION
            && dimension.wireName().equals(name)
        ? dimension
        : null;
  }

  private List<String> values(Dimension dimension, String name, JsonValue value)
      throws CatalogException {
    List<String> texts = strings(name, value);
    List<String> values = new ArrayList<>();
    for (String text : texts) {
      String bare = text.startsWith("!") || text.endsWith("*") ? text : dimension.canonical(text);
      if (bare == null || bare.equals("!") || bare.isEmpty()) {
        throw owner.error(
            value, name + " \"" + text + "\" is the default", "leave the condition out");
      }
      values.add(bare.toLowerCase(Locale.ROOT));
    }
    return values;
  }

  private List<String> strings(String name, JsonValue value) throws CatalogException {
    if (value instanceof JsonValue.Str single) {
      return List.of(single.text());
    }
    if (!(value instanceof JsonValue.Arr array)) {
      throw owner.error(value, name + " is " + value.kind(), "give a string or a list of them");
    }
    List<String> texts = new ArrayList<>();
    for (JsonValue element : array.elements()) {
      if (!(element instanceof JsonValue.Str text)) {
        throw owner.error(element, name + " holds " + element.kind(), "give strings only");
      }
      texts.add(text.text());
    }
    return texts;
  }

  private void readTokens(JsonValue value) throws CatalogException {
    if (!(value instanceof JsonValue.Str given)) {
      throw tokensError(value);
    }
    Matcher bound = BOUND.matcher(given.text());
    int end = 0;
    while (bound.find() && bound.start() == end) {
      long limit = Long.parseLong(bound.group(2));
      switch (bound.group(1)) {
        case ">" -> minTokens = limit + 1;
        case ">=" -> minTokens = limit;
        case "<" -> maxTokens = limit - 1;
        default -> maxTokens = limit;
      }
      end = bound.end();
    }
    if (end == 0 || end < given.text().length() || minTokens > maxTokens) {
      throw tokensError(value);
    }
  }

  private CatalogException tokensError(JsonValue value) {
    return owner.error(
        value, "input_tokens is not a valid range", "write \">272000\" or \">32000 <=128000\"");
  }

  private List<TimeWindow> readTime(JsonValue value) throws CatalogException {
    if (!(value instanceof JsonValue.Obj object)) {
      throw owner.error(value, "time is " + value.kind(), "give zone, days and hours");
    }
    for (Map.Entry<String, JsonValue> entry : object.members().entrySet()) {
      if (!Set.of("zone", "days", "hours").contains(entry.getKey())) {
        throw owner.error(
            entry.getValue(), "unknown key \"" + entry.getKey() + "\"", "known: zone, days, hours");
      }
    }
    ZoneId zone = zone(value, object.get("zone"));
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    JsonValue givenDays = object.get("days");
    if (givenDays == null) {
      days = EnumSet.allOf(DayOfWeek.class);
    } else {
      for (String day : strings("days", givenDays)) {
        days.add(day(value, day));
      }
    }
    List<TimeWindow> read = new ArrayList<>();
    JsonValue givenHours = object.get("hours");
    if (givenHours == null) {
      throw owner.error(value, "time has no hours", "write \"hours\": [\"09:00-12:00\"]");
    }
    for (String hours : strings("hours", givenHours)) {
      read.add(window(value, zone, days, hours));
    }
    return read;
  }

  private TimeWindow window(JsonValue at, ZoneId zone, Set<DayOfWeek> days, String hours)
      throws CatalogException {
    Matcher window = WINDOW.matcher(hours);
    try {
      if (window.matches()) {
        int start = LocalTime.parse(window.group(1)).toSecondOfDay();
        int end =
            window.group(2).equals("24:00")
                ? 86400
                : LocalTime.parse(window.group(2)).toSecondOfDay();
        if (start < end) {
          return new TimeWindow(zone, days, start, end);
        }
      }
    } catch (DateTimeException e) {
      // Falls through: one message covers every invalid value.
    }
    throw owner.error(
        at,
        "hours \"" + hours + "\" is not a valid window",
        "write 09:00-12:00; split it at midnight");
  }

  private ZoneId zone(JsonValue at, @Nullable JsonValue value) throws CatalogException {
    try {
      if (value instanceof JsonValue.Str text) {
        return ZoneId.of(text.text());
      }
    } catch (DateTimeException e) {
      // Falls through: one message covers every invalid value.
    }
    throw owner.error(at, "time has no known zone", "write \"zone\": \"Asia/Shanghai\"");
  }

  private DayOfWeek day(JsonValue at, String text) throws CatalogException {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().startsWith(text.toUpperCase(Locale.ROOT)) && text.length() >= 3) {
        return day;
      }
    }
    throw owner.error(at, "unknown day \"" + text + "\"", "write mon, tue, …");
  }

  private static String known() {
    List<String> names = new ArrayList<>();
    for (Dimension dimension : Dimension.values()) {
      if (dimension != Dimension.CALLER_REGION) {
        names.add(dimension.wireName());
      }
    }
    return String.join(", ", names);
  }
}
