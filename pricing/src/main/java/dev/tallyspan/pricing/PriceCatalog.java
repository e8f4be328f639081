package dev.tallyspan.pricing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rate cards for the models of many providers, and the rules by which a call finds its card.
 *
 * <p>Immutable and thread-safe; a catalog remembers what names resolved to, within a bound.
 */
public final class PriceCatalog {
  private final String version;
  private final String currency;
  private final Map<String, Provider> byAlias;
  private final Map<String, HostRule> hosts;
  private final List<Owner> owners;
  private final Map<String, List<Provider>> fallbacks;
  private final List<Discount> discounts;

  PriceCatalog(
      String version,
      String currency,
      Map<String, Provider> byAlias,
      Map<String, HostRule> hosts,
      List<Owner> owners,
      Map<String, List<Provider>> fallbacks,
      List<Discount> discounts) {
    this.version = version;
    this.currency = currency;
    this.byAlias = byAlias;
    this.hosts = hosts;
    this.owners = owners;
    this.fallbacks = fallbacks;
    this.discounts = List.copyOf(discounts);
  }

  /** Returns the catalog inside the jar; read once, when first asked for. */
  public static PriceCatalog shipped() {
    return Shipped.CATALOG;
  }

  /**
   * Reads a catalog file.
   *
   * @throws CatalogException if it cannot be read or has a fault; the message is {@code file:line
   *     what, how to mend it}
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

  /** Reads a catalog from its text; the name stands for it in messages. */
  static PriceCatalog parse(String name, String text) throws CatalogException {
    return new CatalogReader(name).read(text);
  }

  /** Returns the version that the catalog calls itself by. */
  public String version() {
    return version;
  }

  /**
   * Returns this catalog as a layer over another: where both have a model, this one's cards hold.
   * Rules for names, hosts and fallbacks of the lower layer stay in force; money of each model is
   * in its own layer's currency.
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
    below.discounts.forEach(discount -> allDiscounts.add(discount.except(ownModels)));
    allDiscounts.addAll(discounts);
    return new PriceCatalog(
        version + "+" + below.version,
        below.currency,
        providers,
        allHosts,
        allOwners,
        allFallbacks,
        allDiscounts);
  }

  /** Returns this catalog with a contract's factors on its prices. */
  PriceCatalog discounted(String name, List<Discount> contract) {
    List<Discount> all = new ArrayList<>(discounts);
    for (Discount discount : contract) {
      Provider seller = provider(discount.provider());
      all.add(seller == null ? discount : discount.by(seller.id()));
    }
    return new PriceCatalog(name + "+" + version, currency, byAlias, hosts, owners, fallbacks, all);
  }

  /**
   * Prices a call. Never throws, whatever the request: what cannot be priced is {@link
   * PriceStatus#UNPRICED} with a reason.
   */
  public Price price(PriceRequest request) {
    Usage usage = request.usage();
    if (usage.isEmpty()) {
      return unpriced("the call reports no usage", null);
    }
    for (long rest = usage.present(); rest != 0; rest &= rest - 1) {
      Unit unit = Unit.at(Long.numberOfTrailingZeros(rest));
      if (usage.get(unit) < 0) {
        return unpriced("the quantity of " + unit.wireName() + " is negative", null);
      }
    }
    HostRule host = host(request);
    Resolution found = resolve(request, host);
    if (found.free()) {
      return Price.free(currency, null, version);
    }
    if (found.model() == null) {
      return unpriced(whyUnknown(request, host), null);
    }
    return price(request, found, host == null ? null : host.geo());
  }

  /**
   * Returns how many models the catalog has. What a lower layer adds to a provider of a higher one
   * is not counted.
   */
  public int modelCount() {
    return models().size();
  }

  /** Returns the key of the model that a name stands for, {@code provider/model}, or null. */
  String keyOf(String provider, String model) {
    Resolution found = resolve(provider, model);
    return found.model() == null ? null : found.model().name();
  }

  /** Returns what a name leads to, with a provider or without. */
  Resolution resolve(String provider, String model) {
    return resolve(provider, model, /* host= */ null);
  }

  String currency() {
    return currency;
  }

  private Price price(PriceRequest request, Resolution found, String hostGeo) {
    PricedModel model = found.model();
    String region = first(found.region(), request.when(Dimension.REGION));
    String stated = first(found.geo(), first(hostGeo, request.when(Dimension.GEO)));
    // A place that is not stated more broadly is the region: Bedrock prices both on one scale.
    String geo = first(stated, region);
    Circumstances call = new Circumstances(request, geo, region, request.usage().inputTokens());
    RateCard card = model.select(call, contract(found));
    if (card == null) {
      return Price.unpriced(model.whyNone(call), model.currency(), model.name(), version);
    }
    return Price.bill(request.usage(), card, model.currency(), version);
  }

  private List<Adjustment> contract(Resolution found) {
    List<Adjustment> factors = List.of();
    for (int i = 0; i < discounts.size(); i++) {
      if (discounts.get(i).covers(found)) {
        factors = factors.isEmpty() ? new ArrayList<>(2) : factors;
        factors.add(discounts.get(i).adjustment());
      }
    }
    return factors;
  }

  /** The model that answered before the one that was asked for. */
  private Resolution resolve(PriceRequest request, HostRule host) {
    Resolution found = resolve(request.provider(), request.responseModel(), host);
    return found.found() ? found : resolve(request.provider(), request.requestModel(), host);
  }

  private Resolution resolve(String providerName, String model, HostRule host) {
    if (model == null || model.isBlank()) {
      return Resolution.NONE;
    }
    Provider provider = host == null ? provider(providerName) : host.provider();
    if (provider != null) {
      return resolveAt(provider, model);
    }
    return isUnknown(providerName) ? Resolution.NONE : resolveAnywhere(model);
  }

  private Resolution resolveAt(Provider provider, String model) {
    Resolution found = provider.resolve(model);
    if (found.found()) {
      return found;
    }
    for (Provider other : fallbacks.getOrDefault(provider.id(), List.of())) {
      found = other.resolve(model);
      if (found.found()) {
        return found.soldBy(provider.id());
      }
    }
    return Resolution.NONE;
  }

  /** A name without a provider: "azure/gpt-4o", or a model whose maker is declared to sell it. */
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

  private Provider provider(String name) {
    if (name == null) {
      return null;
    }
    Provider exact = byAlias.get(name);
    return exact != null ? exact : byAlias.get(ProviderNames.canonical(name));
  }

  /** Whether a provider is named that the catalog does not have, as opposed to none. */
  private boolean isUnknown(String name) {
    return name != null
        && !name.isBlank()
        && !Transparent.NAMES.contains(ProviderNames.canonical(name));
  }

  /**
   * A known host is better evidence than the provider's name: spans say "openai" for anything that
   * speaks OpenAI's protocol.
   */
  private HostRule host(PriceRequest request) {
    String name = request.when(Dimension.HOST);
    if (name == null) {
      return null;
    }
    HostRule rule = hosts.get(name);
    for (int dot = name.indexOf('.'); rule == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
      rule = hosts.get("*" + name.substring(dot));
    }
    return rule;
  }

  private String whyUnknown(PriceRequest request, HostRule host) {
    Provider provider = host == null ? provider(request.provider()) : host.provider();
    if (provider != null) {
      boolean named = request.responseModel() != null || request.requestModel() != null;
      return named
          ? "the catalog has no such model of " + provider.id()
          : "the call names no model";
    }
    return isUnknown(request.provider())
        ? "the catalog has no such provider"
        : "the call names no provider, and the model's name alone does not tell it";
  }

  private Price unpriced(String reason, String key) {
    return Price.unpriced(reason, currency, key, version);
  }

  private static String first(String preferred, String other) {
    return preferred != null ? preferred : other;
  }

  /** The provider of a name or alias, or null. */
  Provider named(String name) {
    return provider(name);
  }

  /** The id of the provider that a model's name means when none is given, or null. */
  String ownerOf(String model) {
    for (Owner owner : owners) {
      if (model.regionMatches(true, 0, owner.prefix(), 0, owner.prefix().length())) {
        return owner.provider().id();
      }
    }
    return null;
  }

  /** The models of this catalog's own layer and those below that it does not replace. */
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
   * What a host tells.
   *
   * @param geo where processing is pinned to by calling this host, or null
   */
  record HostRule(Provider provider, String geo) {
    HostRule at(Provider other) {
      return new HostRule(other, geo);
    }
  }

  /**
   * A factor of a contract.
   *
   * @param provider who sells the models it is about, whoever makes them
   * @param models ids, or beginnings of them with {@code *}; empty for all
   * @param exempt models of higher layers, whose rates are what was agreed
   */
  record Discount(
      String provider, List<String> models, Adjustment adjustment, Set<PricedModel> exempt) {
    Discount by(String seller) {
      return new Discount(seller, models, adjustment, exempt);
    }

    Discount except(Set<PricedModel> more) {
      Set<PricedModel> all = new LinkedHashSet<>(exempt);
      all.addAll(more);
      return new Discount(provider, models, adjustment, all);
    }

    boolean covers(Resolution found) {
      PricedModel model = found.model();
      return found.seller().equals(provider)
          && !exempt.contains(model)
          && (models.isEmpty() || models.stream().anyMatch(m -> covers(m, model.id())));
    }

    private static boolean covers(String pattern, String id) {
      return pattern.endsWith("*")
          ? id.startsWith(pattern.substring(0, pattern.length() - 1))
          : id.equals(pattern);
    }
  }

  /** A prefix of model names that, without a provider, mean this one. */
  record Owner(String prefix, Provider provider) {}

  /** Names that spans give as the provider and that say nothing of who sells the model. */
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
