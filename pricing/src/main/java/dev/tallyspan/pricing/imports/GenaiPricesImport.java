package dev.tallyspan.pricing.imports;

import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.imports.ImportedModels.Card;
import dev.tallyspan.pricing.imports.ImportedModels.Model;
import dev.tallyspan.pricing.internal.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Imports pydantic/genai-prices' data, version 2.
 *
 * <p>Peculiarities: the suffix of a key is the unit of its price; a tier begins above its start, so
 * that 199999 means ">= 200000"; no prices at all means free; of several constrained prices the
 * last that applies wins, and none has both a date and a daily window; a model is found by the
 * first clause in the order of the file. "Contains" clauses also match other models and are not
 * imported.
 */
final class GenaiPricesImport {
  private static final Map<String, Unit> UNITS =
      Map.ofEntries(
          Map.entry("input", Unit.INPUT),
          Map.entry("output", Unit.OUTPUT),
          Map.entry("cache_read", Unit.CACHE_READ),
          Map.entry("cache_write", Unit.CACHE_WRITE_5M),
          Map.entry("cache_write_1h", Unit.CACHE_WRITE_1H),
          Map.entry("input_audio", Unit.AUDIO_INPUT),
          Map.entry("cache_audio_read", Unit.AUDIO_CACHE_READ),
          Map.entry("output_audio", Unit.AUDIO_OUTPUT),
          Map.entry("input_image", Unit.IMAGE_INPUT),
          Map.entry("cache_image_read", Unit.IMAGE_CACHE_READ),
          Map.entry("output_image", Unit.IMAGE_OUTPUT),
          Map.entry("input_video", Unit.VIDEO_INPUT),
          Map.entry("output_video", Unit.VIDEO_OUTPUT),
          Map.entry("output_reasoning", Unit.REASONING),
          Map.entry("output_citation", Unit.CITATION),
          Map.entry("web_searches", Unit.WEB_SEARCH),
          Map.entry("storage_searches", Unit.FILE_SEARCH),
          Map.entry("requests", Unit.REQUEST),
          Map.entry("audio", Unit.AUDIO_INPUT_SECONDS),
          Map.entry("input_audio_h", Unit.AUDIO_INPUT_SECONDS),
          Map.entry("input_document", Unit.PAGES),
          Map.entry("input_annotated_document", Unit.ANNOTATED_PAGES));

  private final ImportedModels models;

  GenaiPricesImport(ImportedModels models) {
    this.models = models;
  }

  /** The list of providers; later versions have it in an object, beside the units. */
  static JsonValue providers(JsonValue root) {
    return root instanceof JsonValue.Obj object
            && object.get("providers") instanceof JsonValue.Arr list
        ? list
        : root;
  }

  void read(JsonValue.Arr providers) {
    for (JsonValue element : providers.elements()) {
      if (element instanceof JsonValue.Obj provider
          && provider.get("id") instanceof JsonValue.Str id
          && provider.get("models") instanceof JsonValue.Arr list) {
        for (JsonValue model : list.elements()) {
          if (model instanceof JsonValue.Obj fields
              && fields.get("id") instanceof JsonValue.Str name) {
            read(id.text(), name.text(), fields);
          }
        }
      }
    }
  }

  private void read(String provider, String name, JsonValue.Obj fields) {
    Model model = new Model();
    List<JsonValue> entries =
        fields.get("prices") instanceof JsonValue.Arr dated
            ? dated.elements()
            : List.of(new JsonValue.Obj(Map.of("prices", fields.get("prices")), fields.line()));
    boolean dates = false;
    boolean windows = false;
    for (JsonValue entry : entries) {
      if (!(entry instanceof JsonValue.Obj price)
          || !(price.get("prices") instanceof JsonValue.Obj prices)) {
        return;
      }
      Map<String, String> when = new LinkedHashMap<>();
      String from = null;
      if (price.get("constraint") instanceof JsonValue.Obj constraint) {
        if (constraint.get("start_date") instanceof JsonValue.Str date) {
          from = date.text();
          dates = true;
        } else if (constraint.get("start_time") instanceof JsonValue.Str start
            && constraint.get("end_time") instanceof JsonValue.Str end) {
          windows = true;
          when.put("time", window(start.text(), end.text()));
        }
      }
      if (!addCards(model, from, when.isEmpty() ? next(entries, from) : null, when, prices)) {
        models.note(provider + "/" + name + ": left out, it has an unknown unit");
        return;
      }
    }
    if (dates && windows) {
      models.note(provider + "/" + name + ": left out, its time windows have no start date");
      return;
    }
    if (windows) {
      models.note(provider + "/" + name + ": variants left out, it has time windows");
    } else if (!model.cards.isEmpty()
        && fields.get("price_variants") instanceof JsonValue.Arr variants) {
      addVariants(model, provider + "/" + name, variants);
    }
    names(fields.get("match"), model);
    models.add(provider, name, model);
  }

  /**
   * Adds prices for a tier or a speed. They are split at every size of prompt at which a price of
   * the model changes, so that each size has exactly one card.
   */
  private void addVariants(Model model, String name, JsonValue.Arr variants) {
    TreeSet<Long> starts = new TreeSet<>();
    for (JsonValue.Obj prices : allPrices(variants)) {
      starts.addAll(starts(prices));
    }
    starts.addAll(model.starts);
    String chosen = null;
    Set<String> seen = new HashSet<>();
    for (JsonValue element : variants.elements()) {
      if (!(element instanceof JsonValue.Obj variant)
          || !(variant.get("prices") instanceof JsonValue.Obj prices)
          || !(variant.get("when") instanceof JsonValue.Obj when)) {
        continue;
      }
      Map<String, String> condition = condition(when);
      if (condition == null) {
        models.note(name + ": a variant left out, its condition is unknown");
        continue;
      }
      if (condition.isEmpty()) {
        continue;
      }
      String dimension = condition.keySet().iterator().next();
      chosen = chosen == null ? dimension : chosen;
      if (!dimension.equals(chosen)) {
        models.note(name + ": a variant left out, how it combines with another is unknown");
        continue;
      }
      String from =
          variant.get("constraint") instanceof JsonValue.Obj constraint
                  && constraint.get("start_date") instanceof JsonValue.Str date
              ? date.text()
              : null;
      // One tier under two names ("fast" is OpenAI's newer name of "priority").
      if (seen.add(condition + "@" + from)) {
        addCards(model, from, /* until= */ null, condition, prices, starts);
      }
    }
  }

  private static List<JsonValue.Obj> allPrices(JsonValue.Arr variants) {
    List<JsonValue.Obj> all = new ArrayList<>();
    for (JsonValue element : variants.elements()) {
      if (element instanceof JsonValue.Obj variant
          && variant.get("prices") instanceof JsonValue.Obj prices) {
        all.add(prices);
      }
    }
    return all;
  }

  /** Null if it is not supported; empty if it is the standard. */
  private static @Nullable Map<String, String> condition(JsonValue.Obj when) {
    if (when.members().size() != 1) {
      return null;
    }
    Map.Entry<String, JsonValue> term = when.members().entrySet().iterator().next();
    String value = term.getValue() instanceof JsonValue.Str text ? text.text() : "";
    String name =
        switch (term.getKey()) {
          case "processing", "service_tier" -> "service_tier";
          case "speed" -> "speed";
          default -> null;
        };
    if (name == null || value.isEmpty()) {
      return null;
    }
    String canonical = PriceRequest.canonical(name, value);
    return canonical == null ? Map.of() : Map.of(name, ImportedModels.quoted(canonical));
  }

  /** The next date on which prices change. A surcharge must end there. */
  private static @Nullable String next(List<JsonValue> entries, @Nullable String from) {
    String next = null;
    for (JsonValue entry : entries) {
      if (entry instanceof JsonValue.Obj price
          && price.get("constraint") instanceof JsonValue.Obj constraint
          && constraint.get("start_date") instanceof JsonValue.Str date
          && (from == null || date.text().compareTo(from) > 0)
          && (next == null || date.text().compareTo(next) < 0)) {
        next = date.text();
      }
    }
    return next;
  }

  private static boolean addCards(
      Model model,
      @Nullable String from,
      @Nullable String until,
      Map<String, String> when,
      JsonValue.Obj prices) {
    TreeSet<Long> starts = starts(prices);
    model.starts.addAll(starts);
    return addCards(model, from, until, when, prices, starts);
  }

  private static TreeSet<Long> starts(JsonValue.Obj prices) {
    TreeSet<Long> starts = new TreeSet<>();
    starts.add(-1L);
    for (JsonValue value : prices.members().values()) {
      for (Tier tier : tiers(value)) {
        starts.add(tier.start());
      }
    }
    return starts;
  }

  private static boolean addCards(
      Model model,
      @Nullable String from,
      @Nullable String until,
      Map<String, String> when,
      JsonValue.Obj prices,
      TreeSet<Long> starts) {
    List<Long> ordered = new ArrayList<>(starts);
    for (int i = 0; i < ordered.size(); i++) {
      Map<Unit, String> rates = new EnumMap<>(Unit.class);
      for (Map.Entry<String, JsonValue> entry : prices.members().entrySet()) {
        if (!addRate(rates, entry.getKey(), price(entry.getValue(), ordered.get(i)))) {
          return false;
        }
      }
      Map<String, String> conditions = new LinkedHashMap<>(when);
      String bound = i == 0 ? "" : ">" + ordered.get(i);
      bound += i + 1 < ordered.size() ? " <=" + ordered.get(i + 1) : "";
      if (!bound.isEmpty()) {
        conditions.put("input_tokens", ImportedModels.quoted(bound.trim()));
      }
      model.cards.add(new Card(from, until, conditions, rates));
    }
    return true;
  }

  private static boolean addRate(Map<Unit, String> rates, String key, @Nullable BigDecimal price) {
    int cut = key.lastIndexOf('_');
    Unit unit = cut < 0 ? null : UNITS.get(key.substring(0, cut));
    String suffix = cut < 0 ? "" : key.substring(cut + 1);
    if (key.equals("input_audio_hours")) {
      unit = Unit.AUDIO_INPUT_SECONDS;
    }
    if (unit == null || price == null) {
      return false;
    }
    String per =
        switch (suffix) {
          case "mtok", "mchars" -> "/M";
          case "kcount", "kpages" -> "/k";
          case "hours" -> "/3600";
          default -> null;
        };
    if (per == null) {
      return false;
    }
    rates.put(unit, ImportedModels.plain(price) + per);
    return true;
  }

  private static @Nullable BigDecimal price(JsonValue value, long start) {
    if (value instanceof JsonValue.Num flat) {
      return flat.value();
    }
    if (!(value instanceof JsonValue.Obj tiered
        && tiered.get("base") instanceof JsonValue.Num base)) {
      return null;
    }
    BigDecimal price = base.value();
    for (Tier tier : tiers(value)) {
      if (tier.start() <= start) {
        price = tier.price();
      }
    }
    return price;
  }

  /** A price for prompts of more tokens than {@code start}. */
  private record Tier(long start, BigDecimal price) {}

  private static List<Tier> tiers(JsonValue value) {
    List<Tier> tiers = new ArrayList<>();
    if (value instanceof JsonValue.Obj tiered
        && tiered.get("tiers") instanceof JsonValue.Arr list) {
      for (JsonValue element : list.elements()) {
        if (element instanceof JsonValue.Obj tier
            && tier.get("start") instanceof JsonValue.Num start
            && tier.get("price") instanceof JsonValue.Num price) {
          tiers.add(new Tier(start.value().longValue(), price.value()));
        }
      }
    }
    return tiers;
  }

  private static String window(String start, String end) {
    return "{\"zone\": \"UTC\", \"hours\": [\""
        + start.substring(0, 5)
        + "-"
        + end.substring(0, 5)
        + "\"]}";
  }

  private static void names(@Nullable JsonValue match, Model model) {
    if (!(match instanceof JsonValue.Obj clause)) {
      return;
    }
    if (clause.get("equals") instanceof JsonValue.Str name) {
      model.aliases.add(name.text());
    }
    if (clause.get("starts_with") instanceof JsonValue.Str prefix) {
      model.prefixes.add(prefix.text().replaceFirst("[-@]$", ""));
    }
    if (clause.get("or") instanceof JsonValue.Arr any) {
      any.elements().forEach(one -> names(one, model));
    }
  }
}
