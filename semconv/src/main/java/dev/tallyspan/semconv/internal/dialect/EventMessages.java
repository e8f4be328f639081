package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.FinishReasons;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Nesting;
import dev.tallyspan.semconv.internal.json.Scalars;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.Strength;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts messages together from events, one event a message or a choice, as the GenAI conventions had
 * them from v1.28 to v1.36, and from the two events with the whole prompt and completion of v1.26.
 *
 * <p>The payload may be the event's attributes, the object in {@code gen_ai.event.content}, or a
 * log record's body.
 */
public final class EventMessages {

  /** What the names of all of these events begin with. */
  public static final String PREFIX = "gen_ai.";

  private static final String DETAILS = "gen_ai.client.inference.operation.details";

  /** What details events hold of a conversation. */
  private static final List<Slot<?>> CONTENT =
      List.of(
          Slot.INPUT_MESSAGES,
          Slot.OUTPUT_MESSAGES,
          Slot.SYSTEM_INSTRUCTIONS,
          Slot.TOOL_DEFINITIONS);

  private final List<Message> input = new ArrayList<>();
  private final List<Message> output = new ArrayList<>();
  private final TreeMap<Long, List<Message>> choices = new TreeMap<>();

  /** Of each choice, also of one without content, why it ended; empty if it does not say. */
  private final TreeMap<Long, String> reasons = new TreeMap<>();

  private final boolean failed;

  /**
   * @param failed whether the operation failed, so that a choice which does not say why it ended
   *     ended with that
   */
  EventMessages(boolean failed) {
    this.failed = failed;
  }

  /** Whether events of this name hold a message each, or the prompt or completion. */
  public static boolean isMessageEvent(String name) {
    if (name == null || !name.startsWith(PREFIX)) {
      return false;
    }
    return switch (name) {
      case "gen_ai.system.message",
          "gen_ai.user.message",
          "gen_ai.assistant.message",
          "gen_ai.tool.message",
          "gen_ai.tool.developer",
          "gen_ai.choice",
          "gen_ai.content.prompt",
          "gen_ai.content.completion" ->
          true;
      default -> false;
    };
  }

  /** Whether this is the event of v1.37 and later, with all attributes that a span may have. */
  public static boolean isDetailsEvent(String name) {
    return DETAILS.equals(name);
  }

  /** Reads all message events of a span, in their order, and offers what they held. */
  static void read(IndexedSpan span, Draft out) {
    EventMessages messages = new EventMessages(span.span().failed());
    for (EventView event : span.events()) {
      if (isMessageEvent(event.name())) {
        messages.add(event.name(), payload(event));
      }
    }
    messages.offerTo(out);
  }

  /** Reads the events of a tool's own span, where messages are what went in and what came out. */
  static void readToolCall(IndexedSpan span, Draft out) {
    for (EventView event : span.events()) {
      Json payload = isMessageEvent(event.name()) ? payload(event) : Json.of((String) null);
      if ("gen_ai.tool.message".equals(event.name())) {
        out.offerBlob(Slot.TOOL_CALL_ARGUMENTS, payload.get("content"), event.name());
        out.offerBlob(Slot.TOOL_CALL_ID, payload.get("id"), event.name());
      } else if ("gen_ai.choice".equals(event.name())) {
        out.offerBlob(Slot.TOOL_CALL_RESULT, payload.get("message"), event.name());
      }
    }
  }

  /** The name of an event that stands in a list, as Pydantic AI and Logfire have them; or null. */
  static String nameOf(Json event) {
    return event.first("event.name", "event_name", "name").text();
  }

  /** Adds one event by its name; others than message events add nothing. */
  void add(String name, Json payload) {
    switch (name) {
      case "gen_ai.system.message", "gen_ai.user.message", "gen_ai.tool.message" ->
          addInput(payload, name.substring(PREFIX.length(), name.lastIndexOf('.')));
      case "gen_ai.tool.developer" -> addInput(payload, "system"); // Semantic Kernel's name for it
      case "gen_ai.assistant.message" -> addInput(payload, "assistant");
      case "gen_ai.choice" -> addChoice(payload);
      case "gen_ai.content.prompt" ->
          input.addAll(MessageReader.input().read(payload.get("gen_ai.prompt")));
      case "gen_ai.content.completion" ->
          output.addAll(MessageReader.output().read(payload.get("gen_ai.completion")));
      default -> {}
    }
  }

  /**
   * Offers the collected messages: weaker than attributes with the same content, unless those were
   * cut off.
   */
  void offerTo(Draft out) {
    choices.values().forEach(output::addAll);
    offer(out, Slot.INPUT_MESSAGES, input);
    offer(out, Slot.OUTPUT_MESSAGES, output);
    if (failed && reasons.values().stream().anyMatch(reason -> !reason.isEmpty())) {
      reasons.replaceAll((choice, reason) -> reason.isEmpty() ? "error" : reason);
    }
    // The list has a reason for each choice; if it is too short, it may describe other choices.
    if (!reasons.isEmpty() && !reasons.containsValue("")) {
      out.offer(
          Slot.FINISH_REASONS,
          FinishReasons.respell(List.copyOf(reasons.values())),
          "gen_ai.choice",
          "events",
          Strength.BLOB);
    }
  }

  private static void offer(Draft out, Slot<List<Message>> slot, List<Message> messages) {
    if (!messages.isEmpty()) {
      out.offer(slot, List.copyOf(messages), "span events", "events", Strength.BLOB);
    }
  }

  private void addInput(Json payload, String role) {
    Message message = MessageReader.input().openingContent().readOne(payload, role);
    if (!message.parts().isEmpty()) {
      input.add(message);
    }
  }

  private void addChoice(Json payload) {
    long index = Math.max(0, payload.get("index").asCount());
    String reason = Scalars.text(payload.first("finish_reason", "finishReason"));
    reasons.merge(index, reason == null ? "" : reason, (old, now) -> now.isEmpty() ? old : now);
    Json inner = payload.get("message").unwrapOrSelf();
    Json source = inner.isPresent() ? inner : payload;
    Message message = MessageReader.output().openingContent().readOne(source, "assistant");
    if (!message.parts().isEmpty()) {
      choices
          .computeIfAbsent(index, i -> new ArrayList<>())
          .add(reason == null ? message : message.withFinishReason(reason));
    }
  }

  /** Reads the details events of a span, whose attributes contain what the span does not. */
  static void readDetails(IndexedSpan span, Draft out) {
    for (EventView event : span.events()) {
      if (isDetailsEvent(event.name())) {
        readDetails(event, out);
      }
    }
  }

  private static void readDetails(EventView event, Draft out) {
    Json payload = payload(event);
    for (Slot<?> slot : CONTENT) {
      String key = slot.key(ConventionVersion.GENAI_DEV);
      out.offerBlob(slot, payload.get(key), event.name());
    }
  }

  /** The object that an event carries, wherever it carries it. */
  private static Json payload(EventView event) {
    Json body = Json.of(Nesting.bounded(event.body())).unwrap();
    if (body.isObject() && body.size() > 0) {
      return body;
    }
    AttributeView attributes = event.attributes();
    for (String holder : new String[] {"gen_ai.event.content", "body", "event.body"}) {
      Json held = Json.of(Nesting.bounded(attributes.get(holder))).unwrap();
      if (held.isObject()) {
        return held;
      }
    }
    Map<String, Value<?>> members = new LinkedHashMap<>();
    for (int i = 0; i < attributes.size(); i++) {
      Value<?> value = Nesting.bounded(attributes.value(i));
      if (value != null) {
        members.putIfAbsent(attributes.key(i), value);
      }
    }
    return Json.of(Value.of(members));
  }
}
