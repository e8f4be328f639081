package dev.tallyspan.collector.config;

import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.Generation;
import dev.tallyspan.semconv.KeyClass;
import java.util.Set;

/**
 * How spans are written, as far as a component sets it: an exporter for itself, a processor for the
 * exporters that do not. Null is not set.
 *
 * @param target the generation of the conventions
 * @param content the form of messages
 * @param cacheWriteNames the names for the count of cache writes
 * @param dropOriginals classes of attributes that leave the span once they are written under the
 *     conventions' names
 * @param genAiUsageCost whether {@code gen_ai.usage.cost} is written as well
 */
public record ProfileConfig(
    Generation target,
    ContentFormat content,
    CacheWriteNames cacheWriteNames,
    Set<KeyClass> dropOriginals,
    Boolean genAiUsageCost) {

  /** Nothing is set. */
  public static final ProfileConfig UNSET = new ProfileConfig(null, null, null, null, null);

  public ProfileConfig {
    dropOriginals = dropOriginals == null ? null : Set.copyOf(dropOriginals);
  }

  public boolean isUnset() {
    return equals(UNSET);
  }

  /** This, with what it does not set as in {@code otherwise}. */
  public ProfileConfig orElse(ProfileConfig otherwise) {
    return new ProfileConfig(
        target == null ? otherwise.target : target,
        content == null ? otherwise.content : content,
        cacheWriteNames == null ? otherwise.cacheWriteNames : cacheWriteNames,
        dropOriginals == null ? otherwise.dropOriginals : dropOriginals,
        genAiUsageCost == null ? otherwise.genAiUsageCost : genAiUsageCost);
  }
}
