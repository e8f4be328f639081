package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.span.Slot;

/** How each slot is read, unless a row of a dialect knows better. */
public final class SlotCoercions {

  private static final Coercion<?>[] BY_SLOT = new Coercion<?>[Slot.all().size()];

  static {
    put(Slot.OPERATION, Coercion.OPERATION);
    put(Slot.PROVIDER, Coercion.PROVIDER);
    put(Slot.REQUEST_MODEL, Coercion.TEXT);
    put(Slot.RESPONSE_MODEL, Coercion.TEXT);
    put(Slot.RESPONSE_ID, Coercion.TEXT);
    put(Slot.RESPONSE_STATUS, Coercion.TEXT);
    put(Slot.FINISH_REASONS, Coercion.FINISH_REASONS);
    put(Slot.ERROR_TYPE, Coercion.TEXT);
    put(Slot.MAX_TOKENS, Coercion.COUNT);
    put(Slot.TEMPERATURE, Coercion.POSITIVE);
    put(Slot.TOP_P, Coercion.POSITIVE);
    put(Slot.TOP_K, Coercion.COUNT);
    put(Slot.STOP_SEQUENCES, Coercion.TEXTS);
    put(Slot.FREQUENCY_PENALTY, Coercion.NUMBER);
    put(Slot.PRESENCE_PENALTY, Coercion.NUMBER);
    put(Slot.SEED, Coercion.WHOLE);
    put(Slot.CHOICE_COUNT, Coercion.CHOICES);
    put(Slot.STREAM, Coercion.SET_FLAG);
    put(Slot.ENCODING_FORMATS, Coercion.TEXTS);
    put(Slot.REASONING_LEVEL, Coercion.TEXT);
    put(Slot.PREVIOUS_RESPONSE_ID, Coercion.TEXT);
    put(Slot.OUTPUT_TYPE, Coercion.OUTPUT_TYPE);
    put(Slot.TIME_TO_FIRST_CHUNK, Coercion.POSITIVE);
    put(Slot.EMBEDDING_DIMENSIONS, Coercion.COUNT);
    put(Slot.INPUT_TOKENS, Coercion.COUNT);
    put(Slot.OUTPUT_TOKENS, Coercion.COUNT);
    put(Slot.CACHE_READ_TOKENS, Coercion.COUNT);
    put(Slot.CACHE_WRITE_TOKENS, Coercion.COUNT);
    put(Slot.CACHE_WRITE_5M_TOKENS, Coercion.COUNT);
    put(Slot.CACHE_WRITE_1H_TOKENS, Coercion.COUNT);
    put(Slot.USAGE_ESTIMATOR, Coercion.TEXT);
    put(Slot.REASONING_TOKENS, Coercion.COUNT);
    put(Slot.TEXT_INPUT_TOKENS, Coercion.COUNT);
    put(Slot.IMAGE_INPUT_TOKENS, Coercion.COUNT);
    put(Slot.AUDIO_INPUT_TOKENS, Coercion.COUNT);
    put(Slot.TEXT_OUTPUT_TOKENS, Coercion.COUNT);
    put(Slot.IMAGE_OUTPUT_TOKENS, Coercion.COUNT);
    put(Slot.AUDIO_OUTPUT_TOKENS, Coercion.COUNT);
    put(Slot.TEXT_CACHE_READ_TOKENS, Coercion.COUNT);
    put(Slot.IMAGE_CACHE_READ_TOKENS, Coercion.COUNT);
    put(Slot.AUDIO_CACHE_READ_TOKENS, Coercion.COUNT);
    put(Slot.VIDEO_INPUT_TOKENS, Coercion.COUNT);
    put(Slot.VIDEO_OUTPUT_TOKENS, Coercion.COUNT);
    put(Slot.TOTAL_TOKENS, Coercion.COUNT);
    put(Slot.UNCACHED_INPUT_TOKENS, Coercion.COUNT);
    put(Slot.WEB_SEARCHES, Coercion.COUNT);
    put(Slot.SERVICE_TIER, Coercion.TEXT);
    put(Slot.REQUESTED_SERVICE_TIER, Coercion.TEXT);
    put(Slot.SYSTEM_FINGERPRINT, Coercion.TEXT);
    put(Slot.OPENAI_API_TYPE, Coercion.TEXT);
    put(Slot.BATCH, Coercion.SET_FLAG);
    put(Slot.SPEED, Coercion.TEXT);
    put(Slot.SEARCH_CONTEXT_SIZE, Coercion.TEXT);
    put(Slot.INFERENCE_GEO, Coercion.TEXT);
    put(Slot.CLOUD_REGION, Coercion.TEXT);
    put(Slot.LOCATION, Coercion.LOCATION);
    put(Slot.SERVER_ADDRESS, Coercion.TEXT);
    put(Slot.SERVER_PORT, Coercion.COUNT);
    put(Slot.INPUT_MESSAGES, Coercion.INPUT_MESSAGES);
    put(Slot.OUTPUT_MESSAGES, Coercion.OUTPUT_MESSAGES);
    put(Slot.SYSTEM_INSTRUCTIONS, Coercion.INSTRUCTIONS);
    put(Slot.TOOL_DEFINITIONS, Coercion.TOOL_DEFINITIONS);
    put(Slot.TOOL_NAME, Coercion.TEXT);
    put(Slot.TOOL_CALL_ID, Coercion.TEXT);
    put(Slot.TOOL_CALL_ARGUMENTS, Coercion.ARGUMENTS);
    put(Slot.TOOL_CALL_RESULT, Coercion.RESULT);
    put(Slot.TOOL_DESCRIPTION, Coercion.TEXT);
    put(Slot.TOOL_TYPE, Coercion.TEXT);
    put(Slot.RETRIEVAL_DOCUMENTS, Coercion.DOCUMENTS);
    put(Slot.RETRIEVAL_QUERY, Coercion.TEXT);
    put(Slot.RETRIEVAL_TOP_K, Coercion.COUNT);
    put(Slot.DATA_SOURCE_ID, Coercion.TEXT);
    put(Slot.AGENT_NAME, Coercion.TEXT);
    put(Slot.AGENT_ID, Coercion.TEXT);
    put(Slot.AGENT_DESCRIPTION, Coercion.TEXT);
    put(Slot.AGENT_VERSION, Coercion.TEXT);
    put(Slot.WORKFLOW_NAME, Coercion.TEXT);
    put(Slot.CONVERSATION_ID, Coercion.TEXT);
    put(Slot.PROMPT_NAME, Coercion.TEXT);
    put(Slot.PROMPT_VERSION, Coercion.TEXT);
    put(Slot.USER_ID, Coercion.TEXT);
    put(Slot.SESSION_ID, Coercion.TEXT);
    put(Slot.TAGS, Coercion.TAGS);
    for (Slot<?> slot : Slot.all()) {
      if (BY_SLOT[slot.ordinal()] == null) {
        throw new AssertionError("no coercion for slot " + slot);
      }
    }
  }

  private SlotCoercions() {}

  @SuppressWarnings("unchecked") // put() takes a coercion of the slot's own type
  public static <T> Coercion<T> of(Slot<T> slot) {
    return (Coercion<T>) BY_SLOT[slot.ordinal()];
  }

  private static <T> void put(Slot<T> slot, Coercion<T> coercion) {
    BY_SLOT[slot.ordinal()] = coercion;
  }
}
