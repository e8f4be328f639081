package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.Strength;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Mastra's exporter: the current conventions where they define a name, and {@code mastra.*}. A turn
 * is {@code agent_run} over {@code model_generation} over {@code model_step} over {@code
 * model_inference}, which alone is the call of a model. Versions without the last one write the
 * usage on {@code model_generation}, whose operation is then {@code chat}.
 */
final class MastraDialect implements Dialect {

  private static final String TYPE = "mastra.span.type";
  private static final String METADATA = "mastra.metadata.";

  private static final Map<String, String> OPERATIONS =
      Map.of(
          "agent_run", Operations.INVOKE_AGENT,
          "workflow_run", Operations.INVOKE_WORKFLOW,
          "model_inference", Operations.CHAT,
          "tool_call", Operations.EXECUTE_TOOL,
          "mcp_tool_call", Operations.EXECUTE_TOOL);

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("mastra.tags", Slot.TAGS),
          Rename.of(METADATA + "userId", Slot.USER_ID),
          Rename.of(METADATA + "user_id", Slot.USER_ID),
          Rename.of(METADATA + "sessionId", Slot.SESSION_ID),
          Rename.of(METADATA + "session_id", Slot.SESSION_ID),
          Rename.of(METADATA + "threadId", Slot.CONVERSATION_ID),
          Rename.of(METADATA + "resourceId", Slot.USER_ID));

  @Override
  public String id() {
    return "mastra";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of("mastra.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.hasPrefix("mastra.");
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    String written = span.text(TYPE);
    String type = written == null ? "" : written.strip().toLowerCase(Locale.ROOT);
    String operation = OPERATIONS.get(type);
    if (operation != null) {
      out.offer(Slot.OPERATION, operation, TYPE);
    } else {
      out.withoutOperation();
    }
    String input = "mastra." + type + ".input";
    String output = "mastra." + type + ".output";
    if (Operations.EXECUTE_TOOL.equals(operation)) {
      out.offerBlob(Slot.TOOL_CALL_ARGUMENTS, span.get(input), input);
      out.offerBlob(Slot.TOOL_CALL_RESULT, span.get(output), output);
    } else if (type.startsWith("model_") && !type.equals("model_chunk")
        || type.equals("agent_run")) {
      out.offerBlob(Slot.INPUT_MESSAGES, span.get(input), input);
      answer(span.get(output), output, out);
    }
    firstChunk(span, out);
  }

  /** {@code {text, reasoning, toolCalls, object, files}}, as AI SDK returns it. */
  private static void answer(Json payload, String key, Draft out) {
    Json answer = payload.unwrap();
    if (answer.first("text", "toolCalls", "object").isPresent()) {
      List<MessagePart> parts = VercelResponse.parts(answer);
      if (!parts.isEmpty()) {
        out.offer(
            Slot.OUTPUT_MESSAGES,
            List.of(new Message("assistant", parts)),
            key,
            "payload",
            Strength.BLOB);
      }
    } else {
      out.offerBlob(Slot.OUTPUT_MESSAGES, payload, key);
    }
  }

  private static void firstChunk(IndexedSpan span, Draft out) {
    String key = "mastra.completion_start_time";
    String time = span.text(key);
    long start = span.span().startEpochNanos();
    if (time == null || start <= 0) {
      return;
    }
    try {
      Instant first = Instant.parse(time);
      long nanos =
          Math.addExact(
              Math.multiplyExact(first.getEpochSecond(), 1_000_000_000L), first.getNano());
      if (nanos > start && nanos <= span.span().endEpochNanos()) {
        out.offer(
            Slot.TIME_TO_FIRST_CHUNK, Json.of(String.valueOf(nanos - start)), Coercion.NANOS, key);
      }
    } catch (DateTimeException | ArithmeticException e) {
      // no time at all, or none of this era
    }
  }
}
