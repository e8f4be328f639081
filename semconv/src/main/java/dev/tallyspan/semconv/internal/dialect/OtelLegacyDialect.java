package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Older generations of the GenAI conventions, v1.26 to v1.36, and what emitters made of them:
 * {@code gen_ai.*} keys that the current conventions do not have.
 */
public final class OtelLegacyDialect implements Dialect {

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("gen_ai.system", Slot.PROVIDER),
          Rename.of("gen_ai.model.provider", Slot.PROVIDER),
          Rename.of("gen_ai.operation", Slot.OPERATION),
          Rename.of("gen_ai.request_model", Slot.REQUEST_MODEL),
          Rename.of("gen_ai.response_model", Slot.RESPONSE_MODEL),
          Rename.of("gen_ai.response.finish_reason", Slot.FINISH_REASONS),
          Rename.of("gen_ai.response.stop_reason", Slot.FINISH_REASONS),
          Rename.of("gen_ai.finishReason", Slot.FINISH_REASONS),
          // requests
          Rename.of("gen_ai.openai.request.seed", Slot.SEED),
          Rename.of("gen_ai.openai.request.response_format", Slot.OUTPUT_TYPE),
          Rename.of("gen_ai.openai.request.service_tier", Slot.REQUESTED_SERVICE_TIER),
          Rename.of("gen_ai.openai.response.service_tier", Slot.SERVICE_TIER),
          Rename.of("gen_ai.response.service_tier", Slot.SERVICE_TIER),
          Rename.of("gen_ai.openai.response.system_fingerprint", Slot.SYSTEM_FINGERPRINT),
          Rename.of("gen_ai.openai.system_fingerprint", Slot.SYSTEM_FINGERPRINT),
          Rename.of("gen_ai.response.system_fingerprint", Slot.SYSTEM_FINGERPRINT),
          Rename.of("gen_ai.request.n", Slot.CHOICE_COUNT),
          Rename.of("gen_ai.request.max_completion_tokens", Slot.MAX_TOKENS),
          Rename.of("gen_ai.request.reasoning_effort", Slot.REASONING_LEVEL),
          Rename.of("gen_ai.request.is_stream", Slot.STREAM),
          Rename.of("gen_ai.is_streaming", Slot.STREAM),
          Rename.of("gen_ai.request.embedding.dimensions", Slot.EMBEDDING_DIMENSIONS),
          Rename.of("gen_ai.client.operation.time_to_first_chunk", Slot.TIME_TO_FIRST_CHUNK),
          // tokens
          Rename.of("gen_ai.usage.prompt_tokens", Slot.INPUT_TOKENS),
          Rename.of("gen_ai.usage.completion_tokens", Slot.OUTPUT_TOKENS),
          Rename.of("gen_ai.usage.total_tokens", Slot.TOTAL_TOKENS),
          Rename.of("gen_ai.usage.cache_read_input_tokens", Slot.CACHE_READ_TOKENS),
          Rename.of("gen_ai.usage.input_tokens.cached", Slot.CACHE_READ_TOKENS),
          Rename.of("gen_ai.usage.cached_input_tokens", Slot.CACHE_READ_TOKENS),
          Rename.of("gen_ai.usage.cache_read_tokens", Slot.CACHE_READ_TOKENS),
          Rename.of("gen_ai.usage.details.cache_read_tokens", Slot.CACHE_READ_TOKENS),
          Rename.of("gen_ai.usage.details.cache_read_input_tokens", Slot.CACHE_READ_TOKENS),
          Rename.of("gen_ai.usage.prompt_tokens_details.cached_tokens", Slot.CACHE_READ_TOKENS),
          Rename.of("gen_ai.usage.cache_write_input_tokens", Slot.CACHE_WRITE_TOKENS),
          Rename.of("gen_ai.usage.cache_creation_input_tokens", Slot.CACHE_WRITE_TOKENS),
          Rename.of("gen_ai.usage.input_tokens.cache_write", Slot.CACHE_WRITE_TOKENS),
          Rename.of("gen_ai.usage.input_tokens.cache_creation", Slot.CACHE_WRITE_TOKENS),
          Rename.of("gen_ai.usage.cache_write_tokens", Slot.CACHE_WRITE_TOKENS),
          Rename.of("gen_ai.usage.cache_creation_tokens", Slot.CACHE_WRITE_TOKENS),
          Rename.of("gen_ai.usage.details.cache_write_tokens", Slot.CACHE_WRITE_TOKENS),
          Rename.of("gen_ai.usage.details.cache_creation_input_tokens", Slot.CACHE_WRITE_TOKENS),
          Rename.of(
              "gen_ai.usage.prompt_tokens_details.cache_creation_tokens", Slot.CACHE_WRITE_TOKENS),
          Rename.of("gen_ai.usage.reasoning_tokens", Slot.REASONING_TOKENS),
          Rename.of("gen_ai.usage.output_tokens.reasoning", Slot.REASONING_TOKENS),
          Rename.of("gen_ai.usage.details.reasoning_tokens", Slot.REASONING_TOKENS),
          Rename.of("gen_ai.usage.details.thoughts_tokens", Slot.REASONING_TOKENS),
          Rename.of(
              "gen_ai.usage.completion_tokens_details.reasoning_tokens", Slot.REASONING_TOKENS),
          Rename.of("gen_ai.usage.input_text_tokens", Slot.TEXT_INPUT_TOKENS),
          Rename.of("gen_ai.usage.output_text_tokens", Slot.TEXT_OUTPUT_TOKENS),
          Rename.of("gen_ai.usage.input_audio_tokens", Slot.AUDIO_INPUT_TOKENS),
          Rename.of("gen_ai.usage.audio_input_tokens", Slot.AUDIO_INPUT_TOKENS),
          Rename.of("gen_ai.usage.input_tokens.audio", Slot.AUDIO_INPUT_TOKENS),
          Rename.of("gen_ai.usage.details.input_audio_tokens", Slot.AUDIO_INPUT_TOKENS),
          Rename.of("gen_ai.usage.output_audio_tokens", Slot.AUDIO_OUTPUT_TOKENS),
          Rename.of("gen_ai.usage.audio_output_tokens", Slot.AUDIO_OUTPUT_TOKENS),
          Rename.of("gen_ai.usage.details.output_audio_tokens", Slot.AUDIO_OUTPUT_TOKENS),
          Rename.of("gen_ai.usage.input_image_tokens", Slot.IMAGE_INPUT_TOKENS),
          Rename.of("gen_ai.usage.output_tokens.image", Slot.IMAGE_OUTPUT_TOKENS),
          // tools
          Rename.of("gen_ai.tool_call.id", Slot.TOOL_CALL_ID),
          Rename.of("gen_ai.tool.call_id", Slot.TOOL_CALL_ID),
          Rename.of("gen_ai.tool.input", Slot.TOOL_CALL_ARGUMENTS),
          Rename.of("gen_ai.tool.output", Slot.TOOL_CALL_RESULT),
          // who
          Rename.of("gen_ai.user", Slot.USER_ID),
          Rename.of("gen_ai.user.id", Slot.USER_ID),
          Rename.of("gen_ai.request.user", Slot.USER_ID),
          Rename.of("enduser.id", Slot.USER_ID),
          Rename.of("gen_ai.session.id", Slot.SESSION_ID));

  private static final Map<String, Rename<?>> BY_KEY =
      RENAMES.stream().collect(Collectors.toMap(Rename::key, Function.identity()));

  @Override
  public String id() {
    return "otel-legacy";
  }

  @Override
  public List<String> markers() {
    return List.of("gen_ai.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    for (String key : span.keys()) {
      if (isLegacyKey(key)) {
        return true;
      }
    }
    for (EventView event : span.events()) {
      if (EventMessages.isMessageEvent(event.name())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean isUniversal() {
    return true;
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    if (Operations.EXECUTE_TOOL.equals(out.text(Slot.OPERATION))) {
      EventMessages.readToolCall(span, out);
    } else {
      EventMessages.read(span, out);
    }
    // The whole prompt and completion as text or JSON, v1.26 and LangSmith.
    whole(Slot.INPUT_MESSAGES, "gen_ai.prompt", span, out);
    whole(Slot.OUTPUT_MESSAGES, "gen_ai.completion", span, out);
  }

  private static void whole(Slot<?> slot, String key, IndexedSpan span, Draft out) {
    out.content(
        () -> {
          if (out.offerBlob(slot, span.get(key), key)) {
            out.consumed(key);
          }
        },
        slot);
  }

  /** Whether only older generations, or emitters that follow none, have this key. */
  static boolean isLegacyKey(String key) {
    return key.startsWith("gen_ai.")
        && (BY_KEY.containsKey(key)
            || key.equals("gen_ai.prompt")
            || key.equals("gen_ai.completion"));
  }
}
