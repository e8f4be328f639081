package dev.tallyspan.collector.output.export;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.Generation;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.read.SpanRenderer;
import java.util.Map;
import java.util.Set;

/**
 * How LLM spans are written for a backend.
 *
 * @param target the generation of the conventions
 * @param content the form of messages, tool definitions, arguments and results
 * @param cacheWriteNames the names for the count of cache writes; null for those of {@code target}
 * @param dropOriginals classes of attributes that leave the span once they are written under the
 *     conventions' names
 * @param dropOriginalsOf the same for single dialects, instead of the general rule
 * @param genAiUsageCost whether {@code gen_ai.usage.cost} is written as well as {@code
 *     tallyspan.cost.total}
 */
public record Profile(
    Generation target,
    ContentFormat content,
    CacheWriteNames cacheWriteNames,
    Set<KeyClass> dropOriginals,
    Map<String, Set<KeyClass>> dropOriginalsOf,
    boolean genAiUsageCost) {

  /** The newest generation, content as JSON text, nothing dropped, with the cost's usual name. */
  public static final Profile DEFAULT =
      new Profile(
          Generation.GENAI_DEV,
          ContentFormat.JSON_STRING,
          /* cacheWriteNames= */ null,
          Set.of(),
          Map.of(),
          /* genAiUsageCost= */ true);

  public Profile {
    requireNonNull(target, "target");
    requireNonNull(content, "content");
    dropOriginals = Set.copyOf(dropOriginals);
    dropOriginalsOf = Map.copyOf(dropOriginalsOf);
  }

  /** Whether attributes may leave the span, which their reader must have noted. */
  public boolean dropsOriginals() {
    return renderer().dropsOriginals();
  }

  SpanRenderer renderer() {
    SpanRenderer.Builder renderer =
        SpanRenderer.builder().target(target).content(content).dropOriginals(dropOriginals);
    if (cacheWriteNames != null) {
      renderer.cacheWriteNames(cacheWriteNames);
    }
    dropOriginalsOf.forEach(renderer::dropOriginals);
    return renderer.build();
  }
}
