package dev.tallyspan.pricing.imports;

import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.imports.ImportedModels.Card;
import dev.tallyspan.pricing.imports.ImportedModels.Model;
import dev.tallyspan.pricing.internal.JsonValue;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/*
 * LiteLLM's table is flat: the dimensions of a price are suffixes of its fields, and a combination that has no field is
 * looked up without its suffix by LiteLLM itself, which bills long flex prompts at the standard rate, twice too much. Here
 * the suffixes become conditions, and a tier without a field for long prompts has no card for them.
 *
 * Other traps: "_above_1hr" is a lifetime and no threshold; xAI's thresholds are inclusive and all others are not;
 * "input_cost_per_token_cache_hit" repeats the cache read price; transcription models have the same second on both sides;
 * quotients carry the noise of floating point; zero means unknown as often as free; keys such as
 * "1024-x-1024/50-steps/m" hold size and steps, which no condition here can be matched with; a provider has variants
 * ("vertex_ai-anthropic_models").
 */
/** Imports {@code model_prices_and_context_window.json}. */
final class LiteLlmImport {
  private static final Set<String> RESERVED =
      Set.of("sample_spec", "fallback_generalizations", "last_updated");
  private static final Pattern SIZED =
      Pattern.compile("(.*/)?(\\d+-x-\\d+|\\d+-steps|max-x-max|standard|hd|low|medium|high)/.*");
  private static final Pattern THRESHOLD = Pattern.compile("(.*)_above_(\\d+)(k?)_tokens");
  private static final Map<String, Unit> UNITS =
      Map.ofEntries(
          Map.entry("input_cost_per_token", Unit.INPUT),
          Map.entry("output_cost_per_token", Unit.OUTPUT),
          Map.entry("cache_read_input_token_cost", Unit.CACHE_READ),
          Map.entry("cache_creation_input_token_cost", Unit.CACHE_WRITE_5M),
          Map.entry("cache_creation_input_token_cost_above_1hr", Unit.CACHE_WRITE_1H),
          Map.entry("output_cost_per_reasoning_token", Unit.REASONING),
          Map.entry("input_cost_per_audio_token", Unit.AUDIO_INPUT),
          Map.entry("output_cost_per_audio_token", Unit.AUDIO_OUTPUT),
          Map.entry("cache_read_input_audio_token_cost", Unit.AUDIO_CACHE_READ),
          Map.entry("input_cost_per_image_token", Unit.IMAGE_INPUT),
          Map.entry("output_cost_per_image_token", Unit.IMAGE_OUTPUT),
          Map.entry("input_cost_per_image", Unit.IMAGES_INPUT),
          Map.entry("output_cost_per_image", Unit.IMAGES_OUTPUT),
          Map.entry("input_cost_per_pixel", Unit.PIXELS_INPUT),
          Map.entry("output_cost_per_pixel", Unit.PIXELS_OUTPUT),
          Map.entry("input_cost_per_second", Unit.AUDIO_INPUT_SECONDS),
          Map.entry("output_cost_per_second", Unit.AUDIO_OUTPUT_SECONDS),
          Map.entry("input_cost_per_character", Unit.CHARACTERS_INPUT),
          Map.entry("output_cost_per_character", Unit.CHARACTERS_OUTPUT),
          Map.entry("input_cost_per_query", Unit.RERANK_SEARCH),
          Map.entry("ocr_cost_per_page", Unit.PAGES),
          Map.entry("annotation_cost_per_page", Unit.ANNOTATED_PAGES));

  private final ImportedModels models;

  LiteLlmImport(ImportedModels models) {
    this.models = models;
  }

  void read(JsonValue.Obj table) {
    for (Map.Entry<String, JsonValue> entry : table.members().entrySet()) {
      String key = entry.getKey();
      if (RESERVED.contains(key) || !(entry.getValue() instanceof JsonValue.Obj fields)) {
        continue;
      }
      if (SIZED.matcher(key).matches()) {
        models.note(key + ": left out, its name contains a size or quality");
      } else if (fields.get("litellm_provider") instanceof JsonValue.Str provider) {
        read(key, provider.text().replaceFirst("^vertex_ai-.*", "vertex_ai"), fields);
      }
    }
  }

  private void read(String key, String provider, JsonValue.Obj fields) {
    boolean heard =
        fields.get("mode") instanceof JsonValue.Str mode
            && mode.text().equals("audio_transcription");
    Map<Place, Map<Unit, BigDecimal>> grid = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> field : fields.members().entrySet()) {
      Cell cell = Cell.of(field.getKey());
      if (cell == null || !(field.getValue() instanceof JsonValue.Num number)) {
        continue;
      }
      if (heard && cell.unit() == Unit.AUDIO_OUTPUT_SECONDS) {
        continue;
      }
      if (ImportedModels.absurd(cell.unit(), number.value())) {
        models.note(key + ": left out, " + field.getKey() + " is absurd");
        return;
      }
      grid.computeIfAbsent(cell.place(), c -> new EnumMap<>(Unit.class))
          .put(cell.unit(), number.value());
    }
    Model model = new Model();
    addCards(model, grid, provider.equals("xai"));
    if (model.cards.isEmpty() && fields.get("tiered_pricing") instanceof JsonValue.Arr tiers) {
      addRanges(model, tiers);
    }
    if (model.cards.isEmpty()) {
      models.note(key + ": left out, all its prices are zero");
      return;
    }
    addUplift(model, fields);
    models.add(
        provider,
        key.startsWith(provider + "/") ? key.substring(provider.length() + 1) : key,
        model);
  }

  private void addCards(Model model, Map<Place, Map<Unit, BigDecimal>> grid, boolean inclusive) {
    Map<Long, Boolean> thresholds = new TreeMap<>();
    grid.keySet().forEach(place -> thresholds.put(place.threshold(), true));
    for (Map.Entry<Place, Map<Unit, BigDecimal>> entry : grid.entrySet()) {
      Place place = entry.getKey();
      Map<Unit, BigDecimal> rates = new EnumMap<>(Unit.class);
      if (place.threshold() > 0) {
        rates.putAll(grid.getOrDefault(new Place(place.tier(), 0), Map.of()));
      }
      rates.putAll(entry.getValue());
      if (rates.values().stream().allMatch(price -> price.signum() == 0)) {
        continue;
      }
      Map<String, String> when = new LinkedHashMap<>();
      String tier = place.tier();
      if (tier != null) {
        when.put("service_tier", ImportedModels.quoted(tier));
      }
      String bound = bound(place, thresholds.keySet(), grid.keySet(), inclusive);
      if (bound != null) {
        when.put("input_tokens", ImportedModels.quoted(bound));
      }
      model.cards.add(new Card(null, null, when, texts(rates)));
    }
  }

  /**
   * The range from a threshold to the next one of the tier. A tier ends at the first threshold that
   * it has no prices for.
   */
  private static @Nullable String bound(
      Place place, Set<Long> all, Set<Place> known, boolean inclusive) {
    String above = inclusive ? ">=" : ">";
    String below = inclusive ? "<" : "<=";
    String lower = place.threshold() > 0 ? above + place.threshold() : "";
    for (long next : all) {
      boolean facts = known.contains(new Place(place.tier(), next));
      if (next > place.threshold() && (place.tier() != null && !facts || place.threshold() > 0)) {
        return (lower + " " + below + next).trim();
      }
    }
    return lower.isEmpty() ? null : lower;
  }

  /** Ranges are {@code start < tokens <= end}; above the last end no price is published. */
  private void addRanges(Model model, JsonValue.Arr tiers) {
    for (JsonValue element : tiers.elements()) {
      Map<Unit, BigDecimal> rates = new EnumMap<>(Unit.class);
      if (!(element instanceof JsonValue.Obj tier)
          || !(tier.get("range") instanceof JsonValue.Arr range)
          || range.elements().size() != 2
          || !(range.elements().get(0) instanceof JsonValue.Num start)
          || !(range.elements().get(1) instanceof JsonValue.Num end)) {
        model.cards.clear();
        return;
      }
      for (Map.Entry<String, JsonValue> field : tier.members().entrySet()) {
        Unit unit = UNITS.get(field.getKey());
        if (unit != null && field.getValue() instanceof JsonValue.Num number) {
          rates.put(unit, number.value());
        }
      }
      String lower = start.value().signum() == 0 ? "" : ">" + start.value().longValue() + " ";
      Map<String, String> when =
          Map.of("input_tokens", ImportedModels.quoted(lower + "<=" + end.value().longValue()));
      model.cards.add(new Card(null, null, when, texts(rates)));
    }
  }

  private static void addUplift(Model model, JsonValue.Obj fields) {
    adjust(model, "geo", "!global", fields.get("regional_endpoint_uplift_multiplier"));
    if (fields.get("provider_specific_entry") instanceof JsonValue.Obj specific
        && fields.get("litellm_provider") instanceof JsonValue.Str provider
        && provider.text().equals("anthropic")) {
      adjust(model, "geo", "us", specific.get("us"));
      // The table once had a factor of 6, and has withdrawn it as wrong.
      if (specific.get("fast") instanceof JsonValue.Num fast && fast.value().intValue() < 6) {
        adjust(model, "speed", "fast", fast);
      }
    }
    for (String geo : new String[] {"eu", "us"}) {
      adjust(model, "geo", geo, fields.get("regional_processing_uplift_multiplier_" + geo));
    }
  }

  private static void adjust(
      Model model, String dimension, String value, @Nullable JsonValue factor) {
    if (factor instanceof JsonValue.Num number) {
      model.adjustments.add(
          "{\"when\": {\""
              + dimension
              + "\": \""
              + value
              + "\"}, \"factor\": \""
              + number.value().toPlainString()
              + "\"}");
      if (dimension.equals("geo")) {
        model.pricedBy = "{\"geo\": [\"global\"]}";
      }
    }
  }

  private static Map<Unit, String> texts(Map<Unit, BigDecimal> rates) {
    Map<Unit, String> texts = new EnumMap<>(Unit.class);
    rates.forEach((unit, price) -> texts.put(unit, ImportedModels.rate(unit, price)));
    return texts;
  }

  /**
   * The position of a price in the grid of a model's prices.
   *
   * @param tier null = standard
   * @param threshold in tokens; 0 = none
   */
  private record Place(@Nullable String tier, long threshold) {}

  /** The meaning of a field of the table. */
  private record Cell(Unit unit, Place place) {
    static @Nullable Cell of(String field) {
      String rest = field;
      String tier = null;
      for (String known : new String[] {"flex", "priority", "batches"}) {
        if (rest.endsWith("_" + known)) {
          tier = known.equals("batches") ? "batch" : known;
          rest = rest.substring(0, rest.length() - known.length() - 1);
        }
      }
      long threshold = 0;
      Matcher above = THRESHOLD.matcher(rest);
      if (above.matches()) {
        threshold = Long.parseLong(above.group(2)) * (above.group(3).isEmpty() ? 1 : 1000);
        rest = above.group(1);
      }
      Unit unit = UNITS.get(rest);
      return unit == null ? null : new Cell(unit, new Place(tier, threshold));
    }
  }
}
