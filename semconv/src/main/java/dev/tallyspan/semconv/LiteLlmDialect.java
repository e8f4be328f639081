package dev.tallyspan.semconv;

import java.util.List;
import java.util.Locale;

/**
 * Spans of LiteLLM, as SDK or as proxy. Below the request's span lies one with what was sent to the
 * provider, in Python's notation: the same call again. LiteLLM makes every provider's counts
 * inclusive.
 */
final class LiteLlmDialect implements Dialect {

  private static final String CALL_TYPE = "llm.request.type";

  private static final List<Rename> RENAMES =
      List.of(
          Rename.of("llm.is_streaming", Slot.STREAM),
          Rename.of("llm.user", Slot.USER_ID),
          Rename.of("metadata.user_api_key_end_user_id", Slot.USER_ID),
          Rename.of("metadata.user_api_key_user_id", Slot.USER_ID));

  @Override
  public String id() {
    return "litellm";
  }

  @Override
  public List<String> markers() {
    return List.of("gen_ai.", "hidden_params", "metadata.user_api_key", CALL_TYPE);
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.isScope("litellm")
        || span.has("hidden_params")
        || span.hasPrefix("metadata.user_api_key")
        || span.has(CALL_TYPE) && span.hasPrefix("gen_ai.cost.")
        || span.name().equals("raw_gen_ai_request");
  }

  @Override
  public List<Rename> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, LlmSpan.Builder out) {
    if (span.name().equals("raw_gen_ai_request")) {
      out.withoutOperation();
      out.notBillable();
      return;
    }
    String type = span.text(CALL_TYPE);
    if (type != null) {
      out.offer(Slot.OPERATION, operation(type), CALL_TYPE);
    }
    out.offer(Slot.INPUT_MESSAGES, span.list("gen_ai.prompt."), "gen_ai.prompt.");
    out.offer(Slot.OUTPUT_MESSAGES, span.list("gen_ai.completion."), "gen_ai.completion.");
    out.offer(Slot.TOOL_DEFINITIONS, span.list("llm.request.functions."), "llm.request.functions.");
    if (!out.has(Slot.PROVIDER) && out.has(Slot.OPERATION)) {
      ModelFamilies.inferProvider(out);
    }
  }

  /** Python's functions are named completion, and chat. */
  private static String operation(String type) {
    String name = type.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "completion", "acompletion", "responses", "aresponses", "anthropic_messages" ->
          Operations.CHAT;
      case "text_completion", "atext_completion" -> Operations.TEXT_COMPLETION;
      default -> name;
    };
  }
}
