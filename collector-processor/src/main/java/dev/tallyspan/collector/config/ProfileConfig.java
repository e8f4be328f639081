package dev.tallyspan.collector.config;

import dev.tallyspan.collector.output.export.WrittenContent;
import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How spans are written, as set by one component: an exporter for itself, or a processor for the
 * exporters without a setting of their own. Null means not set.
 *
 * @param target the generation of the conventions
 * @param content how messages are written
 * @param cacheWriteNames the names for the count of cache writes
 * @param dropOriginals the classes of attributes that are removed once they are written under the
 *     conventions' names
 * @param genAiUsageCost whether {@code gen_ai.usage.cost} is written too
 * @param conventionalNames whether spans get the names of the conventions, such as {@code chat
 *     gpt-4o}
 * @param backend the profile of the backend, with defaults for all of these; only for exporters
 */
public record ProfileConfig(
    @Nullable ConventionVersion target,
    @Nullable WrittenContent content,
    @Nullable CacheWriteNames cacheWriteNames,
    @Nullable Set<KeyClass> dropOriginals,
    @Nullable Boolean genAiUsageCost,
    @Nullable Boolean conventionalNames,
    @Nullable BackendChoice backend) {

  /** Nothing is set. */
  public static final ProfileConfig UNSET = new ProfileConfig(null, null, null, null, null, null);

  /** Settings without the profile of a backend. */
  public ProfileConfig(
      @Nullable ConventionVersion target,
      @Nullable WrittenContent content,
      @Nullable CacheWriteNames cacheWriteNames,
      @Nullable Set<KeyClass> dropOriginals,
      @Nullable Boolean genAiUsageCost,
      @Nullable Boolean conventionalNames) {
    this(
        target,
        content,
        cacheWriteNames,
        dropOriginals,
        genAiUsageCost,
        conventionalNames,
        /* backend= */ null);
  }

  public ProfileConfig {
    dropOriginals = dropOriginals == null ? null : Set.copyOf(dropOriginals);
  }

  /** Returns this profile, with settings that it does not have from {@code otherwise}. */
  public ProfileConfig orElse(ProfileConfig otherwise) {
    return new ProfileConfig(
        target == null ? otherwise.target : target,
        content == null ? otherwise.content : content,
        cacheWriteNames == null ? otherwise.cacheWriteNames : cacheWriteNames,
        dropOriginals == null ? otherwise.dropOriginals : dropOriginals,
        genAiUsageCost == null ? otherwise.genAiUsageCost : genAiUsageCost,
        conventionalNames == null ? otherwise.conventionalNames : conventionalNames,
        backend == null ? otherwise.backend : backend);
  }

  /** Returns the same settings with the profile of a backend. */
  ProfileConfig with(@Nullable BackendChoice choice) {
    return new ProfileConfig(
        target, content, cacheWriteNames, dropOriginals, genAiUsageCost, conventionalNames, choice);
  }
}
