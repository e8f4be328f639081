package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.semconv.content.ContentMode;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code viewer}: pages about recent traces.
 *
 * @param endpoint default {@code localhost:8787}
 * @param token what a browser must know to read the pages; null = nothing on a loopback address, a
 *     random one on others
 * @param maxBytes the most memory that traces take; 0 = 256 MiB, or a quarter of the heap if that
 *     is less
 * @param maxAge how long traces are kept; default 24 h
 * @param stored whether the data directory keeps the traces for the next start; default false
 * @param policy what of the content is kept; null = everything
 * @param links URLs with {@code {traceId}} that show the same trace elsewhere, by their names
 */
public record ViewerConfig(
    ListenEndpoint endpoint,
    @Nullable String token,
    long maxBytes,
    Duration maxAge,
    boolean stored,
    @Nullable PolicyConfig policy,
    Map<String, String> links) {

  static final ListenEndpoint ENDPOINT = new ListenEndpoint("localhost", 8787);
  static final Duration MAX_AGE = Duration.ofHours(24);

  /** The defaults: on this machine only, and with all content. */
  public static final ViewerConfig DEFAULT =
      new ViewerConfig(ENDPOINT, null, 0, MAX_AGE, /* stored= */ false, null, Map.of());

  public ViewerConfig {
    requireNonNull(endpoint, "endpoint");
    requireNonNull(maxAge, "maxAge");
    links = Collections.unmodifiableMap(new LinkedHashMap<>(links));
  }

  /**
   * Returns the strictest content policy of the exporters, which applies where there is none of its
   * own: what no backend gets is not shown either. Null if none has one.
   */
  public static @Nullable PolicyConfig strictest(List<? extends AnyExporterConfig> exporters) {
    return exporters.stream()
        .map(AnyExporterConfig::contentPolicy)
        .filter(Objects::nonNull)
        .map(it -> it.mode() == ContentMode.OFFLOAD ? it.withMode(ContentMode.REDACTED) : it)
        .min(Comparator.comparing(PolicyConfig::mode))
        .orElse(null);
  }

  /** Returns the same at another address. */
  public ViewerConfig at(ListenEndpoint other) {
    return new ViewerConfig(other, token, maxBytes, maxAge, stored, policy, links);
  }

  /** Returns the same with a token. */
  public ViewerConfig withToken(@Nullable String other) {
    return new ViewerConfig(endpoint, other, maxBytes, maxAge, stored, policy, links);
  }

  /** Returns the same, whose traces the data directory keeps. */
  ViewerConfig withStorage() {
    return new ViewerConfig(endpoint, token, maxBytes, maxAge, /* stored= */ true, policy, links);
  }

  /** Returns the same with another policy. */
  ViewerConfig withPolicy(@Nullable PolicyConfig other) {
    return new ViewerConfig(endpoint, token, maxBytes, maxAge, stored, other, links);
  }

  /** The mode of the policy in configuration. */
  public String contentMode() {
    return (policy == null ? ContentMode.FULL : policy.mode()).wireName();
  }

  /** Leaves out the token. */
  @Override
  public String toString() {
    return "ViewerConfig[" + endpoint + "]";
  }
}
