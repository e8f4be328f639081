package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.MessagePart.Text;
import dev.tallyspan.semconv.MessagePart.ToolCall;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.internal.message.PartReader;
import dev.tallyspan.semconv.internal.message.ToolTranscriber;
import dev.tallyspan.semconv.internal.message.WrittenContent;
import dev.tallyspan.semconv.internal.message.WrittenMessages;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.Strength;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Rebuilds the messages of an OpenInference span from its flat keys. Some instrumentations lose on
 * the way there what the raw payload beside them still has: a content that is a list, the id of a
 * tool call, all choices but the first. Then, and if both tell the same conversation, the payload
 * fills the gap.
 */
final class OpenInferenceMessages {

  private static final String INPUT = "llm.input_messages.";
  private static final String OUTPUT = "llm.output_messages.";

  /** What is behind the number of a tool. */
  private static final List<String> TOOL_SCHEMA = List.of("tool", "json_schema");

  private static final String PARAMETERS = "llm.invocation_parameters";

  private OpenInferenceMessages() {}

  static void read(IndexedSpan span, Draft out) {
    out.content(() -> readInput(span, out), Slot.INPUT_MESSAGES, Slot.SYSTEM_INSTRUCTIONS);
    out.content(() -> readOutput(span, out), Slot.OUTPUT_MESSAGES);
    out.content(() -> readTools(span, out), Slot.TOOL_DEFINITIONS);
    firstChunk(span, out);
  }

  private static void readInput(IndexedSpan span, Draft out) {
    WrittenMessages written = out.mayWrite() ? span.messages(INPUT) : null;
    if (written != null && !written.hasGap()) {
      out.offerWritten(Slot.INPUT_MESSAGES, written, INPUT, "messages", Strength.STRUCTURED);
      instructions(written.hasSystem(), span, out);
      return;
    }
    MessageReader input = MessageReader.input();
    List<Message> asked = flat(span, INPUT, "llm.prompts.", input);
    if (asked.isEmpty()) {
      asked = input.read(span.get("llm.prompts")); // LlamaIndex: texts in one attribute
    }
    if (hasGap(asked)) {
      asked = filled(asked, input.read(span.get("input.value")));
    }
    offer(Slot.INPUT_MESSAGES, asked, INPUT, span, out);
    boolean hasSystem = asked.stream().anyMatch(message -> message.role().equals("system"));
    instructions(hasSystem, span, out);
    payload(Slot.INPUT_MESSAGES, asked, "input.value", span, out);
  }

  private static void instructions(boolean hasSystem, IndexedSpan span, Draft out) {
    if (!hasSystem) {
      Json parameters = span.json(PARAMETERS);
      out.offerBlob(
          Slot.SYSTEM_INSTRUCTIONS, parameters.first("system", "instructions"), PARAMETERS);
    }
  }

  private static void readOutput(IndexedSpan span, Draft out) {
    MessageReader output = MessageReader.output();
    List<Message> answered = flat(span, OUTPUT, "llm.choices.", output);
    long choices = span.json(PARAMETERS).get("n").asCount();
    if (hasGap(answered) || !answered.isEmpty() && choices > answered.size()) {
      answered = filled(answered, output.read(span.get("output.value")));
    }
    offer(Slot.OUTPUT_MESSAGES, answered, OUTPUT, span, out);
    payload(Slot.OUTPUT_MESSAGES, answered, "output.value", span, out);
  }

  private static void readTools(IndexedSpan span, Draft out) {
    List<String> texts = out.mayWrite() ? span.texts("llm.tools.", TOOL_SCHEMA) : null;
    WrittenContent<Value<?>> written = texts == null ? null : ToolTranscriber.of(texts);
    if (written != null) {
      out.offerWritten(Slot.TOOL_DEFINITIONS, written, "llm.tools.", "rename", Strength.STRUCTURED);
      return;
    }
    Json tools = span.list("llm.tools.");
    if (out.offer(Slot.TOOL_DEFINITIONS, tools, "llm.tools.")) {
      span.listKeys("llm.tools.").forEach(out::consumed);
    }
  }

  private static List<Message> flat(
      IndexedSpan span, String messages, String texts, MessageReader reader) {
    List<Message> read = reader.read(span.list(messages));
    if (!read.isEmpty()) {
      return read;
    }
    List<Message> completions = new ArrayList<>();
    for (Json element : span.list(texts)) {
      Json text = element.isObject() ? element.first("prompt", "completion") : element;
      completions.addAll(reader.read(text.isObject() ? text.get("text") : text));
    }
    return completions;
  }

  private static void offer(
      Slot<List<Message>> slot, List<Message> messages, String key, IndexedSpan span, Draft out) {
    if (out.offerMessages(slot, messages, key)) {
      span.listKeys(key).forEach(out::consumed);
    }
  }

  /** What is there only as a whole; text that does not parse is a message as well. */
  private static void payload(
      Slot<List<Message>> slot, List<Message> flat, String key, IndexedSpan span, Draft out) {
    if (!flat.isEmpty()) {
      return;
    }
    String whole = key.equals("input.value") ? "llm.input_messages" : "llm.output_messages";
    out.offerBlob(slot, span.get(whole), whole);
    if (slot == Slot.OUTPUT_MESSAGES && span.has("llm.function_call")) {
      ToolCall call = PartReader.toolCall(span.json("llm.function_call"));
      out.offerMessages(
          slot, List.of(new Message("assistant", List.of(call))), "llm.function_call");
    }
    out.offerBlob(slot, span.get(key), key);
  }

  private static boolean hasGap(List<Message> messages) {
    for (Message message : messages) {
      if (message.parts().isEmpty()) {
        return true;
      }
      for (MessagePart part : message.parts()) {
        if (lacksId(part)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean lacksId(MessagePart part) {
    return part instanceof ToolCall call && call.id() == null;
  }

  /** The flat messages, with incomplete messages replaced by those of the payload. */
  private static List<Message> filled(List<Message> flat, List<Message> payload) {
    if (payload.size() < flat.size()) {
      return flat;
    }
    List<Message> filled = new ArrayList<>(payload);
    for (int i = 0; i < flat.size(); i++) {
      Message known = flat.get(i);
      if (!known.role().equals(payload.get(i).role())
          || !texts(payload.get(i)).contains(texts(known))) {
        return flat;
      }
      if (!hasGap(List.of(known))) {
        filled.set(i, known);
      }
    }
    return filled;
  }

  private static String texts(Message message) {
    StringBuilder texts = new StringBuilder();
    for (MessagePart part : message.parts()) {
      if (part instanceof Text text) {
        texts.append(text.content());
      }
    }
    return texts.toString();
  }

  /** Python's LangChain and LlamaIndex instrumentations mark the first token with an event. */
  private static void firstChunk(IndexedSpan span, Draft out) {
    long start = span.span().startEpochNanos();
    for (EventView event : span.events()) {
      if ("First Token Stream Event".equals(event.name()) && start > 0) {
        out.offer(
            Slot.TIME_TO_FIRST_CHUNK,
            Json.of(String.valueOf(event.epochNanos() - start)),
            Coercion.NANOS,
            "First Token Stream Event");
      }
    }
  }
}
