package dev.tallyspan.pricing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the model of a call among the providers of a catalog, by the names that the call states: a
 * host, a provider, a model. How a provider reads the name of a model is described in {@link
 * Provider}.
 *
 * <p>Immutable and thread-safe. Names that were resolved are kept in bounded caches; a name that
 * was seen before is resolved without allocation.
 */
final class ModelResolver {
  private final Map<String, Provider> byAlias;
  private final Map<String, HostRule> hosts;
  private final List<Owner> owners;
  private final Map<String, List<Provider>> fallbacks;
  private final HostRule[] hostTemplates;

  private final NameCache<Named> named = new NameCache<>();
  private final NameCache<Optional<HostRule>> hostRules = new NameCache<>();
  private final NameCache<Resolution> nameless = new NameCache<>();

  /** Models found at the fallbacks of a provider, by its id. */
  private final Map<String, NameCache<Resolution>> fallenBack = new HashMap<>();

  /**
   * @param byAlias providers by each of their names
   * @param hosts rules by the name of the host
   * @param owners in the order in which their prefixes are tried
   * @param fallbacks the providers whose models a provider sells too, by its id
   */
  ModelResolver(
      Map<String, Provider> byAlias,
      Map<String, HostRule> hosts,
      List<Owner> owners,
      Map<String, List<Provider>> fallbacks) {
    this.byAlias = byAlias;
    this.hosts = hosts;
    this.owners = owners;
    this.fallbacks = fallbacks;
    this.hostTemplates =
        hosts.values().stream()
            .filter(HostRule::isTemplate)
            .sorted(Comparator.comparing(HostRule::host))
            .toArray(HostRule[]::new);
    fallbacks.keySet().forEach(id -> fallenBack.put(id, new NameCache<>()));
  }

  /** Returns this as a layer over another: its models first, the rules for names of both. */
  ModelResolver over(ModelResolver below) {
    Map<String, Provider> all = new HashMap<>(below.byAlias);
    Map<Provider, Provider> layered = new HashMap<>();
    for (Provider own : providers()) {
      Provider lower = below.provider(own.id());
      Provider merged = lower == null ? own : own.over(lower);
      merged.aliases().forEach(alias -> all.put(alias, merged));
      all.put(merged.id(), merged);
      if (lower != null) {
        layered.put(lower, merged);
      }
      layered.put(own, merged);
    }
    Map<String, HostRule> allHosts = new HashMap<>(below.hosts);
    allHosts.putAll(hosts);
    List<Owner> allOwners = new ArrayList<>(owners);
    allOwners.addAll(below.owners);
    Map<String, List<Provider>> allFallbacks = new HashMap<>(below.fallbacks);
    allFallbacks.putAll(fallbacks);
    return of(layered, all, allHosts, allOwners, allFallbacks);
  }

  /** Returns this without some models, with all rules for names. */
  ModelResolver without(Set<PricedModel> models) {
    Map<Provider, Provider> less = new HashMap<>();
    providers().forEach(provider -> less.put(provider, provider.without(models)));
    Map<String, Provider> fewer = new HashMap<>(byAlias);
    fewer.replaceAll((alias, provider) -> less.get(provider));
    return of(less, fewer, hosts, owners, fallbacks);
  }

  /** Returns rules about other instances of the providers. */
  private static ModelResolver of(
      Map<Provider, Provider> others,
      Map<String, Provider> byAlias,
      Map<String, HostRule> hosts,
      List<Owner> owners,
      Map<String, List<Provider>> fallbacks) {
    Map<String, HostRule> newHosts = new HashMap<>(hosts);
    newHosts.replaceAll((host, rule) -> rule.at(other(others, rule.provider())));
    List<Owner> newOwners = new ArrayList<>(owners);
    newOwners.replaceAll(owner -> new Owner(owner.prefix(), other(others, owner.provider())));
    Map<String, List<Provider>> newFallbacks = new HashMap<>(fallbacks);
    newFallbacks.replaceAll(
        (id, sellers) -> sellers.stream().map(seller -> other(others, seller)).toList());
    return new ModelResolver(byAlias, newHosts, newOwners, newFallbacks);
  }

  private static Provider other(Map<Provider, Provider> others, Provider provider) {
    return others.getOrDefault(provider, provider);
  }

  /** Resolves the response model of a call, or else its request model. */
  Resolution resolve(PriceRequest request, @Nullable HostRule host) {
    Resolution found = resolve(request.provider(), request.responseModel(), host);
    return found.found() ? found : resolve(request.provider(), request.requestModel(), host);
  }

  /**
   * Resolves the name of a model.
   *
   * @param providerName or null
   * @param model or null
   * @param host takes precedence over the provider's name; null if there is no rule for the host
   */
  Resolution resolve(
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
    Provider owner = ownerOf(model);
    return owner == null ? Resolution.NONE : resolveAt(owner, model);
  }

  /** The provider that owns the prefix of a model's name, or null. */
  @Nullable Provider ownerOf(String model) {
    for (Owner owner : owners) {
      String prefix = owner.prefix();
      if (model.regionMatches(/* ignoreCase= */ true, 0, prefix, 0, prefix.length())) {
        return owner.provider();
      }
    }
    return null;
  }

  /** The provider with a name or alias, or null. */
  @Nullable Provider provider(@Nullable String name) {
    return name == null ? null : lookUp(name).provider();
  }

  /** Whether the name is that of a provider that the catalog does not have. */
  boolean isUnknown(@Nullable String name) {
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
   * The rule for the host of a call, or null. A known host is better evidence than the provider's
   * name: spans contain "openai" for every service with OpenAI's protocol.
   */
  @Nullable HostRule host(PriceRequest request) {
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

  /** The models of this layer, and those of lower layers that it does not replace. */
  Set<PricedModel> models() {
    Set<PricedModel> models = new LinkedHashSet<>();
    for (Provider provider : providers()) {
      models.addAll(provider.models());
    }
    return models;
  }

  private Collection<Provider> providers() {
    return new LinkedHashSet<>(byAlias.values());
  }

  /** The provider of models with this prefix, if a call states no provider. */
  record Owner(String prefix, Provider provider) {}

  /**
   * The meaning of a provider's name.
   *
   * @param provider or null
   * @param unknown whether it is the name of a provider that the catalog does not have
   */
  private record Named(@Nullable Provider provider, boolean unknown) {}

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
}
