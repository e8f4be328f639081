package dev.tallyspan.pricing;

import dev.tallyspan.pricing.internal.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the rate cards of a provider's models, and rejects gaps between them. */
final class CardReader {
  /** A higher price for one unit is a misplaced decimal point. */
  private static final BigDecimal MAX_TOKEN_PRICE = new BigDecimal("0.01");

  private static final BigDecimal MAX_UNIT_PRICE = new BigDecimal("1000");
  private static final Pattern RATE =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,24})?)(?:/(\\d{1,9})?([kM])?)?");

  private final String source;
  private final String provider;
  private final Map<Unit, @Nullable Rate> fees;
  private final CatalogFaults faults;

  /**
   * @param fees of the provider, which apply to every card that has no rate of its own for the unit
   * @param faults collects the faults of the cards
   */
  CardReader(String source, String provider, Map<Unit, @Nullable Rate> fees, CatalogFaults faults) {
    this.source = source;
    this.provider = provider;
    this.fees = fees;
    this.faults = faults;
  }

  /** Reads the cards of a model. Cards with a fault are left out. */
  List<RateCard> read(String model, Fields fields) throws CatalogException {
    List<RateCard> cards = new ArrayList<>();
    boolean whole = true;
    for (JsonValue element : fields.elements("cards")) {
      whole &=
          faults.read(() -> cards.add(card(provider + "/" + model, new Fields(source, element))));
    }
    if (!whole) {
      // The faulty card may close a gap between the others.
      return cards;
    }
    if (cards.isEmpty()) {
      throw fields.error(provider + "/" + model + " has no rate card", "add one under \"cards\"");
    }
    List<RateCard> ended = CardHistory.ended(source, cards);
    CardHistory.checkDecided(source, ended);
    return ended;
  }

  private RateCard card(String name, Fields fields) throws CatalogException {
    Interval valid = fields.interval("from", "until");
    Interval known = fields.interval("recorded", "withdrawn");
    Condition condition = new ConditionReader(fields).read("when");
    boolean free = fields.flag("free", false);
    Map<Unit, @Nullable Rate> rates = rates(fields, "rates");
    if (rates.isEmpty() != free) {
      throw fields.error(
          free ? "the card is free and has rates" : "the card has no rates",
          "give either \"rates\" or \"free\": true");
    }
    fees.forEach(rates::putIfAbsent);
    Map<Unit, Unit> readAs = readAs(fields);
    Map<Unit, Long> minimums = minimums(fields);
    fields.textOrNull("source");
    fields.textOrNull("note");
    fields.end();
    String key = condition.terms() == 0 ? name : name + "#" + condition;
    return new RateCard(valid, known, condition, rates, readAs, minimums, free, key, fields.line());
  }

  /** Fees or rates by unit. {@code "?"} reads as null: the unit is charged, at an unknown price. */
  private static Map<Unit, @Nullable Rate> rates(Fields fields, String name)
      throws CatalogException {
    Map<Unit, @Nullable Rate> rates = new EnumMap<>(Unit.class);
    for (Map.Entry<String, JsonValue> entry : fields.members(name).entrySet()) {
      Unit unit = unit(fields, entry.getKey(), entry.getValue());
      rates.put(unit, rate(fields, unit, entry.getValue()));
    }
    return rates;
  }

  static Map<Unit, @Nullable Rate> fees(Fields fields, String name) throws CatalogException {
    return rates(fields, name);
  }

  private static @Nullable Rate rate(Fields fields, Unit unit, JsonValue json)
      throws CatalogException {
    if (json instanceof JsonValue.Str text) {
      if (text.text().equals("?")) {
        return null;
      }
      if (text.text().startsWith("-")) {
        throw fields.error(json, "negative rate " + text.text(), "give zero or more");
      }
      Matcher parts = RATE.matcher(text.text());
      if (parts.matches()) {
        return checked(fields, unit, json, new BigDecimal(parts.group(1)), count(parts));
      }
    }
    throw fields.error(
        json,
        "the rate of " + unit.wireName() + " is not a price in a string",
        "write \"2.5/M\" (per million), \"10/k\", \"0.111/3600\" or \"0.03\" (each)");
  }

  private static long count(Matcher parts) {
    long count = parts.group(2) == null ? 1 : Long.parseLong(parts.group(2));
    if (parts.group(3) == null) {
      return count;
    }
    return count * (parts.group(3).equals("k") ? 1_000 : 1_000_000);
  }

  private static Rate checked(Fields fields, Unit unit, JsonValue at, BigDecimal price, long count)
      throws CatalogException {
    BigDecimal limit = unit.isToken() ? MAX_TOKEN_PRICE : MAX_UNIT_PRICE;
    if (count == 0 || price.compareTo(limit.multiply(BigDecimal.valueOf(count))) > 0) {
      throw fields.error(
          at,
          "absurd rate for " + unit.wireName() + ": more than " + limit + " each",
          "check the decimal point and the \"/M\"");
    }
    return new Rate(price, count, unit.scale());
  }

  private static Map<Unit, Unit> readAs(Fields fields) throws CatalogException {
    Map<Unit, Unit> readAs = new EnumMap<>(Unit.class);
    for (Map.Entry<String, JsonValue> entry : fields.members("read_as").entrySet()) {
      Unit from = unit(fields, entry.getKey(), entry.getValue());
      if (!(entry.getValue() instanceof JsonValue.Str to)) {
        throw fields.error(entry.getValue(), "read_as does not name a unit", "name one");
      }
      readAs.put(from, unit(fields, to.text(), entry.getValue()));
    }
    return readAs;
  }

  private static Map<Unit, Long> minimums(Fields fields) throws CatalogException {
    Map<Unit, Long> minimums = new EnumMap<>(Unit.class);
    for (Map.Entry<String, JsonValue> entry : fields.members("minimum").entrySet()) {
      Unit unit = unit(fields, entry.getKey(), entry.getValue());
      if (!(entry.getValue() instanceof JsonValue.Num number) || number.value().signum() < 0) {
        throw fields.error(entry.getValue(), "minimum is not a quantity", "give a number");
      }
      try {
        minimums.put(unit, unit.fromWire(number.value()));
      } catch (ArithmeticException e) {
        throw fields.error(entry.getValue(), "minimum is not a quantity", "give a smaller number");
      }
    }
    return minimums;
  }

  private static Unit unit(Fields fields, String name, JsonValue at) throws CatalogException {
    Unit unit = Unit.of(name);
    if (unit == null || !unit.wireName().equals(name)) {
      throw fields.error(at, "unknown unit \"" + name + "\"", "see the list in docs/pricing.md");
    }
    return unit;
  }
}
