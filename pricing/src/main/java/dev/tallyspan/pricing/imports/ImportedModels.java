package dev.tallyspan.pricing.imports;

import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.Unit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The models that an import has found, and the catalog text generated from them. */
final class ImportedModels {
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal MAX_TOKEN_PRICE = new BigDecimal("0.01");
  private static final Pattern PLACED = Pattern.compile(":(\\d+) (.*?)(?:; [^;]*)?$");
  private static final MathContext GENUINE_DIGITS = new MathContext(12);

  private final String version;
  private final String table;
  private final @Nullable LocalDate asOf;
  private final Map<String, Map<String, Model>> providers = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  /** Provider and name of the model in each line of the generated text. */
  private final Map<Integer, List<String>> lines = new HashMap<>();

  private int count;

  /**
   * @param version of the catalog
   * @param table that it is generated from
   * @param asOf the day of the table's prices, or null
   */
  ImportedModels(String version, String table, @Nullable LocalDate asOf) {
    this.version = version;
    this.table = table;
    this.asOf = asOf;
  }

  /**
   * A model to write. Later models of the same name are ignored: tables list the best one first.
   */
  static final class Model {
    final List<Card> cards = new ArrayList<>();
    final Set<String> aliases = new LinkedHashSet<>();
    final Set<String> prefixes = new LinkedHashSet<>();
    final List<String> adjustments = new ArrayList<>();

    /** Numbers of tokens of the prompt above which prices change. */
    final Set<Long> starts = new LinkedHashSet<>();

    /** As JSON, or null. */
    @Nullable String pricedBy;
  }

  /**
   * A card to write.
   *
   * @param from a date, or null
   * @param until a date, or null
   * @param when members of the condition as JSON, in order
   * @param rates rates by unit, in the notation of catalogs; empty = free
   */
  record Card(
      @Nullable String from,
      @Nullable String until,
      Map<String, String> when,
      Map<Unit, String> rates) {}

  /** Adds a model unless it has no card or its name is taken. Returns whether it was added. */
  boolean add(String provider, String name, Model model) {
    if (model.cards.isEmpty()) {
      return false;
    }
    String known = PriceCatalog.shipped().providerId(provider);
    String id = known == null ? provider : known;
    Map<String, Model> models = providers.computeIfAbsent(id, p -> new LinkedHashMap<>());
    if (models.putIfAbsent(name, model) != null) {
      return false;
    }
    count++;
    return true;
  }

  void note(String note) {
    notes.add(note);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  int count() {
    return count;
  }

  /** Whether a price is negative or, for a token, has a misplaced decimal point. */
  static boolean absurd(Unit unit, BigDecimal price) {
    return price.signum() < 0 || unit.isToken() && price.compareTo(MAX_TOKEN_PRICE) > 0;
  }

  /** A price for one unit in the notation of catalogs, without floating-point noise. */
  static String rate(Unit unit, BigDecimal price) {
    BigDecimal genuine = price.precision() > 12 ? price.round(GENUINE_DIGITS) : price;
    return unit.isToken() ? plain(genuine.multiply(MILLION)) + "/M" : plain(genuine);
  }

  /** The shortest decimal form of a number, without an exponent. */
  static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  /**
   * Leaves out the models that have faults in the generated text, and notes them: one bad entry
   * must not prevent the import of the others.
   *
   * @return whether every fault belongs to a model
   */
  boolean leaveOut(List<String> faults) {
    Map<List<String>, String> bad = new LinkedHashMap<>();
    for (String fault : faults) {
      Matcher placed = PLACED.matcher(fault);
      List<String> model = placed.find() ? lines.get(Integer.parseInt(placed.group(1))) : null;
      if (model == null) {
        return false;
      }
      bad.putIfAbsent(model, placed.group(2));
    }
    bad.forEach(
        (model, fault) -> {
          providers.computeIfPresent(
              model.get(0),
              (provider, models) -> {
                models.remove(model.get(1));
                return models.isEmpty() ? null : models;
              });
          count--;
          note(String.join("/", model) + ": left out, " + fault);
        });
    return true;
  }

  String write() {
    lines.clear();
    int line = 1;
    StringJoiner blocks = new StringJoiner(",\n");
    for (Map.Entry<String, Map<String, Model>> provider : providers.entrySet()) {
      Set<String> taken = new HashSet<>();
      provider.getValue().keySet().forEach(name -> taken.add(name.toLowerCase(Locale.ROOT)));
      Set<String> prefixes = new HashSet<>();
      Set<String> written = new HashSet<>();
      StringJoiner models = new StringJoiner(",\n");
      line++;
      for (Map.Entry<String, Model> model : provider.getValue().entrySet()) {
        if (written.add(model.getKey().toLowerCase(Locale.ROOT))) {
          lines.put(++line, List.of(provider.getKey(), model.getKey()));
          models.add(
              "  " + quoted(model.getKey()) + ": " + written(model.getValue(), taken, prefixes));
        }
      }
      blocks.add(
          " "
              + quoted(provider.getKey())
              + ": {"
              + fees(provider.getKey())
              + "\"models\": {\n"
              + models
              + "\n }}");
      line++;
    }
    return "{\"format\": \"tallyspan-prices/1\", \"version\": "
        + quoted(version)
        + (asOf == null ? "" : ", \"as_of\": " + quoted(asOf.toString()))
        + ", \"table\": "
        + quoted(table)
        + ", \"currency\": \"USD\", \"providers\": {\n"
        + blocks
        + "\n}}\n";
  }

  /**
   * Tables list fees for tools by model or not at all; the shipped catalog has the seller's fees.
   */
  private static String fees(String provider) {
    Map<Unit, String> known = PriceCatalog.shipped().feesOf(provider);
    if (known.isEmpty()) {
      return "";
    }
    StringJoiner fees = new StringJoiner(", ", "\"fees\": {", "}, ");
    known.forEach((unit, rate) -> fees.add(quoted(unit.wireName()) + ": " + quoted(rate)));
    return fees.toString();
  }

  private String written(Model model, Set<String> names, Set<String> prefixes) {
    StringJoiner cards = new StringJoiner(", ");
    for (Card card : model.cards) {
      StringJoiner members = new StringJoiner(", ", "{", "}");
      if (card.from() != null) {
        members.add("\"from\": " + quoted(card.from()));
      }
      if (card.until() != null) {
        members.add("\"until\": " + quoted(card.until()));
      }
      if (!card.when().isEmpty()) {
        StringJoiner when = new StringJoiner(", ", "{", "}");
        card.when().forEach((name, value) -> when.add(quoted(name) + ": " + value));
        members.add("\"when\": " + when);
      }
      if (card.rates().isEmpty()) {
        members.add("\"free\": true");
      } else {
        StringJoiner rates = new StringJoiner(", ", "{", "}");
        card.rates()
            .forEach((unit, rate) -> rates.add(quoted(unit.wireName()) + ": " + quoted(rate)));
        members.add("\"rates\": " + rates);
      }
      cards.add(members.add("\"source\": " + quoted(version)).toString());
    }
    StringBuilder text = new StringBuilder("{\"cards\": [" + cards + "]");
    list(text, "aliases", model.aliases, names);
    list(text, "prefixes", model.prefixes, prefixes);
    if (!model.adjustments.isEmpty()) {
      text.append(", \"adjustments\": [").append(String.join(", ", model.adjustments)).append("]");
    }
    if (model.pricedBy != null) {
      text.append(", \"prices_by\": ").append(model.pricedBy);
    }
    return text.append("}").toString();
  }

  /** A name belongs to the first model in the table that has it. */
  private static void list(StringBuilder text, String key, Set<String> names, Set<String> taken) {
    StringJoiner free = new StringJoiner(", ", "[", "]").setEmptyValue("");
    for (String name : names) {
      if (taken.add(name.toLowerCase(Locale.ROOT))) {
        free.add(quoted(name));
      }
    }
    if (free.length() > 0) {
      text.append(", \"").append(key).append("\": ").append(free);
    }
  }

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
