package dev.tallyspan.pricing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/*
 * How a model's name is resolved.
 *
 * Guessing at names is what made others' bills wrong by factors of 5 to 300 (gpt-4.1 billed as gpt-4, gpt-4o-mini as
 * gpt-4o, one vendor's model as another's distillate), so every step here is a rule that the catalog declares, and a
 * name that no rule covers is unpriced:
 *
 *  1. the name as it is, or an alias of it;
 *  2. the name without the wrapping of its platform: "models/x", "publishers/p/models/x", an ARN, "us.x" on Bedrock
 *     (the prefix is kept as the place of the call: it has a price), "accounts/f/models/x";
 *  3. the name without a version suffix, of a shape that the provider declares, if the model allows it;
 *  4. the longest prefix that some model declares, if it ends at a boundary and what follows names no size or variant
 *     (mini, lite, pro, audio, …), for that would be another model;
 *  5. a pattern that some model declares, matched as a whole;
 *  6. the name without the provider's own name in front of it ("openai/gpt-4o" at openai), once;
 *  7. at Bedrock, the name with a vendor in front of it ("nova-lite-v1:0", as some instrumentations
 *     cut it), exactly or less a version, if one vendor alone has it.
 *
 * A fine-tuned model ("ft:base:org::id") is looked up as "ft:base" and never as its base, which costs less.
 */
/** A seller of models: its names, the formats of its model names, and its models. */
final class Provider {
  private static final Set<String> VARIANTS =
      Set.of(
          ("mini nano lite pro flash max small medium large turbo ultra micro plus audio image images tts live"
                  + " realtime embedding embed vision fast highspeed codex search transcribe diarize"
                  + " translate coder instant deep research guard safeguard computer robotics native"
                  + " distill haiku sonnet opus free online nitro")
              .split(" "));

  private static final Pattern BEDROCK_GEO =
      Pattern.compile("(us-gov|us|eu|apac|jp|au|in|ca|sa|mx|me|af|global)\\.(?=[a-z0-9-]+\\.)(.+)");

  private static final Pattern MINOR_VERSION = Pattern.compile("[-_.][1-9]\\d?(?!\\d)");

  /** The location in the resource name of a model, {@code projects/p/locations/us-east5/...}. */
  private static final Pattern LOCATION = Pattern.compile("(?:^|/)locations/([a-z0-9-]+)/");

  private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d+");

  private final String id;
  private final Set<String> aliases;
  private final Map<String, PricedModel> names = new HashMap<>();
  private final Map<String, PricedModel> prefixes = new HashMap<>();
  private final List<Map.Entry<Pattern, PricedModel>> patterns = new ArrayList<>();
  private final List<Pattern> versions;
  private final List<String> freeSuffixes;
  private final Shape shape;
  private final NameCache<Resolution> cache = new NameCache<>();
  private final @Nullable PricedBy pricedBy;
  private final Map<Unit, @Nullable Rate> fees;
  private final @Nullable Provider base;
  private int longestPrefix;

  /**
   * @param aliases other names of the provider, in lower case
   * @param versions version suffixes, each matched at the end of a model's name
   * @param freeSuffixes suffixes of model names that make any model free
   * @param shape how the platform wraps model names
   * @param pricedBy the conditions, other than usage and time, that its models are priced by, or
   *     null
   * @param fees of cards that have none of their own
   * @param base the same provider in the layer below, which has the models that this one lacks; or
   *     null
   */
  Provider(
      String id,
      Set<String> aliases,
      List<Pattern> versions,
      List<String> freeSuffixes,
      Shape shape,
      @Nullable PricedBy pricedBy,
      Map<Unit, @Nullable Rate> fees,
      @Nullable Provider base) {
    this.id = id;
    this.aliases = aliases;
    this.versions = versions;
    this.freeSuffixes = freeSuffixes;
    this.shape = shape;
    this.pricedBy = pricedBy;
    this.fees = fees;
    this.base = base;
  }

  /** Returns this provider as a layer over another, with the rules for names of both. */
  Provider over(Provider below) {
    Set<String> all = new LinkedHashSet<>(below.aliases);
    all.addAll(aliases);
    Provider layered =
        new Provider(
            below.id,
            all,
            versions.isEmpty() ? below.versions : versions,
            freeSuffixes,
            below.shape,
            pricedBy == null ? below.pricedBy : pricedBy,
            fees.isEmpty() ? below.fees : fees,
            below);
    layered.names.putAll(names);
    layered.prefixes.putAll(prefixes);
    layered.patterns.addAll(patterns);
    layered.longestPrefix = longestPrefix;
    return layered;
  }

  /** Returns this provider without some of its models. */
  Provider without(Set<PricedModel> models) {
    Provider less = new Provider(id, aliases, versions, freeSuffixes, shape, pricedBy, fees, base);
    names.forEach(
        (name, model) -> {
          if (!models.contains(model)) {
            less.addName(name, model);
          }
        });
    prefixes.forEach(
        (prefix, model) -> {
          if (!models.contains(model)) {
            less.addPrefix(prefix, model);
          }
        });
    for (Map.Entry<Pattern, PricedModel> pattern : patterns) {
      if (!models.contains(pattern.getValue())) {
        less.addPattern(pattern.getKey(), pattern.getValue());
      }
    }
    return less;
  }

  /** How a platform wraps model names. */
  enum Shape {
    PLAIN,
    BEDROCK,
    PATH
  }

  /** Resolves the name of a model at this provider. Results are cached. */
  Resolution resolve(String name) {
    Resolution known = cache.get(name);
    if (known == null) {
      known = name.length() > NameCache.MAX_NAME ? Resolution.NONE : lookUp(name);
      if (base != null
          && (!known.found()
              || base.knows(name) && !names.containsKey(name.trim().toLowerCase(Locale.ROOT)))) {
        // An exact name of the layer below takes precedence over a rule of this one.
        known = base.resolve(name);
      }
      known = known.found() ? known.soldBy(this) : known;
      cache.put(name, known);
    }
    return known;
  }

  /** Whether a model of this layer or a lower one has exactly this name. */
  private boolean knows(String name) {
    return names.containsKey(name.trim().toLowerCase(Locale.ROOT))
        || base != null && base.knows(name);
  }

  private Resolution lookUp(String name) {
    String lower = name.trim().toLowerCase(Locale.ROOT);
    Resolution direct = unwrapped(lower);
    if (direct.found()) {
      return direct;
    }
    int slash = lower.indexOf('/');
    if (slash > 0 && aliases.contains(ProviderNames.canonical(lower.substring(0, slash)))) {
      return unwrapped(lower.substring(slash + 1));
    }
    return Resolution.NONE;
  }

  private Resolution unwrapped(String name) {
    Resolution plain = ladder(name);
    if (plain.found()) {
      return plain;
    }
    Matcher location = shape == Shape.PATH ? LOCATION.matcher(name) : null;
    if (location != null && location.find()) {
      PricedModel model = ladder(name.substring(name.lastIndexOf('/') + 1)).model();
      return model == null ? Resolution.NONE : Resolution.at(model, null, location.group(1));
    }
    String bare = name;
    int models = bare.lastIndexOf("models/");
    if (models == 0 || models > 0 && bare.charAt(models - 1) == '/') {
      bare = bare.substring(models + "models/".length());
    }
    return switch (shape) {
      case BEDROCK -> bedrock(bare);
      case PATH -> ladder(bare.substring(bare.lastIndexOf('/') + 1));
      case PLAIN -> bare.equals(name) ? Resolution.NONE : ladder(bare);
    };
  }

  /** ARNs, LiteLLM's {@code converse/eu-west-1/id}, and the prefix of an inference profile. */
  private Resolution bedrock(String name) {
    String region = null;
    String bare = name;
    if (bare.startsWith("arn:")) {
      String[] parts = bare.split(":", 6);
      if (parts.length < 6 || parts[5].startsWith("application-inference-profile")) {
        return Resolution.NONE;
      }
      region = parts[3].isEmpty() ? null : parts[3];
    }
    for (int slash = bare.indexOf('/'); slash >= 0; slash = bare.indexOf('/')) {
      String segment = bare.substring(0, slash);
      region = REGION.matcher(segment).matches() ? segment : region;
      bare = bare.substring(slash + 1);
    }
    Matcher prefixed = BEDROCK_GEO.matcher(bare);
    String geo = null;
    PricedModel model = null;
    if (prefixed.matches()) {
      geo = prefixed.group(1);
      model = ladder(prefixed.group(2)).model();
    }
    if (model == null) {
      model = ladder(bare).model();
    }
    if (model == null) {
      model = ofAnyVendor(bare);
    }
    return model == null ? Resolution.NONE : Resolution.at(model, geo, region);
  }

  /** {@code nova-lite-v1:0}: the model of the only vendor that has it; null if several have it. */
  private @Nullable PricedModel ofAnyVendor(String name) {
    Set<String> vendors = new LinkedHashSet<>();
    for (String known : names.keySet()) {
      int dot = known.indexOf('.');
      if (dot > 0) {
        vendors.add(known.substring(0, dot + 1));
      }
    }
    PricedModel found = null;
    for (String vendor : vendors) {
      String full = vendor + name;
      PricedModel model = names.get(full);
      if (model == null) {
        model = withoutVersion(full);
      }
      if (model != null && found != null && model != found) {
        return null;
      }
      found = model == null ? found : model;
    }
    return found;
  }

  private Resolution ladder(String name) {
    if (name.isEmpty()) {
      return Resolution.NONE;
    }
    PricedModel exact = names.get(name);
    if (exact != null) {
      return Resolution.of(exact);
    }
    for (String suffix : freeSuffixes) {
      if (name.endsWith(suffix)) {
        return Resolution.freeOfCharge();
      }
    }
    if (name.startsWith("ft:")) {
      return fineTuned(name);
    }
    PricedModel model = withoutVersion(name);
    if (model == null) {
      model = byPrefix(name);
    }
    return Resolution.of(model == null ? byPattern(name) : model);
  }

  private Resolution fineTuned(String name) {
    int end = name.indexOf(':', 3);
    String base = end < 0 ? name : name.substring(0, end);
    PricedModel exact = names.get(base);
    return Resolution.of(exact == null ? withoutVersion(base) : exact);
  }

  private @Nullable PricedModel withoutVersion(String name) {
    for (Pattern version : versions) {
      Matcher suffix = version.matcher(name);
      if (suffix.find() && suffix.end() == name.length() && suffix.start() > 0) {
        PricedModel model = names.get(name.substring(0, suffix.start()));
        if (model != null && model.isDated()) {
          return model;
        }
      }
    }
    return null;
  }

  private @Nullable PricedModel byPrefix(String name) {
    for (int end = Math.min(longestPrefix, name.length()); end > 0; end--) {
      if (end == name.length() || isBoundary(name.charAt(end))) {
        PricedModel model = prefixes.get(name.substring(0, end));
        if (model != null) {
          return namesVariant(name.substring(end)) ? null : model;
        }
      }
    }
    return null;
  }

  private @Nullable PricedModel byPattern(String name) {
    for (Map.Entry<Pattern, PricedModel> entry : patterns) {
      if (entry.getKey().matcher(name).matches()) {
        return entry.getValue();
      }
    }
    return null;
  }

  private static boolean isBoundary(char c) {
    return c == '-' || c == '@' || c == ':' || c == '_';
  }

  /**
   * "-mini" and "-5" (the next minor version) are other models; "-20250929" and "-05-06" are dates.
   */
  private static boolean namesVariant(String rest) {
    if (MINOR_VERSION.matcher(rest).lookingAt()) {
      return true;
    }
    for (String word : rest.split("[-@:_./]")) {
      if (VARIANTS.contains(word)) {
        return true;
      }
    }
    return false;
  }

  /** Adds a name or alias. Returns the model that had it before, or null. */
  @Nullable PricedModel addName(String name, PricedModel model) {
    return names.put(name, model);
  }

  @Nullable PricedModel addPrefix(String prefix, PricedModel model) {
    longestPrefix = Math.max(longestPrefix, prefix.length());
    return prefixes.put(prefix, model);
  }

  void addPattern(Pattern pattern, PricedModel model) {
    patterns.add(Map.entry(pattern, model));
  }

  String id() {
    return id;
  }

  /** The fees of cards that have none of their own. */
  Map<Unit, @Nullable Rate> fees() {
    return fees;
  }

  /** The conditions, other than usage and time, that its models are priced by, or null. */
  @Nullable PricedBy pricedBy() {
    return pricedBy;
  }

  /**
   * Whether calls without a region are served in the region of the caller, which is the default of
   * the AWS libraries.
   */
  boolean servesInCallersRegion() {
    return shape == Shape.BEDROCK;
  }

  /** The model of exactly this name, or null. */
  @Nullable PricedModel named(String name) {
    return names.get(name);
  }

  Set<String> aliases() {
    return aliases;
  }

  /** The models of this layer. */
  Set<PricedModel> models() {
    return new LinkedHashSet<>(names.values());
  }
}
