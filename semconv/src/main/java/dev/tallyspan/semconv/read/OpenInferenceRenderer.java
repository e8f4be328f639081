package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.internal.render.OpenInferenceWriter;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes what was read of a span in the conventions of OpenInference, for backends that know these
 * better than the GenAI conventions, such as Phoenix: kind, model, messages, tools, documents,
 * counts and costs. What the sender wrote under these keys stays.
 *
 * <p>The attributes of the GenAI conventions are written too, except content that OpenInference's
 * attributes state in full: long texts are on the span once. Thread-safe.
 */
public final class OpenInferenceRenderer {

  private final SpanRenderer standard;
  private final ConventionVersion target;

  private OpenInferenceRenderer(SpanRenderer standard, ConventionVersion target) {
    this.standard = standard;
    this.target = target;
  }

  /**
   * {@return a renderer}
   *
   * @param standard writes the attributes of the GenAI conventions; must not drop originals
   * @param target the generation that {@code standard} writes
   * @throws IllegalArgumentException if {@code standard} drops originals
   */
  public static OpenInferenceRenderer of(SpanRenderer standard, ConventionVersion target) {
    if (standard.dropsOriginals()) {
      throw new IllegalArgumentException(
          "standard drops originals, which may be what is written in OpenInference");
    }
    return new OpenInferenceRenderer(standard, Objects.requireNonNull(target, "target"));
  }

  /**
   * Writes what was read of a span. Writes nothing on a span that was processed before.
   *
   * @param llm the LLM span
   * @param span the span
   * @param edits receives the changes
   * @param cost of the span, in US dollars written as {@code llm.cost.*} too
   */
  public void render(LlmSpan llm, SpanView span, AttributeEdits edits, Cost cost) {
    if (llm.alreadyProcessed()) {
      return;
    }
    Set<String> stated =
        OpenInferenceWriter.write(llm, span, edits, cost).stream()
            .map(slot -> slot.key(target))
            .filter(Objects::nonNull)
            .filter(key -> span.attributes().get(key) == null)
            .collect(Collectors.toSet());
    standard.render(llm, span, new Without(stated, edits), cost.status());
  }

  /** Leaves out some keys. */
  private record Without(Set<String> keys, AttributeEdits edits) implements AttributeEdits {

    @Override
    public void set(String key, String value) {
      if (!keys.contains(key)) {
        edits.set(key, value);
      }
    }

    @Override
    public void set(String key, long value) {
      edits.set(key, value);
    }

    @Override
    public void set(String key, double value) {
      edits.set(key, value);
    }

    @Override
    public void set(String key, boolean value) {
      edits.set(key, value);
    }

    @Override
    public void set(String key, List<String> values) {
      edits.set(key, values);
    }

    @Override
    public void set(String key, Value<?> value) {
      if (!keys.contains(key)) {
        edits.set(key, value);
      }
    }

    @Override
    public void remove(String key) {
      edits.remove(key);
    }
  }
}
