package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a provider answered, or what LangChain made of it, out of a payload that an emitter
 * put on the span as a whole: the id, the model, the counts in the provider's own words. Shapes:
 * OpenAI's chat and responses APIs, Anthropic, Gemini, and LangChain's {@code LLMResult} around any
 * of them.
 */
final class ResponsePayload {

  private final Draft out;
  private final String key;

  private ResponsePayload(Draft out, String key) {
    this.out = out;
    this.key = key;
  }

  /**
   * Offers the content of the payload under this key; nothing if it is not a response or was cut
   * off.
   */
  static void read(Json payload, String key, Draft out) {
    Json json = payload.unwrap();
    if (json.truncated()) {
      return;
    }
    Json response = json.isArray() ? one(json) : json;
    if (String.valueOf(response.get("type").text()).startsWith("response.")) {
      response = response.get("response"); // the event that ends a stream of OpenAI's
    }
    ResponsePayload reader = new ResponsePayload(out, key);
    if (response.get("generations").isArray()) {
      reader.langChainResult(response);
    } else if (isResponse(response)) {
      reader.response(response);
    }
  }

  /** Offers the counts of a provider's {@code usage} object; nothing if it is none. */
  static void readUsage(Json usage, String key, Draft out) {
    new ResponsePayload(out, key).usage(usage, null);
  }

  /** The only response in a list, or of a stream's chunks the last one with the usage of all. */
  private static Json one(Json list) {
    if (list.size() == 1) {
      return list.at(0);
    }
    String id = null;
    Json last = Json.ABSENT;
    for (Json chunk : list) {
      String own = chunk.first("id", "responseId", "response_id").text();
      if (own != null && id != null && !own.equals(id)) {
        return Json.ABSENT; // several responses: it is unclear which one the usage belongs to
      }
      id = own == null ? id : own;
      boolean event = chunk.get("response").isObject();
      if (event || chunk.first("usage", "usageMetadata", "usage_metadata").isObject()) {
        last = chunk;
      }
    }
    return id == null && !last.get("response").isObject() ? Json.ABSENT : last;
  }

  private static boolean isResponse(Json json) {
    String object = json.first("object", "type").text();
    return json.first("usage", "usageMetadata", "usage_metadata", "usage_info").isObject()
        || json.get("inputTextTokenCount").isPresent()
        || json.get("meta").get("billed_units").isObject()
        || json.get("meta").get("usage").isObject()
        || "chat.completion".equals(object)
        || "response".equals(object)
        || "message".equals(object) && json.get("id").isText() && json.get("model").isText();
  }

  private void response(Json json) {
    offer(Slot.RESPONSE_ID, json.first("id", "responseId", "response_id"));
    offer(Slot.RESPONSE_MODEL, json.first("model", "modelVersion", "model_version"));
    offer(Slot.SYSTEM_FINGERPRINT, json.get("system_fingerprint"));
    tier(json);
    offer(Slot.FINISH_REASONS, json.get("stop_reason"));
    Json usage = json.first("usage", "usageMetadata", "usage_metadata");
    usage(usage, json.first("model", "modelVersion", "model_version").text());
    if (json.get("inputTextTokenCount").isPresent()) {
      usage(json, null); // Titan's counts are not in an object of their own
    }
    usage(json.get("meta"), null); // Cohere, before its chat API had a usage
    usage(json.get("meta").get("usage"), json.get("meta").get("model").text()); // Haystack
    offer(Slot.RESPONSE_MODEL, json.get("meta").get("model"));
    ProviderFees.readResponse(json, key, out);
  }

  /** The tier that served; Bedrock has it as an object. */
  private void tier(Json json) {
    Json tier = json.first("service_tier", "serviceTier");
    offer(Slot.SERVICE_TIER, tier.isObject() ? tier.get("type") : tier);
  }

  private void langChainResult(Json result) {
    Json prompts = result.get("generations");
    Json first = prompts.at(0).isArray() ? prompts.at(0).at(0) : prompts.at(0);
    if (prompts.at(0).isArray() && prompts.size() > 1 || !first.isObject()) {
      return; // several calls in one: it is unclear which one the usage belongs to
    }
    Json message = first.get("message");
    Json fields = message.get("kwargs").isObject() ? message.get("kwargs") : message;
    Json metadata = fields.get("response_metadata");
    Json total = result.first("llmOutput", "llm_output");
    String id = fields.get("id").text();
    offer(Slot.RESPONSE_ID, metadata.get("id"));
    if (id != null && !id.startsWith("run-") && !id.startsWith("lc_run-")) {
      offer(Slot.RESPONSE_ID, fields.get("id")); // else an id that LangChain made up
    }
    offer(Slot.RESPONSE_MODEL, metadata.first("model_name", "model", "modelVersion"));
    offer(Slot.RESPONSE_MODEL, total.get("model_name"));
    offer(Slot.PROVIDER, metadata.get("model_provider"));
    offer(Slot.SERVICE_TIER, metadata.get("service_tier"));
    offer(Slot.SYSTEM_FINGERPRINT, metadata.get("system_fingerprint"));
    offer(Slot.FINISH_REASONS, metadata.first("finish_reason", "stop_reason"));
    String model = metadata.first("model_name", "model", "modelVersion").text();
    usage(metadata.get("usage"), model);
    usage(fields.get("usage_metadata"), model);
    usage(total.first("usage", "token_usage"), model);
    ProviderFees.readResponse(metadata, key, out);
  }

  /**
   * Takes a provider's counts, but not those of a stream's first event, which go up to there.
   *
   * @param model the model that answered, as the payload names it; null if it does not
   */
  private void usage(Json usage, @Nullable String model) {
    TokenUsage read = ProviderUsage.read(usage);
    if (read == null || read.output() >= out.count(Slot.OUTPUT_TOKENS)) {
      ProviderFees.readUsage(usage, key, out);
    }
    if (read == null || read.output() >= out.count(Slot.OUTPUT_TOKENS)) {
      // All that some embeddings and rerankers have.
      offer(
          Slot.TOTAL_TOKENS,
          usage.first("total_tokens", "totalTokens", "totalTokenCount", "total_token_count"));
    }
    if (read == null) {
      return;
    }
    offer(Slot.SERVICE_TIER, usage.get("service_tier"));
    offer(Slot.SPEED, usage.get("speed"));
    String geo = usage.get("inference_geo").text();
    if (geo != null && !geo.equals("not_available")) {
      offer(Slot.INFERENCE_GEO, usage.get("inference_geo"));
    }
    if (read.output() >= out.count(Slot.OUTPUT_TOKENS)) {
      if (usage.get("iterations").size() > 0) {
        Iterations.read(usage.get("iterations"), read, model, key, out);
      } else {
        out.providerUsage(read, key);
      }
      UnreadMembers.note(usage, read, key, out);
    }
  }

  private void offer(Slot<?> slot, Json value) {
    if (value.isPresent()) {
      out.offerBlob(slot, value, key);
    }
  }
}
