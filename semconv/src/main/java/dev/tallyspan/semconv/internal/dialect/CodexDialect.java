package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;

/**
 * OpenAI's Codex CLI. The span of a turn has the model and the sum of all calls in the turn; the
 * spans of the responses repeat the counts, call by call, without a model, and are left out of
 * traces unless asked for. What has no model has no price, so the turn is billed for its calls.
 */
final class CodexDialect implements Dialect {

  private static final String TURN = "session_task.turn";

  /** The log record of a call. */
  private static final String RESPONSE = "codex.sse_event";

  private static final String TURN_TOKENS = "codex.turn.token_usage.";

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of(TURN_TOKENS + "input_tokens", Slot.INPUT_TOKENS),
          Rename.of(TURN_TOKENS + "non_cached_input_tokens", Slot.UNCACHED_INPUT_TOKENS),
          Rename.of(TURN_TOKENS + "cached_input_tokens", Slot.CACHE_READ_TOKENS),
          Rename.of(TURN_TOKENS + "cache_write_input_tokens", Slot.CACHE_WRITE_TOKENS),
          Rename.of(TURN_TOKENS + "output_tokens", Slot.OUTPUT_TOKENS),
          Rename.of(TURN_TOKENS + "reasoning_output_tokens", Slot.REASONING_TOKENS),
          Rename.of(TURN_TOKENS + "total_tokens", Slot.TOTAL_TOKENS),
          Rename.of("codex.usage.reasoning_output_tokens", Slot.REASONING_TOKENS),
          Rename.of("codex.usage.total_tokens", Slot.TOTAL_TOKENS),
          Rename.of("codex.turn.reasoning_effort", Slot.REASONING_LEVEL),
          Rename.of("codex.request.reasoning_effort", Slot.REASONING_LEVEL),
          // Log records of calls.
          Rename.of("input_token_count", Slot.INPUT_TOKENS),
          Rename.of("output_token_count", Slot.OUTPUT_TOKENS),
          Rename.of("cached_token_count", Slot.CACHE_READ_TOKENS),
          Rename.of("reasoning_token_count", Slot.REASONING_TOKENS),
          Rename.of("conversation.id", Slot.CONVERSATION_ID),
          Rename.of("thread.id", Slot.CONVERSATION_ID));

  @Override
  public String id() {
    return "codex";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of("codex.");
  }

  @Override
  public List<String> logEvents() {
    return List.of(RESPONSE);
  }

  @Override
  public boolean describesCall(LogEvent event) {
    return "response.completed".equals(Json.of(event.attributes().get("event.kind")).text());
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.hasPrefix("codex.turn.")
        || span.hasPrefix("codex.usage.")
        || span.hasPrefix("codex.request.")
        || span.name().equals(RESPONSE)
        || span.isScope("codex_cli_rs")
        || span.isScope("codex_exec");
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    out.offer(Slot.REQUEST_MODEL, span.get("model"), "model");
    boolean turn = span.name().equals(TURN) || span.hasPrefix(TURN_TOKENS);
    if (turn) {
      out.infer(Slot.OPERATION, Operations.CHAT, "the calls of a turn");
    } else if (span.name().equals(RESPONSE)) {
      out.infer(Slot.OPERATION, Operations.CHAT, "a response that is complete");
    } else {
      out.withoutOperation();
      out.notBillable();
    }
    if (out.has(Slot.REQUEST_MODEL)) {
      out.infer(Slot.PROVIDER, "openai", "Codex calls OpenAI unless configured otherwise");
    }
  }
}
