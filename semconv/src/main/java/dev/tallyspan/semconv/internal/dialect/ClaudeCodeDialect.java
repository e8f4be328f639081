package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Nesting;
import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.internal.message.Providers;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;

/**
 * Claude Code and the Agent SDK. Spans are named {@code claude_code.<type>} and say the type again
 * in {@code span.type}; most keys are plain words, which is why nothing of them is read elsewhere.
 * The input count is Anthropic's: it excludes cache tokens.
 */
final class ClaudeCodeDialect implements Dialect {

  private static final String NAME = "claude_code.";

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("session.id", Slot.CONVERSATION_ID),
          Rename.of("agent_id", Slot.AGENT_ID),
          Rename.of("agent.name", Slot.AGENT_NAME));

  private static final String SCOPE = "com.anthropic.claude_code";

  private static final List<Rename<?>> REQUEST =
      List.of(
          Rename.of("model", Slot.REQUEST_MODEL),
          Rename.of("input_tokens", Slot.INPUT_TOKENS),
          Rename.of("output_tokens", Slot.OUTPUT_TOKENS),
          Rename.of("cache_read_tokens", Slot.CACHE_READ_TOKENS),
          Rename.of("cache_creation_tokens", Slot.CACHE_WRITE_TOKENS),
          Rename.of("stop_reason", Slot.FINISH_REASONS),
          Rename.of("request_id", Slot.RESPONSE_ID),
          Rename.of("effort", Slot.REASONING_LEVEL),
          Rename.of("ttft_ms", Slot.TIME_TO_FIRST_CHUNK, Coercion.MILLIS),
          Rename.of("new_context", Slot.INPUT_MESSAGES),
          Rename.of("response.model_output", Slot.OUTPUT_MESSAGES));

  private static final List<Rename<?>> TOOL =
      List.of(
          Rename.of("tool_name", Slot.TOOL_NAME),
          Rename.of("tool_use_id", Slot.TOOL_CALL_ID),
          Rename.of("tool_input", Slot.TOOL_CALL_ARGUMENTS));

  @Override
  public String id() {
    return "claude-code";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.COPIED;
  }

  @Override
  public boolean mixesCacheLifetimes() {
    return true;
  }

  @Override
  public List<String> markers() {
    return List.of("span.type");
  }

  @Override
  public List<String> logEvents() {
    return List.of("api_request", "claude_code.api_request");
  }

  @Override
  public boolean describesCall(LogEvent event) {
    return event.scopeName() != null && event.scopeName().startsWith(SCOPE);
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.isScope(SCOPE) || span.name().startsWith(NAME);
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    switch (type(span)) {
      case "llm_request", "api_request" -> {
        out.offer(Slot.OPERATION, Operations.CHAT, "span.type");
        out.infer(Slot.PROVIDER, provider(span), "model");
        offer(REQUEST, span, out);
        out.clientCost(span.get("cost_usd"), "USD", "cost_usd");
        if (!"normal".equals(span.text("speed"))) {
          out.offer(Slot.SPEED, span.get("speed"), "speed");
        }
        readFailure(span, out);
      }
      case "interaction" -> {
        out.offer(Slot.OPERATION, Operations.INVOKE_AGENT, "span.type");
        readPrompt(span.get("user_prompt"), out);
      }
      case "tool" -> {
        out.offer(Slot.OPERATION, Operations.EXECUTE_TOOL, "span.type");
        offer(TOOL, span, out);
        readOutput(span, out);
      }
      // Phases of a tool's span, which already describes the call, and hooks of the user.
      default -> out.withoutOperation();
    }
  }

  private static String type(IndexedSpan span) {
    String type = span.text("span.type");
    String name = span.name();
    return type != null ? type : name.startsWith(NAME) ? name.substring(NAME.length()) : name;
  }

  private static void offer(List<Rename<?>> renames, IndexedSpan span, Draft out) {
    for (Rename<?> rename : renames) {
      if (rename.offer(span.get(rename.key()), out)) {
        out.consumed(rename.key());
      }
    }
  }

  /** The id of a request is there even if the provider refused it, which it does not bill. */
  private static void readFailure(IndexedSpan span, Draft out) {
    long status = span.count("status_code");
    if (span.span().failed() && status >= 400) {
      out.offer(Slot.ERROR_TYPE, span.get("status_code"), "status_code");
      if (status < 500 && !out.has(Slot.OUTPUT_TOKENS)) {
        out.notBillable();
      }
    }
  }

  /** What the user typed is text, even if it looks like structure. */
  private static void readPrompt(Json prompt, Draft out) {
    if (prompt.isText() && !prompt.text().isEmpty()) {
      out.offerMessages(
          Slot.INPUT_MESSAGES, List.of(Message.text("user", prompt.text())), "user_prompt");
    }
  }

  private static void readOutput(IndexedSpan span, Draft out) {
    for (EventView event : span.events()) {
      if ("tool.output".equals(event.name())) {
        for (String key : List.of("output", "content", "stdout", "result")) {
          out.offerBlob(
              Slot.TOOL_CALL_RESULT,
              Json.of(Nesting.bounded(event.attributes().get(key))),
              event.name());
        }
      }
    }
  }

  /** Bedrock and Vertex AI have names of their own for Anthropic's models. */
  private static String provider(IndexedSpan span) {
    String known = Providers.ofModel(span.text("model"));
    return known != null ? known : "anthropic";
  }
}
