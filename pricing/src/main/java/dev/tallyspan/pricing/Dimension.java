package dev.tallyspan.pricing;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A condition of a call, other than time and size, that prices depend on. */
enum Dimension {
  /**
   * The tier that served the call: {@code flex}, {@code priority}, {@code batch}; absent if
   * standard. Strict: a call in another tier is never billed by a card for the standard tier.
   */
  SERVICE_TIER("service_tier", "serving_tier", "traffic_type"),
  /** Anthropic's speed; absent if standard. Strict, like the tier. */
  SPEED("speed"),
  /** Where processing is pinned to: {@code eu}, {@code us}, {@code global}, a Bedrock prefix. */
  GEO("geo", "data_residency", "residency", "inference_geo"),
  /** The cloud's region, such as {@code us-gov-west-1}. */
  REGION("region", "location"),
  /**
   * The region that the caller runs in. Used as the region of the call only for providers whose
   * libraries default to it. Not supported in cards.
   */
  CALLER_REGION("cloud_region", "cloud.region"),
  /** The API that was called: {@code images}, {@code audio}, {@code realtime}. */
  ENDPOINT("endpoint", "api"),
  /** The host that was called, which may identify the provider. */
  HOST("host", "server_address", "server.address"),
  /** Perplexity's and OpenAI's size of the search context: {@code low}, {@code medium}, … */
  SEARCH_CONTEXT_SIZE("search_context_size"),
  /** Quality of a generated image or video. */
  QUALITY("quality"),
  /** Size of a generated image, such as {@code 1024x1024}, or of a video, such as {@code 720p}. */
  SIZE("size", "resolution");

  private static final Map<String, Dimension> BY_NAME = byName();

  private final String wireName;
  private final String[] aliases;

  Dimension(String wireName, String... aliases) {
    this.wireName = wireName;
    this.aliases = aliases;
  }

  /** Returns the dimension with this name or alias, or null. */
  static @Nullable Dimension of(String name) {
    return BY_NAME.get(name.toLowerCase(Locale.ROOT));
  }

  /** Returns all names and aliases. */
  static Set<String> names() {
    return BY_NAME.keySet();
  }

  String wireName() {
    return wireName;
  }

  /**
   * Returns the value as catalogs spell it; null if it is the neutral one, such as the standard
   * tier.
   */
  @Nullable String canonical(String value) {
    String lower = value.trim().toLowerCase(Locale.ROOT);
    if (lower.isEmpty()) {
      return null;
    }
    return switch (this) {
      case SERVICE_TIER -> tier(lower);
      // Anthropic's answer for models that it does not route by place.
      case GEO -> lower.equals("not_available") ? null : lower;
      case SPEED ->
          switch (lower) {
            case "standard", "normal", "default" -> null;
            default -> lower;
          };
      case ENDPOINT -> endpoint(lower);
      case HOST -> host(lower);
      default -> lower;
    };
  }

  private static @Nullable String tier(String value) {
    return switch (value.replace('-', '_')) {
      case "standard",
          "default",
          "auto",
          "on_demand",
          "ondemand",
          "standard_only",
          "traffic_type_unspecified" ->
          null;
      case "on_demand_priority", "fast" -> "priority";
      case "on_demand_flex" -> "flex";
      case "batches" -> "batch";
      case "provisioned_throughput", "provisioned_managed", "ptu" -> "provisioned";
      default -> value;
    };
  }

  /** Whether a tier is capacity that is billed by the hour, regardless of usage. */
  static boolean isPrepaid(String tier) {
    return tier.equals("provisioned") || tier.equals("reserved");
  }

  private static String endpoint(String value) {
    if (value.contains("images") || value.equals("image_generation")) {
      return "images";
    }
    if (value.contains("/audio")) {
      return "audio";
    }
    return value.contains("realtime") ? "realtime" : value;
  }

  private static String host(String value) {
    int scheme = value.indexOf("://");
    String host = scheme < 0 ? value : value.substring(scheme + 3);
    int end = 0;
    while (end < host.length() && host.charAt(end) != '/' && host.charAt(end) != ':') {
      end++;
    }
    return host.substring(0, end);
  }

  private static Map<String, Dimension> byName() {
    Map<String, Dimension> names = new HashMap<>();
    for (Dimension dimension : values()) {
      names.put(dimension.wireName, dimension);
      for (String alias : dimension.aliases) {
        names.put(alias, dimension);
      }
    }
    return names;
  }
}
