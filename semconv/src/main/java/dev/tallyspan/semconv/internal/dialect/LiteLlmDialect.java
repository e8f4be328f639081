package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.span.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Spans of LiteLLM, as SDK or as proxy. Below the request's span lies one with what was sent to the
 * provider, in Python's notation: the same call again. LiteLLM makes every provider's counts
 * inclusive.
 */
final class LiteLlmDialect implements Dialect {

  private static final String CALL_TYPE = "llm.request.type";
  private static final String COMPLETION = "gen_ai.completion.";

  /**
   * OpenAI's usage object in Python's notation, regardless of the provider that served the call.
   */
  private static final String USAGE = "metadata.usage_object";

  private static final List<Rename<?>> RENAMES =
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
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
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
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
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
    out.content(() -> answer(span.list(COMPLETION), out), Slot.OUTPUT_MESSAGES);
    ResponsePayload.readUsage(span.json(USAGE), USAGE, out);
    out.offer(Slot.TOOL_DEFINITIONS, span.list("llm.request.functions."), "llm.request.functions.");
    if (!out.has(Slot.PROVIDER) && out.has(Slot.OPERATION)) {
      ModelFamilies.inferProvider(out);
    }
  }

  /**
   * The answer, whose tool calls are numbered like choices: {@code
   * gen_ai.completion.1.function_call} is the second call of the only message. The messages under
   * the conventions' key lack the calls.
   */
  private static void answer(Json completions, Draft out) {
    List<Message> indexed = new ArrayList<>();
    for (Json completion : completions) {
      Message message = MessageReader.output().readOne(completion, "assistant");
      int last = indexed.size() - 1;
      if (last >= 0 && completion.size() == 1 && completion.get("function_call").isPresent()) {
        indexed.set(last, with(indexed.get(last), message.parts()));
      } else {
        indexed.add(message);
      }
    }
    out.offerMessages(Slot.OUTPUT_MESSAGES, indexed, COMPLETION);
    List<Message> said = out.get(Slot.OUTPUT_MESSAGES);
    if (said != null && said.size() == 1 && indexed.size() == 1) {
      List<MessagePart> calls = new ArrayList<>(indexed.get(0).parts());
      calls.removeIf(part -> !(part instanceof MessagePart.ToolCall));
      boolean lacking =
          said.get(0).parts().stream().noneMatch(MessagePart.ToolCall.class::isInstance);
      if (lacking && !calls.isEmpty()) {
        out.withdraw(Slot.OUTPUT_MESSAGES);
        out.offerMessages(Slot.OUTPUT_MESSAGES, List.of(with(said.get(0), calls)), COMPLETION);
      }
    }
  }

  private static Message with(Message message, List<MessagePart> more) {
    List<MessagePart> parts = new ArrayList<>(message.parts());
    parts.addAll(more);
    return new Message(
        message.role(), parts, message.name(), message.finishReason(), message.extra());
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
