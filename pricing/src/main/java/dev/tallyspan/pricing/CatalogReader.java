package dev.tallyspan.pricing;

import dev.tallyspan.pricing.internal.JsonValue;
import dev.tallyspan.pricing.internal.StrictJsonReader;
import dev.tallyspan.pricing.internal.StrictJsonReader.JsonException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Reads the catalog format {@value #FORMAT}; see {@code docs/pricing.md}. */
final class CatalogReader {
  static final String FORMAT = "tallyspan-prices/1";

  private static final BigDecimal MAX_FACTOR = BigDecimal.valueOf(10);

  private final String source;
  private final boolean whole;
  private final Map<String, Provider> byAlias = new HashMap<>();
  private final Map<String, HostRule> hosts = new HashMap<>();
  private final List<ModelResolver.Owner> owners = new ArrayList<>();
  private final Map<String, JsonValue> fallbackNames = new LinkedHashMap<>();
  private final CatalogFaults faults = new CatalogFaults();
  private String currency = "";

  /** Creates a reader of a text that may have faults. */
  CatalogReader(String source) {
    this(source, /* whole= */ true);
  }

  /**
   * @param whole whether the rate cards of all models are read and checked. If not, each model's
   *     are read when it is priced for the first time, which is half of the time for a text that is
   *     known to have no faults
   */
  CatalogReader(String source, boolean whole) {
    this.source = source;
    this.whole = whole;
  }

  PriceCatalog read(String text) throws CatalogException {
    JsonValue root;
    try {
      root = StrictJsonReader.read(text);
    } catch (JsonException e) {
      throw new CatalogException(
          source + ":" + e.line() + " " + e.getMessage() + "; the file must be JSON", e);
    }
    return read(new Fields(source, root));
  }

  private PriceCatalog read(Fields catalog) throws CatalogException {
    JsonValue format = catalog.required("format");
    if (!(format instanceof JsonValue.Str given && given.text().equals(FORMAT))) {
      throw catalog.error(format, "unknown format", "this version reads \"" + FORMAT + "\"");
    }
    Edition edition =
        Edition.of(catalog.text("version"), catalog.day("as_of"), catalog.textOrNull("table"));
    String money = catalog.currency();
    PriceCatalog[] read = new PriceCatalog[1];
    CatalogFaults all = new CatalogFaults();
    all.read(() -> read[0] = readProviders(catalog, edition, money));
    all.read(catalog::end);
    all.end();
    return read[0];
  }

  /** Reads the member {@code providers} of a catalog or of a contract. */
  PriceCatalog readProviders(Fields fields, Edition edition, String money) throws CatalogException {
    currency = money;
    boolean allKnown = true;
    for (Map.Entry<String, JsonValue> entry : fields.members("providers").entrySet()) {
      allKnown &= faults.read(() -> readProvider(entry.getKey(), entry.getValue()));
    }
    owners.sort(Comparator.comparing((ModelResolver.Owner o) -> -o.prefix().length()));
    Map<String, List<Provider>> fallbacks = new HashMap<>();
    if (allKnown) {
      for (Map.Entry<String, JsonValue> entry : fallbackNames.entrySet()) {
        faults.read(() -> fallbacks.put(entry.getKey(), fallback(entry.getValue())));
      }
    }
    faults.end();
    return new PriceCatalog(
        edition,
        currency,
        new ModelResolver(byAlias, hosts, owners, fallbacks),
        Discounts.NONE,
        /* earlier= */ null);
  }

  private void readProvider(String id, JsonValue json) throws CatalogException {
    Fields fields = new Fields(source, json);
    Set<String> aliases = new LinkedHashSet<>();
    aliases.add(ProviderNames.canonical(id));
    for (String alias : fields.texts("aliases")) {
      aliases.add(ProviderNames.canonical(alias));
    }
    Map<Unit, @Nullable Rate> fees = new EnumMap<>(Unit.class);
    faults.read(() -> fees.putAll(CardReader.fees(fields, "fees")));
    Provider provider =
        new Provider(
            id,
            aliases,
            patterns(fields, "versions", "$"),
            fields.texts("free_suffixes"),
            shape(fields),
            ConditionReader.pricedBy(fields),
            fees,
            /* base= */ null);
    faults.read(() -> addAliases(provider, json));
    faults.read(() -> readHosts(fields, provider));
    faults.read(() -> readOwned(fields, provider));
    JsonValue fallback = fields.optional("fallback");
    if (fallback != null) {
      fallbackNames.put(id, fallback);
    }
    CardReader cards = new CardReader(source, id, fees, faults);
    List<Adjustment> adjustments = adjustments(fields);
    for (Map.Entry<String, JsonValue> entry : fields.members("models").entrySet()) {
      faults.read(() -> readModel(provider, cards, adjustments, entry.getKey(), entry.getValue()));
    }
    faults.read(fields::end);
  }

  private void readOwned(Fields fields, Provider provider) throws CatalogException {
    for (String prefix : fields.texts("owns")) {
      owners.add(new ModelResolver.Owner(prefix.toLowerCase(Locale.ROOT), provider));
    }
  }

  private void addAliases(Provider provider, JsonValue json) throws CatalogException {
    byAlias.put(provider.id(), provider);
    for (String alias : provider.aliases()) {
      Provider other = byAlias.put(alias, provider);
      if (other != null && other != provider) {
        throw Fields.error(
            source,
            json.line(),
            "\"" + alias + "\" names two providers",
            "keep it for one of them");
      }
    }
  }

  private void readHosts(Fields fields, Provider provider) throws CatalogException {
    for (Map.Entry<String, JsonValue> host : fields.members("hosts").entrySet()) {
      faults.read(
          () -> {
            Fields rule = new Fields(source, host.getValue());
            String geo = rule.textOrNull("geo");
            String region = rule.textOrNull("region");
            rule.end();
            String name = host.getKey().toLowerCase(Locale.ROOT);
            if (!HostRule.isName(name)) {
              throw rule.error(
                  "\"" + name + "\" is not a host name",
                  "write a name, *.name, or a name with {region} or {geo} in it");
            }
            hosts.put(name, new HostRule(name, provider, geo, region));
          });
    }
  }

  private void readModel(
      Provider provider, CardReader reader, List<Adjustment> inherited, String id, JsonValue json)
      throws CatalogException {
    Fields fields = new Fields(source, json);
    Supplier<List<RateCard>> cards;
    if (whole) {
      List<RateCard> read = reader.read(id, fields);
      cards = () -> read;
    } else {
      cards = () -> readLater(provider, id, json);
    }
    List<Adjustment> adjustments = new ArrayList<>(adjustments(fields));
    if (!fields.flag("unadjusted", false)) {
      adjustments.addAll(inherited);
    }
    boolean dated = fields.flag("dated", true);
    PricedBy pricedBy = ConditionReader.pricedBy(fields);
    PricedModel model =
        new PricedModel(provider.id(), id, currency, dated, cards, adjustments, pricedBy);
    faults.read(() -> claim(provider.addName(id.toLowerCase(Locale.ROOT), model), model, id, json));
    faults.read(
        () -> {
          for (String alias : fields.texts("aliases")) {
            claim(provider.addName(alias.toLowerCase(Locale.ROOT), model), model, alias, json);
          }
        });
    faults.read(
        () -> {
          for (String prefix : fields.texts("prefixes")) {
            claim(provider.addPrefix(prefix.toLowerCase(Locale.ROOT), model), model, prefix, json);
          }
        });
    faults.read(
        () -> {
          for (Pattern pattern : patterns(fields, "patterns", "")) {
            provider.addPattern(pattern, model);
          }
        });
    if (whole) {
      faults.read(fields::end);
    }
  }

  private List<RateCard> readLater(Provider provider, String id, JsonValue json) {
    CatalogFaults found = new CatalogFaults();
    try {
      CardReader reader = new CardReader(source, provider.id(), provider.fees(), found);
      List<RateCard> cards = reader.read(id, new Fields(source, json));
      found.end();
      return cards;
    } catch (CatalogException e) {
      throw new IllegalStateException(source + " is damaged: " + e.getMessage(), e);
    }
  }

  private void claim(@Nullable PricedModel before, PricedModel now, String name, JsonValue json)
      throws CatalogException {
    if (before != null && before != now) {
      throw Fields.error(
          source,
          json.line(),
          "\"" + name + "\" names two models, " + before.name() + " and " + now.name(),
          "keep it for one of them");
    }
  }

  private List<Adjustment> adjustments(Fields fields) throws CatalogException {
    List<Adjustment> adjustments = new ArrayList<>();
    for (JsonValue element : fields.elements("adjustments")) {
      faults.read(() -> adjustments.add(adjustment(element)));
    }
    return adjustments;
  }

  private Adjustment adjustment(JsonValue element) throws CatalogException {
    Fields entry = new Fields(source, element);
    Interval valid = entry.interval("from", "until");
    Condition condition = new ConditionReader(entry).read("when");
    BigDecimal factor = entry.decimal("factor");
    if (factor.signum() <= 0 || factor.compareTo(MAX_FACTOR) > 0) {
      throw entry.error(element, "absurd factor " + factor, "give one above 0 and at most 10");
    }
    entry.textOrNull("source");
    entry.end();
    return new Adjustment(valid, condition, factor, condition.toString(), /* fees= */ false);
  }

  private List<Pattern> patterns(Fields fields, String name, String suffix)
      throws CatalogException {
    List<Pattern> patterns = new ArrayList<>();
    for (String text : fields.texts(name)) {
      try {
        patterns.add(Pattern.compile("(?:" + text + ")" + suffix));
      } catch (PatternSyntaxException e) {
        throw Fields.error(
            source, fields.line(), name + ": " + e.getDescription(), "fix the pattern");
      }
    }
    return patterns;
  }

  private static Provider.Shape shape(Fields fields) throws CatalogException {
    String shape = fields.textOrNull("names");
    if (shape == null) {
      return Provider.Shape.PLAIN;
    }
    for (Provider.Shape known : Provider.Shape.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(shape)) {
        return known;
      }
    }
    throw fields.error("unknown shape of names \"" + shape + "\"", "use plain, bedrock or path");
  }

  private List<Provider> fallback(JsonValue names) throws CatalogException {
    List<Provider> others = new ArrayList<>();
    for (String name : Fields.texts(source, "fallback", names)) {
      Provider other = byAlias.get(name);
      if (other == null) {
        throw Fields.error(
            source,
            names.line(),
            "fallback \"" + name + "\" is not a provider of this catalog",
            "use the id of one");
      }
      others.add(other);
    }
    return others;
  }
}
