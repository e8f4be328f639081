package dev.tallyspan.pricing.imports;

import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.imports.ImportedModels.Card;
import dev.tallyspan.pricing.imports.ImportedModels.Model;
import dev.tallyspan.pricing.internal.JsonValue;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Imports tables that have a single set of prices for each model. */
final class SimpleImports {
  /**
   * Langfuse's patterns that match only whole names: alternatives between anchors, after an
   * optional vendor.
   */
  private static final Pattern WHOLE_NAMES =
      Pattern.compile("\\(\\?i\\)\\^(?:\\([a-z]+/\\)\\?)?\\(?([A-Za-z0-9.:@|-]+)\\)?\\$");

  private static final Map<String, Unit> PORTKEY =
      Map.of(
          "request_token", Unit.INPUT,
          "response_token", Unit.OUTPUT,
          "cache_read_input_token", Unit.CACHE_READ,
          "cache_write_input_token", Unit.CACHE_WRITE_5M,
          "request_audio_token", Unit.AUDIO_INPUT,
          "response_audio_token", Unit.AUDIO_OUTPUT,
          "cache_read_audio_input_token", Unit.AUDIO_CACHE_READ);

  private static final Map<String, Unit> MODELS_DEV =
      Map.of(
          "input", Unit.INPUT,
          "output", Unit.OUTPUT,
          "cache_read", Unit.CACHE_READ,
          "cache_write", Unit.CACHE_WRITE_5M,
          "reasoning", Unit.REASONING,
          "input_audio", Unit.AUDIO_INPUT,
          "output_audio", Unit.AUDIO_OUTPUT);

  private static final Map<String, Unit> LANGFUSE =
      Map.of(
          "input", Unit.INPUT,
          "output", Unit.OUTPUT,
          "input_cache_read", Unit.CACHE_READ,
          "input_cached_tokens", Unit.CACHE_READ,
          "input_cache_creation", Unit.CACHE_WRITE_5M,
          "input_cache_creation_1h", Unit.CACHE_WRITE_1H);

  private final ImportedModels models;

  SimpleImports(ImportedModels models) {
    this.models = models;
  }

  /** Dollars per million; "context_over_200k" is a legacy name whose threshold is not 200k. */
  void modelsDev(JsonValue.Obj table) {
    each(
        table,
        (provider, entry) ->
            each(
                entry.get("models") instanceof JsonValue.Obj listed ? listed : entry,
                (name, model) -> {
                  if (model.get("cost") instanceof JsonValue.Obj cost) {
                    if (cost.get("context_over_200k") != null || cost.get("tiers") != null) {
                      models.note(provider + "/" + name + ": left out, its threshold is uncertain");
                    } else {
                      add(provider, name, prices(cost, MODELS_DEV, BigDecimal.valueOf(1_000_000)));
                    }
                  }
                }));
  }

  /** Cents per token. The entry "default" is zero for everything, and is not a price. */
  void portkey(JsonValue.Obj table) {
    each(
        table,
        (provider, entries) ->
            each(
                entries,
                (name, entry) -> {
                  boolean product = entry.get("custom_pricing") instanceof JsonValue.Obj;
                  if (product || name.matches(".*-(lte|gt)-\\d+k")) {
                    models.note(
                        provider
                            + "/"
                            + name
                            + ": left out, its prices depend on the context size");
                  } else if (!name.equals("default")
                      && entry.get("pricing_config") instanceof JsonValue.Obj config
                      && config.get("pay_as_you_go") instanceof JsonValue.Obj prices) {
                    add(provider, name, cents(prices));
                  }
                }));
  }

  /**
   * Dollars per thousand. The table has a price for writes to Gemini's cache, which Google does not
   * charge.
   */
  void openlit(JsonValue.Obj table) {
    if (table.get("chat") instanceof JsonValue.Obj chat) {
      Map<String, Unit> fields =
          Map.of(
              "promptPrice", Unit.INPUT,
              "completionPrice", Unit.OUTPUT,
              "cacheReadPrice", Unit.CACHE_READ,
              "cacheCreationPrice", Unit.CACHE_WRITE_5M);
      each(
          chat,
          (name, entry) -> {
            Map<Unit, BigDecimal> prices = prices(entry, fields, BigDecimal.valueOf(1000));
            if (name.contains("gemini")) {
              prices.remove(Unit.CACHE_WRITE_5M);
            }
            addToOwner(name, prices);
          });
    }
    if (table.get("embeddings") instanceof JsonValue.Obj embeddings) {
      embeddings
          .members()
          .forEach(
              (name, price) -> {
                if (price instanceof JsonValue.Num number) {
                  addToOwner(name, Map.of(Unit.INPUT, number.value().movePointLeft(3)));
                }
              });
    }
  }

  /** Dollars per token. A unit may have several names, and tiers are conditions on them. */
  void langfuse(JsonValue.Arr table) {
    for (JsonValue element : table.elements()) {
      if (!(element instanceof JsonValue.Obj model)
          || !(model.get("modelName") instanceof JsonValue.Str name)
          || !(model.get("pricingTiers") instanceof JsonValue.Arr tiers)) {
        continue;
      }
      String pattern =
          model.get("matchPattern") instanceof JsonValue.Str given ? given.text() : name.text();
      Matcher names = WHOLE_NAMES.matcher(pattern.replace("\\", ""));
      if (tiers.elements().size() != 1 || !names.matches()) {
        models.note(
            name.text() + ": left out, it has tiers, or a pattern that is not a list of names");
      } else if (tiers.elements().get(0) instanceof JsonValue.Obj tier
          && tier.get("prices") instanceof JsonValue.Obj prices) {
        for (String one : names.group(1).split("\\|")) {
          addToOwner(one, prices(prices, LANGFUSE, BigDecimal.ONE));
        }
      }
    }
  }

  private void addToOwner(String name, Map<Unit, BigDecimal> prices) {
    String owner = PriceCatalog.shipped().ownerOf(name);
    if (owner == null) {
      models.note(name + ": left out, the table does not name its provider");
    } else {
      add(owner, name, prices);
    }
  }

  private void add(String provider, String name, Map<Unit, BigDecimal> prices) {
    Map<Unit, String> rates = new EnumMap<>(Unit.class);
    for (Map.Entry<Unit, BigDecimal> price : prices.entrySet()) {
      if (ImportedModels.absurd(price.getKey(), price.getValue())) {
        models.note(provider + "/" + name + ": left out, a price is absurd");
        return;
      }
      boolean fresh = price.getKey() == Unit.INPUT || price.getKey() == Unit.OUTPUT;
      // Beside other prices, zero is a price for input and output, and "unknown" for all other
      // units.
      if (fresh || price.getValue().signum() > 0) {
        rates.put(price.getKey(), ImportedModels.rate(price.getKey(), price.getValue()));
      }
    }
    if (prices.values().stream().allMatch(price -> price.signum() == 0)) {
      models.note(provider + "/" + name + ": left out, all its prices are zero");
      return;
    }
    Model model = new Model();
    model.cards.add(new Card(null, null, Map.of(), rates));
    models.add(provider, name, model);
  }

  private static Map<Unit, BigDecimal> cents(JsonValue.Obj prices) {
    Map<Unit, BigDecimal> found = new LinkedHashMap<>();
    PORTKEY.forEach((field, unit) -> putCents(found, unit, prices.get(field)));
    if (prices.get("additional_units") instanceof JsonValue.Obj more) {
      putCents(found, Unit.CACHE_WRITE_1H, more.get("cache_write_1h"));
    }
    return found;
  }

  private static void putCents(Map<Unit, BigDecimal> found, Unit unit, @Nullable JsonValue field) {
    if (field instanceof JsonValue.Obj wrapped
        && wrapped.get("price") instanceof JsonValue.Num price) {
      found.put(unit, price.value().movePointLeft(2));
    }
  }

  private static Map<Unit, BigDecimal> prices(
      JsonValue.Obj fields, Map<String, Unit> units, BigDecimal per) {
    Map<Unit, BigDecimal> prices = new EnumMap<>(Unit.class);
    units.forEach(
        (field, unit) -> {
          if (fields.get(field) instanceof JsonValue.Num number) {
            prices.put(unit, number.value().divide(per));
          }
        });
    return prices;
  }

  private static void each(JsonValue.Obj object, Entry entry) {
    object
        .members()
        .forEach(
            (name, value) -> {
              if (value instanceof JsonValue.Obj found) {
                entry.accept(name, found);
              }
            });
  }

  private interface Entry {
    void accept(String name, JsonValue.Obj entry);
  }
}
