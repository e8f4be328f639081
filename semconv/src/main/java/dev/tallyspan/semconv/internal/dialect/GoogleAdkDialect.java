package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.internal.message.Providers;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.Strength;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Google's Agent Development Kit, in Java, Python, JavaScript and Go. Request and response of the
 * model stand as JSON in an attribute each, the response with Gemini's own counts; the field of the
 * provider holds the kit's name. Java and JavaScript write members in camel case, Python in snake
 * case.
 */
final class GoogleAdkDialect implements Dialect {

  private static final String PREFIX = "gcp.vertex.agent.";
  private static final String REQUEST = PREFIX + "llm_request";
  private static final String RESPONSE = PREFIX + "llm_response";

  /** Placeholders for missing arguments and results; an empty object is a value. */
  private static final List<String> NOTHING = List.of("N/A", "<not specified>");

  private static final List<Rename<?>> RENAMES =
      List.of(Rename.of(PREFIX + "session_id", Slot.CONVERSATION_ID));

  /** A member of a request's configuration and the slot it fills, in both spellings. */
  private record Parameter(Slot<?> slot, String camelCase, String snakeCase) {}

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter(Slot.TEMPERATURE, "temperature", "temperature"),
          new Parameter(Slot.TOP_P, "topP", "top_p"),
          new Parameter(Slot.TOP_K, "topK", "top_k"),
          new Parameter(Slot.MAX_TOKENS, "maxOutputTokens", "max_output_tokens"),
          new Parameter(Slot.STOP_SEQUENCES, "stopSequences", "stop_sequences"),
          new Parameter(Slot.SEED, "seed", "seed"),
          new Parameter(Slot.CHOICE_COUNT, "candidateCount", "candidate_count"),
          new Parameter(Slot.PRESENCE_PENALTY, "presencePenalty", "presence_penalty"),
          new Parameter(Slot.FREQUENCY_PENALTY, "frequencyPenalty", "frequency_penalty"),
          new Parameter(Slot.TOOL_DEFINITIONS, "tools", "tools"));

  @Override
  public String id() {
    return "google-adk";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of(PREFIX);
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.isScope("gcp.vertex.agent") || span.hasPrefix(PREFIX);
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    readRequest(span.json(REQUEST), out);
    readResponse(span.json(RESPONSE), out);
    offerCall(span, "tool_call_args", Slot.TOOL_CALL_ARGUMENTS, out);
    offerCall(span, "tool_response", Slot.TOOL_CALL_RESULT, out);
    String model = out.text(Slot.REQUEST_MODEL);
    if (model != null) {
      out.infer(Slot.PROVIDER, provider(model), "model");
    }
  }

  private static void readRequest(Json request, Draft out) {
    if (request.size() == 0) {
      return; // content capture is off, or the span is a tool's
    }
    out.offerBlob(Slot.REQUEST_MODEL, request.get("model"), REQUEST);
    Json config = request.get("config");
    for (Parameter parameter : PARAMETERS) {
      out.offerBlob(
          parameter.slot, config.first(parameter.camelCase, parameter.snakeCase), REQUEST);
    }
    String format = config.first("responseMimeType", "response_mime_type").text();
    if ("application/json".equals(format)) {
      out.offerBlob(Slot.OUTPUT_TYPE, Json.of("json"), REQUEST);
    }
    Strength strength = strength(request);
    out.offer(
        Slot.SYSTEM_INSTRUCTIONS,
        Coercion.INSTRUCTIONS.apply(config.first("systemInstruction", "system_instruction")),
        REQUEST,
        "payload",
        strength);
    out.offer(
        Slot.INPUT_MESSAGES,
        Coercion.INPUT_MESSAGES.apply(request.get("contents")),
        REQUEST,
        "payload",
        strength);
  }

  private static void readResponse(Json response, Draft out) {
    if (response.size() == 0) {
      return;
    }
    Json reason = response.first("finishReason", "finish_reason");
    out.offerBlob(Slot.FINISH_REASONS, reason, RESPONSE);
    out.offerBlob(Slot.RESPONSE_MODEL, response.first("modelVersion", "model_version"), RESPONSE);
    out.offerBlob(Slot.ERROR_TYPE, response.first("errorCode", "error_code"), RESPONSE);
    out.offer(
        Slot.OUTPUT_MESSAGES,
        Coercion.OUTPUT_MESSAGES.apply(response.get("content")),
        RESPONSE,
        "payload",
        strength(response));
    if (!response.truncated()) {
      ResponsePayload.readUsage(response.first("usageMetadata", "usage_metadata"), RESPONSE, out);
      ProviderFees.readResponse(response, RESPONSE, out);
    }
  }

  private static Strength strength(Json payload) {
    return payload.truncated() ? Strength.DAMAGED : Strength.BLOB;
  }

  private static void offerCall(IndexedSpan span, String name, Slot<?> slot, Draft out) {
    Json value = span.get(PREFIX + name);
    if (!(value.isText() && NOTHING.contains(value.text().strip()))) {
      out.offer(slot, value, PREFIX + name);
    }
  }

  /**
   * Who serves a model, as far as the kit's ways of naming models tell: by a resource of Vertex AI,
   * by LiteLLM's prefix, or as a Gemini model of either of Google's APIs.
   */
  private static @Nullable String provider(String model) {
    String known = Providers.ofModel(model);
    if (known != null) {
      return known;
    }
    return model.startsWith("gemini") || model.startsWith("gemma") || model.startsWith("models/")
        ? "gcp.gen_ai"
        : null;
  }
}
