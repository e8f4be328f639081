package dev.tallyspan.pricing;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** The models that an import has found, and the catalog text that is made of them. */
final class ImportedModels {
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
  private static final BigDecimal MAX_TOKEN_PRICE = new BigDecimal("0.01");
  private static final MathContext GENUINE_DIGITS = new MathContext(12);

  private final String version;
  private final Map<String, Map<String, Model>> providers = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private int count;

  ImportedModels(String version) {
    this.version = version;
  }

  /**
   * A model to be written; a later one of the same name is ignored, as tables list the best first.
   */
  static final class Model {
    final List<Card> cards = new ArrayList<>();
    final Set<String> aliases = new LinkedHashSet<>();
    final Set<String> prefixes = new LinkedHashSet<>();
    final List<String> adjustments = new ArrayList<>();
  }

  /**
   * A card to be written.
   *
   * @param from a date, or null
   * @param until a date, or null
   * @param when members of the condition as JSON, in order
   * @param rates prices by unit as the catalog writes them; empty for free
   */
  record Card(String from, String until, Map<String, String> when, Map<Unit, String> rates) {}

  /** Adds a model unless it has no card or an absurd rate; returns whether it did. */
  boolean add(String provider, String name, Model model) {
    if (model.cards.isEmpty()) {
      return false;
    }
    Provider known = PriceCatalog.shipped().named(provider);
    String id = known == null ? provider : known.id();
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

  /** Whether a price for one token is a slip of the decimal point. */
  static boolean absurd(Unit unit, BigDecimal price) {
    return price.signum() < 0 || unit.isToken() && price.compareTo(MAX_TOKEN_PRICE) > 0;
  }

  /** A price for one unit as the catalog writes it, rid of the noise of floating point. */
  static String rate(Unit unit, BigDecimal price) {
    BigDecimal genuine = price.precision() > 12 ? price.round(GENUINE_DIGITS) : price;
    return unit.isToken()
        ? Rate.plain(genuine.multiply(MILLION)).toPlainString() + "/M"
        : Rate.plain(genuine).toPlainString();
  }

  String write() {
    StringJoiner blocks = new StringJoiner(",\n");
    for (Map.Entry<String, Map<String, Model>> provider : providers.entrySet()) {
      Set<String> taken = new HashSet<>();
      provider.getValue().keySet().forEach(name -> taken.add(name.toLowerCase(Locale.ROOT)));
      Set<String> prefixes = new HashSet<>();
      Set<String> written = new HashSet<>();
      StringJoiner models = new StringJoiner(",\n");
      for (Map.Entry<String, Model> model : provider.getValue().entrySet()) {
        if (written.add(model.getKey().toLowerCase(Locale.ROOT))) {
          models.add(
              "  " + quoted(model.getKey()) + ": " + written(model.getValue(), taken, prefixes));
        }
      }
      blocks.add(" " + quoted(provider.getKey()) + ": {\"models\": {\n" + models + "\n }}");
    }
    return "{\"format\": \"tallyspan-prices/1\", \"version\": "
        + quoted(version)
        + ", \"currency\": \"USD\", \"providers\": {\n"
        + blocks
        + "\n}}\n";
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
    return text.append("}").toString();
  }

  /** One name, one model: the first in the table's order has it. */
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
