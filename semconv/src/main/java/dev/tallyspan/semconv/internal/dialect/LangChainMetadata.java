package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;

/**
 * Reads the metadata of a LangChain run, which its tracers put on spans under keys of their own:
 * the {@code ls_*} parameters that every chat model adds, and the ids that users add by custom.
 */
final class LangChainMetadata {

  private LangChainMetadata() {}

  /** Offers the members of the object; nothing if it is not an object. */
  static void read(Json metadata, String key, Draft out) {
    String provider = metadata.get("ls_provider").text();
    if (provider != null) {
      // LangChain's integration of that name is for Azure OpenAI alone.
      boolean azure = provider.equals("azure");
      out.offerBlob(
          Slot.PROVIDER, azure ? Json.of("azure.ai.openai") : metadata.get("ls_provider"), key);
    }
    offer(Slot.REQUEST_MODEL, metadata.get("ls_model_name"), key, out);
    offer(Slot.TEMPERATURE, metadata.get("ls_temperature"), key, out);
    offer(Slot.MAX_TOKENS, metadata.get("ls_max_tokens"), key, out);
    offer(Slot.STOP_SEQUENCES, metadata.get("ls_stop"), key, out);
    offer(
        Slot.CONVERSATION_ID,
        metadata.first("thread_id", "conversation_id", "session_id"),
        key,
        out);
    offer(Slot.SESSION_ID, metadata.get("session_id"), key, out);
    offer(Slot.USER_ID, metadata.get("user_id"), key, out);
  }

  private static void offer(Slot<?> slot, Json value, String key, Draft out) {
    if (value.isPresent()) {
      out.offerBlob(slot, value, key);
    }
  }
}
