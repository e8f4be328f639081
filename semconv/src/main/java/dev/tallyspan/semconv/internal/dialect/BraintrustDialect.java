package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Spans with Braintrust's attributes: JSON objects, of which {@code span_attributes} says what the
 * span is. Counts are inclusive, by Braintrust's specification of token metrics. A project's name
 * alone, which context propagation puts on every span, recognises none.
 */
final class BraintrustDialect implements Dialect {

  private static final String ATTRIBUTES = "braintrust.span_attributes";
  private static final String METADATA = "braintrust.metadata";
  private static final String METRICS = "braintrust.metrics";

  private static final List<Rename<?>> RENAMES = List.of(Rename.of("braintrust.tags", Slot.TAGS));

  private static final List<Map.Entry<String, Slot<?>>> COUNTS =
      List.of(
          Map.entry("prompt_tokens", Slot.INPUT_TOKENS),
          Map.entry("completion_tokens", Slot.OUTPUT_TOKENS),
          Map.entry("tokens", Slot.TOTAL_TOKENS),
          Map.entry("prompt_cached_tokens", Slot.CACHE_READ_TOKENS),
          Map.entry("prompt_cache_creation_tokens", Slot.CACHE_WRITE_TOKENS),
          Map.entry("prompt_cache_creation_5m_tokens", Slot.CACHE_WRITE_5M_TOKENS),
          Map.entry("prompt_cache_creation_tokens_5m", Slot.CACHE_WRITE_5M_TOKENS),
          Map.entry("prompt_cache_creation_1h_tokens", Slot.CACHE_WRITE_1H_TOKENS),
          Map.entry("prompt_cache_creation_tokens_1h", Slot.CACHE_WRITE_1H_TOKENS),
          Map.entry("prompt_audio_tokens", Slot.AUDIO_INPUT_TOKENS),
          Map.entry("prompt_image_tokens", Slot.IMAGE_INPUT_TOKENS),
          Map.entry("prompt_video_tokens", Slot.VIDEO_INPUT_TOKENS),
          Map.entry("completion_reasoning_tokens", Slot.REASONING_TOKENS),
          Map.entry("completion_audio_tokens", Slot.AUDIO_OUTPUT_TOKENS),
          Map.entry("completion_image_tokens", Slot.IMAGE_OUTPUT_TOKENS),
          Map.entry("time_to_first_token", Slot.TIME_TO_FIRST_CHUNK));

  @Override
  public String id() {
    return "braintrust";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of(
        ATTRIBUTES, METADATA, METRICS, "braintrust.input", "braintrust.output", "braintrust.tags");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.hasAny(
        ATTRIBUTES,
        METADATA,
        METRICS,
        "braintrust.input_json",
        "braintrust.output_json",
        "braintrust.input",
        "braintrust.output");
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    String inputKey =
        span.has("braintrust.input_json") ? "braintrust.input_json" : "braintrust.input";
    String outputKey =
        span.has("braintrust.output_json") ? "braintrust.output_json" : "braintrust.output";
    Json input = span.get(inputKey);
    Json output = span.get(outputKey);
    Json metadata = span.json(METADATA);
    metrics(span.json(METRICS), out);
    switch (type(span, metadata)) {
      case "llm" -> {
        RequestParameters.read(metadata, METADATA, out);
        out.offerBlob(Slot.PROVIDER, metadata.get("provider"), METADATA);
        ModelFamilies.inferProvider(out);
        if (isEmbedding(span, metadata, out)) {
          out.offer(Slot.OPERATION, Operations.EMBEDDINGS, ATTRIBUTES);
        } else {
          out.offer(Slot.OPERATION, Operations.CHAT, ATTRIBUTES);
          CallPayload.readInput(input, inputKey, out);
          CallPayload.readOutput(output, outputKey, out);
        }
      }
      case "tool" -> {
        out.offer(Slot.OPERATION, Operations.EXECUTE_TOOL, ATTRIBUTES);
        ToolPayload.read(input, inputKey, output, outputKey, out);
        out.infer(Slot.TOOL_NAME, name(span), "span name");
      }
      default -> {
        if (!out.has(Slot.REQUEST_MODEL)) {
          out.withoutOperation();
        }
      }
    }
    LangChainMetadata.read(metadata, METADATA, out);
  }

  private static String name(IndexedSpan span) {
    String name = span.json(ATTRIBUTES).get("name").text();
    return name != null ? name : span.name();
  }

  /** The type in lower case; told from model and counts, if the span does not say it. */
  private static String type(IndexedSpan span, Json metadata) {
    String type = span.json(ATTRIBUTES).get("type").text();
    if (type != null) {
      return type.strip().toLowerCase(Locale.ROOT);
    }
    boolean counts = span.json(METRICS).first("prompt_tokens", "completion_tokens").isPresent();
    return counts && metadata.get("model").isText() ? "llm" : "task";
  }

  private static boolean isEmbedding(IndexedSpan span, Json metadata, Draft out) {
    String path = String.valueOf(metadata.get("request_path").text());
    String model = String.valueOf(out.text(Slot.REQUEST_MODEL)).toLowerCase(Locale.ROOT);
    return path.endsWith("embeddings")
        || span.name().toLowerCase(Locale.ROOT).contains("embedding")
        || model.contains("embed") && !out.has(Slot.OUTPUT_TOKENS);
  }

  private static void metrics(Json metrics, Draft out) {
    for (Map.Entry<String, Slot<?>> count : COUNTS) {
      Json value = metrics.get(count.getKey());
      if (value.isPresent()) {
        out.offer(count.getValue(), value, METRICS);
      }
    }
    Json cost = metrics.get("estimated_cost");
    if (cost.isPresent()) {
      out.reportedCost(cost, "USD", METRICS);
    }
  }
}
