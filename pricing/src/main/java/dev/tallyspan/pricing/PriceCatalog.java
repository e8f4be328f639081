package dev.tallyspan.pricing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rate cards for the models of many providers, and the rules that select the card of a call.
 *
 * <p>Immutable and thread-safe. Names that were resolved are kept in a bounded cache.
 */
public final class PriceCatalog {
  private final Edition edition;
  private final String currency;
  private final Map<String, Provider> byAlias;
  private final Map<String, HostRule> hosts;
  private final List<Owner> owners;
  private final Map<String, List<Provider>> fallbacks;
  private final Discount[] discounts;
  private final HostRule[] hostTemplates;

  /** The prices for calls of earlier times, or null. */
  private final @Nullable Earlier earlier;

  private final NameCache<Named> named = new NameCache<>();
  private final NameCache<Optional<HostRule>> hostRules = new NameCache<>();
  private final NameCache<Resolution> nameless = new NameCache<>();

  /** Models found at the fallbacks of a provider, by its id. */
  private final Map<String, NameCache<Resolution>> fallenBack = new HashMap<>();

  PriceCatalog(
      Edition edition,
      String currency,
      Map<String, Provider> byAlias,
      Map<String, HostRule> hosts,
      List<Owner> owners,
      Map<String, List<Provider>> fallbacks,
      List<Discount> discounts,
      @Nullable Earlier earlier) {
    this.earlier = earlier;
    this.edition = edition;
    this.currency = currency;
    this.byAlias = byAlias;
    this.hosts = hosts;
    this.owners = owners;
    this.fallbacks = fallbacks;
    this.discounts = discounts.toArray(new Discount[0]);
    this.hostTemplates =
        hosts.values().stream()
            .filter(HostRule::isTemplate)
            .sorted(Comparator.comparing(HostRule::host))
            .toArray(HostRule[]::new);
    fallbacks.keySet().forEach(id -> fallenBack.put(id, new NameCache<>()));
  }

  /** Returns the catalog in the jar. It is read on the first call. */
  public static PriceCatalog shipped() {
    return Shipped.CATALOG;
  }

  /**
   * Reads a catalog file.
   *
   * @throws CatalogException if the file cannot be read or has a fault; the message is {@code
   *     file:line what; how to fix it}
   */
  public static PriceCatalog read(Path file) throws CatalogException {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new CatalogException(file + ": is not UTF-8 text; save it as UTF-8", e);
    } catch (IOException e) {
      throw new CatalogException(file + ": cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  /** Parses a catalog; messages refer to it by name. */
  static PriceCatalog parse(String name, String text) throws CatalogException {
    return new CatalogReader(name).read(text);
  }

  /** Returns the version given in the catalog; for layers, the versions joined by {@code +}. */
  public String version() {
    return edition.version();
  }

  /** Returns the day whose prices the catalog holds; for layers, the later day. Null if unknown. */
  public @Nullable LocalDate asOf() {
    return edition.asOf();
  }

  /**
   * Returns the published table that the catalog was compiled from, such as {@code litellm}; null
   * if there is none.
   */
  public @Nullable String table() {
    return edition.table();
  }

  /**
   * Returns this catalog as a layer over another. If both have a model, the cards of this catalog
   * apply. The lower layer's rules for names, hosts and fallbacks stay in force. The prices of a
   * model are in the currency of its own layer.
   */
  public PriceCatalog over(PriceCatalog below) {
    Map<String, Provider> providers = new HashMap<>(below.byAlias);
    Map<Provider, Provider> layered = new HashMap<>();
    for (Provider own : providers()) {
      Provider lower = below.provider(own.id());
      Provider merged = lower == null ? own : own.over(lower);
      merged.aliases().forEach(alias -> providers.put(alias, merged));
      providers.put(merged.id(), merged);
      if (lower != null) {
        layered.put(lower, merged);
      }
      layered.put(own, merged);
    }
    Map<String, HostRule> allHosts = new HashMap<>(below.hosts);
    allHosts.putAll(hosts);
    allHosts.replaceAll(
        (host, rule) -> rule.at(layered.getOrDefault(rule.provider(), rule.provider())));
    List<Owner> allOwners = new ArrayList<>(owners);
    allOwners.addAll(below.owners);
    allOwners.replaceAll(
        o -> new Owner(o.prefix(), layered.getOrDefault(o.provider(), o.provider())));
    Map<String, List<Provider>> allFallbacks = new HashMap<>(below.fallbacks);
    allFallbacks.putAll(fallbacks);
    allFallbacks.replaceAll(
        (id, others) -> others.stream().map(o -> layered.getOrDefault(o, o)).toList());
    List<Discount> allDiscounts = new ArrayList<>();
    Set<PricedModel> ownModels = models();
    for (Discount discount : below.discounts) {
      allDiscounts.add(discount.except(ownModels));
    }
    allDiscounts.addAll(List.of(discounts));
    return new PriceCatalog(
        edition.over(below.edition),
        below.currency,
        providers,
        allHosts,
        allOwners,
        allFallbacks,
        allDiscounts,
        below.earlier == null
            ? null
            : new Earlier(over(below.earlier.catalog()), below.earlier.until()));
  }

  /**
   * Returns a catalog with these prices for calls from a day on. Earlier calls use another catalog
   * if it has a price for them: current prices say nothing about past ones.
   */
  PriceCatalog since(@Nullable LocalDate day, PriceCatalog before) {
    Earlier until =
        day == null ? null : new Earlier(before, day.atStartOfDay(ZoneOffset.UTC).toEpochSecond());
    return new PriceCatalog(
        edition, currency, byAlias, hosts, owners, fallbacks, List.of(discounts), until);
  }

  /**
   * Returns this catalog without the models whose prices are the same in another one, with all
   * rules for names. The layer below may have more details of such models: service tiers, places,
   * history.
   */
  PriceCatalog differingFrom(PriceCatalog below, Instant at) {
    Agreement agreement = new Agreement(this, below, at);
    Set<PricedModel> agreed = new HashSet<>();
    for (PricedModel model : models()) {
      if (agreement.on(model)) {
        agreed.add(model);
      }
    }
    return without(agreed);
  }

  /** Returns only the rules for names, hosts and fallbacks. */
  PriceCatalog withoutModels() {
    return without(models());
  }

  private PriceCatalog without(Set<PricedModel> models) {
    Map<Provider, Provider> less = new HashMap<>();
    providers().forEach(provider -> less.put(provider, provider.without(models)));
    Map<String, Provider> fewer = new HashMap<>(byAlias);
    fewer.replaceAll((alias, provider) -> less.get(provider));
    Map<String, HostRule> fewerHosts = new HashMap<>(hosts);
    fewerHosts.replaceAll(
        (host, rule) -> rule.at(less.getOrDefault(rule.provider(), rule.provider())));
    Map<String, List<Provider>> fewerFallbacks = new HashMap<>(fallbacks);
    fewerFallbacks.replaceAll((id, others) -> others.stream().map(less::get).toList());
    return new PriceCatalog(
        edition,
        currency,
        fewer,
        fewerHosts,
        owners.stream()
            .map(o -> new Owner(o.prefix(), less.getOrDefault(o.provider(), o.provider())))
            .toList(),
        fewerFallbacks,
        List.of(discounts),
        earlier);
  }

  /** Returns this catalog with a contract's factors on its prices. */
  PriceCatalog discounted(String name, List<Discount> contract) {
    List<Discount> all = new ArrayList<>(List.of(discounts));
    for (Discount discount : contract) {
      Provider seller = provider(discount.provider());
      all.add(seller == null ? discount : discount.by(seller.id()));
    }
    Edition agreed = new Edition(name + "+" + edition.version(), edition.asOf(), edition.table());
    Earlier until =
        earlier == null
            ? null
            : new Earlier(earlier.catalog().discounted(name, contract), earlier.until());
    return new PriceCatalog(agreed, currency, byAlias, hosts, owners, fallbacks, all, until);
  }

  /**
   * Prices a call. Never throws: a call that cannot be priced is {@link PriceStatus#UNPRICED}, with
   * a reason.
   */
  public Price price(PriceRequest request) {
    Usage usage = request.usage();
    int index = 0;
    for (long rest = usage.present(); rest != 0; rest &= rest - 1) {
      if (usage.at(index++) < 0) {
        Unit unit = Unit.at(Long.numberOfTrailingZeros(rest));
        return unpriced(Shortfall.NEGATIVE_QUANTITY, unit.wireName());
      }
    }
    if (earlier != null && request.second() < earlier.until()) {
      Price then = earlier.catalog().price(request);
      if (!then.isOfUnpricedModel()) {
        return then;
      }
    }
    HostRule host = host(request);
    Resolution found = resolve(request, host);
    PricedModel model = found.model();
    if (usage.isEmpty()) {
      Price price = model == null ? null : price(request, model, found, host);
      return price != null && price.lacksMeasure() ? price : unpriced(Shortfall.NO_USAGE, null);
    }
    if (found.free()) {
      return Price.free(currency, edition.version());
    }
    return model == null ? unknown(request, host) : price(request, model, found, host);
  }

  /**
   * Returns the number of models. Models that a lower layer adds to a provider of a higher layer
   * are not counted.
   */
  public int modelCount() {
    return models().size();
  }

  /** Returns the key of the model with a name at a time, {@code provider/model}, or null. */
  @Nullable String keyOf(@Nullable String provider, String model, Instant at) {
    if (earlier != null && at.getEpochSecond() < earlier.until()) {
      String then = earlier.catalog().keyOf(provider, model, at);
      if (then != null) {
        return then;
      }
    }
    Resolution found = resolve(provider, model);
    return found.model() == null ? null : found.model().name();
  }

  /** Resolves the name of a model, with or without a provider. */
  Resolution resolve(@Nullable String provider, @Nullable String model) {
    return resolve(provider, model, /* host= */ null);
  }

  String currency() {
    return currency;
  }

  private Price price(
      PriceRequest request, PricedModel model, Resolution found, @Nullable HostRule host) {
    String place = found.geo();
    String region = found.region();
    String geo = place;
    if (request.isConditional()) {
      String callersRegion = request.when(Dimension.CALLER_REGION);
      region = first(region, request.when(Dimension.REGION));
      place = first(place, request.when(Dimension.GEO));
      if (host != null) {
        region = first(region, host.region());
        place = first(place, host.geo());
      }
      // Without a geo, the region is the place: Bedrock prices both on one scale.
      place = first(place, region);
      geo = place == null && found.isServedInCallersRegion() ? callersRegion : place;
      region = first(region, callersRegion);
    } else if (place == null) {
      place = region;
      geo = region;
    }
    boolean speedPriced = false;
    for (Discount discount : discounts) {
      speedPriced |= discount.covers(found) && discount.factor().pricesSpeed(request, geo, region);
    }
    RateCard card = model.select(request, geo, region, speedPriced);
    if (card == null) {
      return unpriced(model, request);
    }
    RateCard plain = card;
    for (Discount discount : discounts) {
      if (discount.covers(found) && discount.factor().applies(request, geo, region)) {
        card = discount.factor().times(card);
      }
    }
    card = model.adjusted(card, request, geo, region);
    PricedBy by = card.isFree() ? null : found.pricedBy();
    return Price.bill(
        request.usage(),
        card,
        by == null ? null : by.unpriced(request, place, model, plain, region),
        model.currency(),
        edition.version());
  }

  private Price unpriced(PricedModel model, PriceRequest request) {
    Shortfall why = model.whyNone(request);
    Dimension about = why.dimension();
    return Price.unpriced(
        why,
        model.name(),
        about == null ? null : request.when(about),
        model.currency(),
        edition.version());
  }

  /** Resolves the response model, or else the request model. */
  private Resolution resolve(PriceRequest request, @Nullable HostRule host) {
    Resolution found = resolve(request.provider(), request.responseModel(), host);
    return found.found() ? found : resolve(request.provider(), request.requestModel(), host);
  }

  private Resolution resolve(
      @Nullable String providerName, @Nullable String model, @Nullable HostRule host) {
    if (model == null || model.isBlank()) {
      return Resolution.NONE;
    }
    Resolution found = resolveAsWritten(providerName, model, host);
    if (found.found() || model.indexOf('%') < 0) {
      return found;
    }
    String decoded = PercentEncoding.decoded(model);
    return decoded == null ? found : resolveAsWritten(providerName, decoded, host);
  }

  private Resolution resolveAsWritten(
      @Nullable String providerName, String model, @Nullable HostRule host) {
    Provider provider = host == null ? provider(providerName) : host.provider();
    if (provider != null) {
      return resolveAt(provider, model);
    }
    if (isUnknown(providerName)) {
      return Resolution.NONE;
    }
    Resolution known = nameless.get(model);
    if (known == null) {
      known = resolveAnywhere(model);
      nameless.put(model, known);
    }
    return known;
  }

  private Resolution resolveAt(Provider provider, String model) {
    Resolution found = provider.resolve(model);
    NameCache<Resolution> fallenBack = this.fallenBack.get(provider.id());
    if (found.found() || fallenBack == null) {
      return found;
    }
    Resolution known = fallenBack.get(model);
    if (known == null) {
      known = fallBack(provider, model);
      fallenBack.put(model, known);
    }
    return known;
  }

  private Resolution fallBack(Provider provider, String model) {
    for (Provider other : fallbacks.getOrDefault(provider.id(), List.of())) {
      Resolution found = other.resolve(model);
      if (found.found()) {
        return found.resoldBy(provider);
      }
    }
    return Resolution.NONE;
  }

  /** Resolves a name without a provider: "azure/gpt-4o", or a model whose prefix has an owner. */
  private Resolution resolveAnywhere(String model) {
    int slash = model.indexOf('/');
    if (slash > 0) {
      Provider provider = provider(model.substring(0, slash));
      if (provider != null) {
        return resolveAt(provider, model.substring(slash + 1));
      }
    }
    for (Owner owner : owners) {
      if (model.regionMatches(
          /* ignoreCase= */ true, 0, owner.prefix(), 0, owner.prefix().length())) {
        return resolveAt(owner.provider(), model);
      }
    }
    return Resolution.NONE;
  }

  private @Nullable Provider provider(@Nullable String name) {
    return name == null ? null : lookUp(name).provider();
  }

  /** Whether the name is that of a provider that the catalog does not have. */
  private boolean isUnknown(@Nullable String name) {
    return name != null && lookUp(name).unknown();
  }

  private Named lookUp(String name) {
    Named known = named.get(name);
    if (known == null) {
      String canonical = ProviderNames.canonical(name);
      Provider provider = byAlias.getOrDefault(name, byAlias.get(canonical));
      boolean unknown =
          provider == null && !canonical.isBlank() && !Transparent.NAMES.contains(canonical);
      known = new Named(provider, unknown);
      named.put(name, known);
    }
    return known;
  }

  /**
   * A known host is better evidence than the provider's name: spans contain "openai" for every
   * service with OpenAI's protocol.
   */
  private @Nullable HostRule host(PriceRequest request) {
    String name = request.when(Dimension.HOST);
    if (name == null) {
      return null;
    }
    Optional<HostRule> known = hostRules.get(name);
    if (known == null) {
      known = lookUpHost(name);
      hostRules.put(name, known);
    }
    return known.orElse(null);
  }

  private Optional<HostRule> lookUpHost(String name) {
    HostRule rule = hosts.get(name);
    for (int i = 0; rule == null && i < hostTemplates.length; i++) {
      rule = hostTemplates[i].of(name);
    }
    for (int dot = name.indexOf('.'); rule == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
      rule = hosts.get("*" + name.substring(dot));
    }
    return Optional.ofNullable(rule);
  }

  private Price unknown(PriceRequest request, @Nullable HostRule host) {
    Provider provider = host == null ? provider(request.provider()) : host.provider();
    if (provider == null) {
      boolean unknown = isUnknown(request.provider());
      return unpriced(unknown ? Shortfall.UNKNOWN_PROVIDER : Shortfall.NO_PROVIDER, null);
    }
    boolean named = request.responseModel() != null || request.requestModel() != null;
    return unpriced(named ? Shortfall.UNKNOWN_MODEL : Shortfall.NO_MODEL, provider.id());
  }

  private Price unpriced(Shortfall shortfall, @Nullable String subject) {
    return Price.unpriced(shortfall, subject, /* condition= */ null, currency, edition.version());
  }

  private static @Nullable String first(@Nullable String preferred, @Nullable String other) {
    return preferred != null ? preferred : other;
  }

  /** The provider with a name or alias, or null. */
  @Nullable Provider named(String name) {
    return provider(name);
  }

  /** The id of the provider that owns the prefix of a model's name, or null. */
  @Nullable String ownerOf(String model) {
    for (Owner owner : owners) {
      if (model.regionMatches(true, 0, owner.prefix(), 0, owner.prefix().length())) {
        return owner.provider().id();
      }
    }
    return null;
  }

  /** The models of this layer, and those of lower layers that it does not replace. */
  Set<PricedModel> models() {
    Set<PricedModel> models = new LinkedHashSet<>();
    for (Provider provider : providers()) {
      models.addAll(provider.models());
    }
    return models;
  }

  Collection<Provider> providers() {
    return new LinkedHashSet<>(byAlias.values());
  }

  /**
   * @param until exclusive, in epoch seconds
   */
  record Earlier(PriceCatalog catalog, long until) {}

  /**
   * A factor of a contract.
   *
   * @param provider that sells the models, even if another one makes them
   * @param models that it applies to
   * @param exempt models of higher layers, whose rates are final
   */
  record Discount(String provider, Selection models, Factor factor, Set<PricedModel> exempt) {
    Discount by(String seller) {
      return new Discount(seller, models, factor, exempt);
    }

    Discount except(Set<PricedModel> more) {
      Set<PricedModel> all = new LinkedHashSet<>(exempt);
      all.addAll(more);
      return new Discount(provider, models, factor, all);
    }

    boolean covers(Resolution found) {
      PricedModel model = found.model();
      return model != null
          && found.isSoldBy(provider)
          && !exempt.contains(model)
          && models.contains(model.id());
    }
  }

  /** Selects models by id or by prefix; empty = all. */
  record Selection(String[] ids, String[] beginnings) {
    /**
     * @param names ids, or prefixes that end in {@code *}
     */
    static Selection of(List<String> names) {
      return new Selection(
          names.stream().filter(n -> !n.endsWith("*")).toArray(String[]::new),
          names.stream()
              .filter(n -> n.endsWith("*"))
              .map(n -> n.substring(0, n.length() - 1))
              .toArray(String[]::new));
    }

    boolean contains(String id) {
      for (String own : ids) {
        if (id.equals(own)) {
          return true;
        }
      }
      for (String beginning : beginnings) {
        if (id.startsWith(beginning)) {
          return true;
        }
      }
      return ids.length + beginnings.length == 0;
    }
  }

  /**
   * The meaning of a provider's name.
   *
   * @param provider or null
   * @param unknown whether it is the name of a provider that the catalog does not have
   */
  private record Named(@Nullable Provider provider, boolean unknown) {}

  /** The provider of models with this prefix, if a call states no provider. */
  record Owner(String prefix, Provider provider) {}

  /** Names that spans give as the provider, and that do not identify the seller of the model. */
  private static final class Transparent {
    static final Set<String> NAMES =
        Set.of(
            "litellm",
            "langchain",
            "langgraph",
            "llamaindex",
            "llama_index",
            "crewai",
            "spring_ai",
            "unknown",
            "custom",
            "custom_openai",
            "other",
            "_other",
            "gateway",
            "default",
            "none",
            "null");
  }

  private static final class Shipped {
    static final PriceCatalog CATALOG = load();

    private static PriceCatalog load() {
      try (InputStream in = PriceCatalog.class.getResourceAsStream("catalog.json")) {
        return parse("catalog.json", new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException | CatalogException e) {
        throw new IllegalStateException("the catalog in this jar is damaged: " + e.getMessage(), e);
      }
    }
  }
}
