package dev.tallyspan.collector.config;

import dev.tallyspan.collector.sampling.SamplingRules;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code sampling} of a processor. */
final class SamplingReader {

  private SamplingReader() {}

  /** Returns null if there is no such section. */
  static @Nullable SamplingRules read(Section processor) {
    Section sampling = processor.section("sampling");
    if (sampling == null) {
      return null;
    }
    double share = share(sampling);
    Section keep = sampling.section("keep");
    SamplingRules rules =
        keep == null
            ? new SamplingRules(share, true, null, null, null, null, Set.of(), Set.of(), Set.of())
            : new SamplingRules(
                share,
                keep.bool("errors", true),
                keep.has("cost_above") ? positive(keep, "cost_above") : null,
                keep.has("tokens_above")
                    ? keep.number("tokens_above", 0, Long.MAX_VALUE / 2, 0)
                    : null,
                keep.has("slower_than") ? keep.duration("slower_than", Duration.ZERO) : null,
                keep.has("score_below") ? keep.real("score_below", 0) : null,
                Set.copyOf(keep.texts("users")),
                Set.copyOf(keep.texts("tags")),
                Set.copyOf(keep.texts("labels")));
    if (keep != null) {
      keep.end();
    }
    sampling.end();
    return rules;
  }

  private static double share(Section sampling) {
    if (!sampling.has("share")) {
      sampling.error("share is missing");
      return 1;
    }
    double share = sampling.real("share", 1);
    if (share < 0 || share > 1) {
      sampling.error("share", sampling.name("share") + ": must be from 0 to 1, not " + share);
      return 1;
    }
    return share;
  }

  private static double positive(Section keep, String key) {
    double value = keep.real(key, 0);
    if (value < 0) {
      keep.error(key, keep.name(key) + ": must not be negative");
    }
    return value;
  }
}
