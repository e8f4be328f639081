package dev.tallyspan.collector.output.export;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.read.SpanRenderer;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How LLM spans are written for a backend.
 *
 * @param target the generation of the conventions
 * @param content how messages, tool definitions, arguments and results are written
 * @param cacheWriteNames the names for the count of cache writes; null for those of {@code target}
 * @param dropOriginals the classes of attributes that are removed once they are written under the
 *     conventions' names
 * @param dropOriginalsOf the same for single dialects, instead of {@code dropOriginals}
 * @param genAiUsageCost whether {@code gen_ai.usage.cost} is written in addition to {@code
 *     tallyspan.cost.total}
 * @param backend what else is written; with the conventions of OpenInference, no originals are
 *     dropped, because they may be what the backend reads
 */
public record Profile(
    ConventionVersion target,
    WrittenContent content,
    @Nullable CacheWriteNames cacheWriteNames,
    Set<KeyClass> dropOriginals,
    Map<String, Set<KeyClass>> dropOriginalsOf,
    boolean genAiUsageCost,
    BackendAttributes backend) {

  /**
   * The newest generation, content as JSON text, no attribute removed, {@code gen_ai.usage.cost}.
   */
  public static final Profile DEFAULT =
      new Profile(
          ConventionVersion.GENAI_DEV,
          WrittenContent.JSON,
          /* cacheWriteNames= */ null,
          Set.of(),
          Map.of(),
          /* genAiUsageCost= */ true);

  /** A profile of the conventions alone. */
  public Profile(
      ConventionVersion target,
      WrittenContent content,
      @Nullable CacheWriteNames cacheWriteNames,
      Set<KeyClass> dropOriginals,
      Map<String, Set<KeyClass>> dropOriginalsOf,
      boolean genAiUsageCost) {
    this(
        target,
        content,
        cacheWriteNames,
        dropOriginals,
        dropOriginalsOf,
        genAiUsageCost,
        BackendAttributes.NONE);
  }

  public Profile {
    requireNonNull(target, "target");
    requireNonNull(content, "content");
    requireNonNull(backend, "backend");
    dropOriginals = backend.openInference() ? Set.of() : Set.copyOf(dropOriginals);
    dropOriginalsOf = backend.openInference() ? Map.of() : Map.copyOf(dropOriginalsOf);
  }

  /** Returns the same profile for a backend that reads this too. */
  public Profile with(BackendAttributes backend) {
    return new Profile(
        target, content, cacheWriteNames, dropOriginals, dropOriginalsOf, genAiUsageCost, backend);
  }

  /**
   * Returns the same profile with other names of spans.
   *
   * @param conventional whether spans get the names of the conventions
   */
  public Profile withNames(boolean conventional) {
    return with(backend.withNames(conventional));
  }

  /** Whether attributes may be removed; the reader must have noted them for that. */
  public boolean dropsOriginals() {
    return renderer().dropsOriginals();
  }

  /** Whether messages and other content are written, and not left as they came. */
  public boolean writesContent() {
    return content != WrittenContent.KEEP;
  }

  SpanRenderer renderer() {
    SpanRenderer.Builder renderer =
        SpanRenderer.builder()
            .target(target)
            .content(content.format())
            .keepContent(content == WrittenContent.KEEP)
            .dropOriginals(dropOriginals);
    if (cacheWriteNames != null) {
      renderer.cacheWriteNames(cacheWriteNames);
    }
    dropOriginalsOf.forEach(renderer::dropOriginals);
    return renderer.build();
  }
}
