package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.content.OffloadStore;
import dev.tallyspan.semconv.content.PathRule;
import dev.tallyspan.semconv.content.StandardDetector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What of the content leaves through an exporter. Exporters with equal policies get the same bytes.
 *
 * @param redact whether secrets and personal data are masked; null = as the mode says
 * @param detectors those that are used
 * @param pseudonymKey the key of pseudonyms, a secret; null = none
 * @param rules what happens at paths, the first match first
 * @param contentKeys keys and prefixes that hold content
 * @param maxAttributeBytes the most bytes of an attribute with content; 0 = no limit
 * @param maxSpanBytes the most bytes of the content of a span or log record; 0 = no limit
 * @param maxTraceBytes the most bytes of the content of a trace; 0 = no limit
 * @param offload where large parts go; null if the mode is another one
 */
public record PolicyConfig(
    ContentMode mode,
    @Nullable Boolean redact,
    Set<StandardDetector> detectors,
    @Nullable String pseudonymKey,
    List<Rule> rules,
    List<String> contentKeys,
    int maxAttributeBytes,
    long maxSpanBytes,
    long maxTraceBytes,
    @Nullable OffloadConfig offload) {

  /** What happens to the values at a path. */
  public record Rule(String path, PathRule.Action action) {}

  public PolicyConfig {
    requireNonNull(mode, "mode");
    detectors = Set.copyOf(detectors);
    rules = List.copyOf(rules);
    contentKeys = List.copyOf(contentKeys);
  }

  /** A policy with a mode and otherwise the defaults; not for {@link ContentMode#OFFLOAD}. */
  public static PolicyConfig of(ContentMode mode) {
    return new PolicyConfig(
        mode, null, PolicyReader.DETECTORS_BY_DEFAULT, null, List.of(), List.of(), 0, 0, 0, null);
  }

  /** Returns a copy with another mode, and with a store if that has one. */
  public PolicyConfig withMode(ContentMode other) {
    OffloadConfig store =
        offload == null
            ? new OffloadConfig(
                OffloadConfig.TEXTS_OVER,
                /* keep= */ false,
                Path.of("offload"),
                /* url= */ null,
                /* bucket= */ null)
            : offload;
    return new PolicyConfig(
        other,
        other == mode || other == ContentMode.OFFLOAD ? redact : null,
        detectors,
        pseudonymKey,
        rules,
        contentKeys,
        maxAttributeBytes,
        maxSpanBytes,
        maxTraceBytes,
        other == ContentMode.OFFLOAD ? store : null);
  }

  /** Returns a copy with these limits. */
  public PolicyConfig within(SizeLimits limits) {
    return new PolicyConfig(
        mode,
        redact,
        detectors,
        pseudonymKey,
        rules,
        contentKeys,
        limits.attributeBytes(),
        limits.spanBytes(),
        limits.traceBytes(),
        offload);
  }

  /** The kinds of masks that the policy can write. */
  public Set<String> kinds() {
    Set<String> kinds = new TreeSet<>();
    boolean redacts =
        redact == null ? mode != ContentMode.FULL && mode != ContentMode.OFFLOAD : redact;
    if (redacts) {
      detectors.forEach(detector -> kinds.add(detector.name()));
    }
    if (rules.stream().anyMatch(rule -> rule.action() == PathRule.Action.MASK)) {
      kinds.add("MASKED");
    }
    return kinds;
  }

  /**
   * Builds the policy.
   *
   * @param store for the mode {@code offload}; else null
   * @throws IllegalArgumentException if values do not go together
   */
  public ContentPolicy build(@Nullable OffloadStore store) {
    ContentPolicy.Builder policy =
        ContentPolicy.builder()
            .mode(mode)
            .detect(detectors)
            .maxAttributeBytes(maxAttributeBytes)
            .maxSpanBytes(maxSpanBytes);
    if (redact != null) {
      policy.redact(redact);
    }
    if (pseudonymKey != null) {
      policy.pseudonyms(pseudonymKey.getBytes(StandardCharsets.UTF_8));
    }
    for (Rule rule : rules) {
      policy.rule(PathRule.of(rule.path(), rule.action()));
    }
    contentKeys.forEach(policy::contentKey);
    if (store != null && offload != null) {
      policy.store(store).offloadTextsOver(offload.textsOver()).keepWhatIsNotStored(offload.keep());
    }
    return policy.build();
  }

  /** Leaves out the key of pseudonyms. */
  @Override
  public String toString() {
    return "PolicyConfig[" + mode.wireName() + "]";
  }
}
