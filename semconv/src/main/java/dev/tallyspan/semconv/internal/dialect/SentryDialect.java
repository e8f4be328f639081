package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys of Sentry's SDKs beside the conventions' and before them, {@code gen_ai.request.messages}
 * and the older {@code ai.*}, after the deprecations in its {@code sentry-conventions}.
 */
final class SentryDialect implements Dialect {

  private static final String TEXT = "gen_ai.response.text";
  private static final String TOOL_CALLS = "gen_ai.response.tool_calls";

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("ai.model_id", Slot.RESPONSE_MODEL),
          Rename.of("ai.model_id", Slot.REQUEST_MODEL),
          Rename.of("ai.generation_id", Slot.RESPONSE_ID),
          Rename.of("ai.finish_reason", Slot.FINISH_REASONS),
          Rename.of("ai.temperature", Slot.TEMPERATURE),
          Rename.of("ai.top_p", Slot.TOP_P),
          Rename.of("ai.top_k", Slot.TOP_K),
          Rename.of("ai.seed", Slot.SEED),
          Rename.of("ai.frequency_penalty", Slot.FREQUENCY_PENALTY),
          Rename.of("ai.presence_penalty", Slot.PRESENCE_PENALTY),
          Rename.of("ai.streaming", Slot.STREAM),
          Rename.of("gen_ai.response.streaming", Slot.STREAM),
          Rename.of("ai.prompt_tokens.used", Slot.INPUT_TOKENS),
          Rename.of("ai.completion_tokens.used", Slot.OUTPUT_TOKENS),
          Rename.of("ai.total_tokens.used", Slot.TOTAL_TOKENS),
          Rename.of("ai.pipeline.name", Slot.WORKFLOW_NAME),
          Rename.of("gen_ai.pipeline.name", Slot.WORKFLOW_NAME),
          Rename.of("gen_ai.request.messages", Slot.INPUT_MESSAGES),
          Rename.of("ai.input_messages", Slot.INPUT_MESSAGES),
          Rename.of("gen_ai.request.available_tools", Slot.TOOL_DEFINITIONS),
          Rename.of("ai.tools", Slot.TOOL_DEFINITIONS),
          Rename.of("gen_ai.tool.message", Slot.TOOL_CALL_RESULT));

  /** Keys that only this dialect reads, and that no other emitter writes. */
  private static final String[] MARKS = {
    "gen_ai.request.messages",
    "gen_ai.request.available_tools",
    TEXT,
    TOOL_CALLS,
    "gen_ai.pipeline.name",
    "ai.model_id",
    "ai.prompt_tokens.used",
    "ai.completion_tokens.used",
    "ai.total_tokens.used",
    "ai.input_messages",
    "ai.responses",
    "ai.pipeline.name"
  };

  @Override
  public String id() {
    return "sentry";
  }

  @Override
  public List<String> markers() {
    return List.of("gen_ai.", "ai.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.hasAny(MARKS);
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    answer(span, TEXT, TOOL_CALLS, out);
    answer(span, "ai.responses", "ai.tool_calls", out);
  }

  /** The texts, as a list in JSON text, and the separate tool calls, in one message. */
  private static void answer(IndexedSpan span, String textKey, String callsKey, Draft out) {
    Map<String, Value<?>> message = new LinkedHashMap<>();
    Json text = span.get(textKey).unwrapOrSelf();
    Json calls = span.json(callsKey);
    boolean single = text.isText() || text.isArray() && text.size() == 1 && text.at(0).isText();
    if (calls.size() == 0 || !single) {
      out.offer(Slot.OUTPUT_MESSAGES, text, textKey);
    }
    if (calls.size() > 0) {
      message.put("role", Value.of("assistant"));
      message.put("tool_calls", calls.value());
      if (single) {
        message.put("content", Value.of(text.isText() ? text.text() : text.at(0).text()));
      }
      out.offer(Slot.OUTPUT_MESSAGES, Json.of(Value.of(message)), callsKey);
    }
  }
}
