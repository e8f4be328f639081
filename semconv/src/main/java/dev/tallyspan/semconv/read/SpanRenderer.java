package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.LogView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.internal.dialect.StatedUsage;
import dev.tallyspan.semconv.internal.render.OriginalsPolicy;
import dev.tallyspan.semconv.internal.render.RenderOptions;
import dev.tallyspan.semconv.internal.render.Renderer;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Original;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what was read of a span as attributes of one generation of the conventions. One span can
 * be written by several renderers, for backends that need different attributes. Thread-safe.
 *
 * <p>A renderer that drops originals needs spans that were read by a {@link Normalizer} that notes
 * them, see {@link Normalizer.Builder#noteOriginals}.
 */
public final class SpanRenderer {

  private final Renderer renderer;

  private SpanRenderer(Renderer renderer) {
    this.renderer = renderer;
  }

  /**
   * Creates a builder.
   *
   * @return this
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Writes what was read of a span, unless the span already states it. Writes nothing on a span
   * that was processed before.
   *
   * <p>On a span that is not billed, no standard token count is added that its sender did not
   * write, and none is corrected: the counts are written under {@code tallyspan.usage.*}, so that
   * sums of the standard attributes over spans stay correct.
   *
   * @param status the status of the span's cost, which the caller writes
   * @param llm the LLM span
   * @param span the span
   * @param edits receives the changes
   */
  public void render(LlmSpan llm, SpanView span, AttributeEdits edits, Cost.Status status) {
    renderer.render(llm, span, edits, status);
  }

  /**
   * Writes what was read of a log record, as {@link #render(LlmSpan, SpanView, AttributeEdits,
   * Cost.Status)} does on a span.
   *
   * @param status the status of its cost, if that is written
   * @param llm the LLM span
   * @param log the log record
   * @param edits receives the changes
   */
  public void render(LlmSpan llm, LogView log, AttributeEdits edits, Cost.Status status) {
    renderer.render(llm, log, edits, status);
  }

  /**
   * Removes the token counts and costs that the sender stated, under standard names and in any
   * dialect, for backends that sum over all spans. {@code tallyspan.*} stays. Without noted
   * originals, keys of custom dialects are not known and stay.
   *
   * @param llm the LLM span
   * @param span the span
   * @param edits receives the changes
   */
  public static void removeUsage(LlmSpan llm, SpanView span, AttributeEdits edits) {
    AttributeView attributes = span.attributes();
    for (int i = 0; i < attributes.size(); i++) {
      String key = attributes.key(i);
      if (key != null
          && (StatedUsage.isIn(key) || isUsage(llm.originals().getOrDefault(key, List.of())))) {
        edits.remove(key);
      }
    }
  }

  private static boolean isUsage(Collection<Original> originals) {
    return !originals.isEmpty()
        && originals.stream()
            .allMatch(o -> o.keyClass() == KeyClass.USAGE || o.keyClass() == KeyClass.COST);
  }

  /**
   * {@return whether attributes leave the span when all they state is written in the conventions'
   * names}
   */
  public boolean dropsOriginals() {
    return renderer.dropsOriginals();
  }

  /** How spans are written. */
  public static final class Builder {
    private ConventionVersion target = ConventionVersion.GENAI_DEV;
    private ContentFormat content = ContentFormat.JSON_STRING;
    private boolean keepsContent;
    private @Nullable CacheWriteNames cacheWriteNames;
    private boolean keepsStructure;
    private int maxContentLength;
    private Set<KeyClass> dropped = Set.of();
    private final Map<String, Set<KeyClass>> droppedOf = new LinkedHashMap<>();

    Builder() {}

    /**
     * The generation of the conventions that is written. Default: the newest.
     *
     * @param generation the generation of the conventions
     * @return this
     */
    public Builder target(ConventionVersion generation) {
      target = Objects.requireNonNull(generation, "target");
      return this;
    }

    /**
     * The form in which content is written. Default: JSON text.
     *
     * @param format the format
     * @return this
     */
    public Builder content(ContentFormat format) {
      content = Objects.requireNonNull(format, "content");
      return this;
    }

    /**
     * Whether content stays as it came: messages, instructions, tool definitions, arguments,
     * results, documents and queries are neither written nor changed nor removed. Default: false.
     *
     * @param keep whether to keep it
     * @return this
     */
    public Builder keepContent(boolean keep) {
      keepsContent = keep;
      return this;
    }

    /**
     * Whether content that arrives structured under its own name stays structured, whatever {@link
     * #content} is. Default: false. For writers that cannot change the type of an attribute.
     *
     * @param keep whether to keep it
     * @return this
     */
    public Builder keepStructure(boolean keep) {
      keepsStructure = keep;
      return this;
    }

    /**
     * The names for the count of cache writes. Default: both; for {@link
     * ConventionVersion#CORE_1_41}, only the one that it defines.
     *
     * @param names which names to write
     * @return this
     */
    public Builder cacheWriteNames(CacheWriteNames names) {
      cacheWriteNames = Objects.requireNonNull(names, "cacheWriteNames");
      return this;
    }

    /**
     * The maximum number of characters of JSON text in one attribute with content. Default: 0 = no
     * limit. Longer content is cut inside its texts, so that it stays valid.
     *
     * @param characters the limit, in characters
     * @return this
     */
    public Builder maxContentLength(int characters) {
      maxContentLength = characters;
      return this;
    }

    /**
     * The classes of attributes that leave the span when all they state is written in the
     * conventions' names. Default: none. What was not fully understood stays. A reported cost
     * counts as written, so if you drop it, write the span's {@link Cost}.
     *
     * @param classes the classes of keys
     * @return this
     */
    public Builder dropOriginals(Set<KeyClass> classes) {
      dropped = Set.copyOf(classes);
      return this;
    }

    /**
     * The same for what one dialect reads, instead of the general rule.
     *
     * @param dialect the id of the dialect
     * @param classes the classes of keys
     * @return this
     */
    public Builder dropOriginals(String dialect, Set<KeyClass> classes) {
      droppedOf.put(dialect, Set.copyOf(classes));
      return this;
    }

    /** The dialects with a rule of their own. */
    Set<String> dialects() {
      return droppedOf.keySet();
    }

    /**
     * Checks the settings and builds.
     *
     * @return the renderer
     * @throws IllegalArgumentException if the maximum content length is negative
     */
    public SpanRenderer build() {
      if (maxContentLength < 0) {
        throw new IllegalArgumentException(
            "maxContentLength=" + maxContentLength + " is negative; 0 = no limit");
      }
      return new SpanRenderer(
          new Renderer(
              new RenderOptions(
                  target,
                  content,
                  keepsContent,
                  cacheWriteNames == null ? CacheWriteNames.of(target) : cacheWriteNames,
                  keepsStructure,
                  maxContentLength,
                  new OriginalsPolicy(dropped, droppedOf))));
    }
  }
}
