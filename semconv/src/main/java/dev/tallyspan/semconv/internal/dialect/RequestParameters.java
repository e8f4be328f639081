package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Map;

/**
 * Reads the parameters of a request, which emitters write as one JSON object in a provider's or
 * framework's own words: OpenAI's, Anthropic's, Gemini's {@code generationConfig}, AI SDK's,
 * LangChain's.
 */
final class RequestParameters {

  /** The members that fill a slot, strongest first. */
  private static final List<Map.Entry<Slot<?>, String[]>> MEMBERS =
      List.of(
          row(Slot.REQUEST_MODEL, "model", "model_name", "model_id", "modelId"),
          row(
              Slot.MAX_TOKENS,
              "max_tokens",
              "max_completion_tokens",
              "max_output_tokens",
              "maxTokens",
              "maxOutputTokens",
              "max_tokens_to_sample"),
          row(Slot.TEMPERATURE, "temperature"),
          row(Slot.TOP_P, "top_p", "topP"),
          row(Slot.TOP_K, "top_k", "topK"),
          row(Slot.SEED, "seed"),
          row(Slot.FREQUENCY_PENALTY, "frequency_penalty", "frequencyPenalty"),
          row(Slot.PRESENCE_PENALTY, "presence_penalty", "presencePenalty"),
          row(Slot.STOP_SEQUENCES, "stop_sequences", "stopSequences", "stop"),
          row(Slot.CHOICE_COUNT, "n", "choice_count", "candidate_count", "candidateCount"),
          row(Slot.STREAM, "stream"),
          row(Slot.EMBEDDING_DIMENSIONS, "dimensions", "output_dimensionality"),
          row(Slot.ENCODING_FORMATS, "encoding_format"),
          row(Slot.REQUESTED_SERVICE_TIER, "service_tier"),
          row(Slot.PREVIOUS_RESPONSE_ID, "previous_response_id"),
          row(Slot.TOOL_DEFINITIONS, "tools", "functions"));

  private RequestParameters() {}

  /** Offers the members of the object; nothing if it is not an object. */
  static void read(Json parameters, String key, Draft out) {
    if (!parameters.isObject()) {
      return;
    }
    for (Map.Entry<Slot<?>, String[]> row : MEMBERS) {
      Json value = parameters.first(row.getValue());
      if (value.isPresent()) {
        out.offerBlob(row.getKey(), value, key);
      }
    }
    Json effort = parameters.get("reasoning_effort");
    out.offerBlob(
        Slot.REASONING_LEVEL,
        effort.isPresent() ? effort : parameters.get("reasoning").get("effort"),
        key);
    // Perplexity and OpenAI; what was served, if the answer says it, is the same.
    out.offerBlob(
        Slot.SEARCH_CONTEXT_SIZE,
        parameters.get("web_search_options").get("search_context_size"),
        key);
    Json format = parameters.first("response_format", "responseFormat");
    if (!format.isPresent()) {
      format = parameters.get("text").get("format");
    }
    out.offerBlob(Slot.OUTPUT_TYPE, format.isObject() ? format.get("type") : format, key);
  }

  private static Map.Entry<Slot<?>, String[]> row(Slot<?> slot, String... members) {
    return Map.entry(slot, members);
  }
}
