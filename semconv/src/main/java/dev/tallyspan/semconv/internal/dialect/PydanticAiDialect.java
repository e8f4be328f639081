package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Spans of Pydantic AI. Since its version 2 of the instrumentation model requests follow the
 * conventions; earlier ones have the messages as a list of events in one attribute. A run of an
 * agent repeats all messages of its requests, and in older versions the sum of their tokens.
 */
final class PydanticAiDialect implements Dialect {

  private static final String DETAILS = "gen_ai.usage.details.";
  private static final String EVENTS = "events";
  private static final String ALL_EVENTS = "all_messages_events";
  private static final String ALL_MESSAGES = "pydantic_ai.all_messages";
  private static final String RESULT = "final_result";
  private static final String PARAMETERS = "model_request_parameters";

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("tool_arguments", Slot.TOOL_CALL_ARGUMENTS),
          Rename.of("tool_response", Slot.TOOL_CALL_RESULT),
          Rename.of("agent_name", Slot.AGENT_NAME),
          Rename.of("model_name", Slot.REQUEST_MODEL));

  @Override
  public String id() {
    return "pydantic-ai";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of("pydantic_ai.", ALL_EVENTS, PARAMETERS, "gen_ai.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.hasPrefix("pydantic_ai.")
        || span.hasAny(ALL_EVENTS, PARAMETERS)
        || span.hasPrefix("gen_ai.aggregated_usage.")
        || span.isScope("pydantic-ai");
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    Json tools = span.json(PARAMETERS);
    out.offerBlob(Slot.TOOL_DEFINITIONS, tools.first("function_tools", "tools"), PARAMETERS);
    if (isAgent(span)) {
      out.offer(Slot.OPERATION, Operations.INVOKE_AGENT, ALL_MESSAGES);
      out.content(() -> agent(span, out), Slot.INPUT_MESSAGES, Slot.OUTPUT_MESSAGES);
    } else if (isToolRun(span, out)) {
      out.offer(Slot.OPERATION, Operations.EXECUTE_TOOL, "tool_arguments");
    } else if (span.name().startsWith("running ") && !out.has(Slot.REQUEST_MODEL)) {
      out.withoutOperation(); // "running 2 tools": around the tools
    }
    details(span, out);
    if (span.has(EVENTS)) {
      EventMessages messages = new EventMessages(span.span().failed());
      addEvents(span.json(EVENTS), messages);
      messages.offerTo(out);
    }
  }

  /**
   * The provider's own counts, which stand alone if the version does not know whose they are: it
   * asks a price table by the address that was called.
   */
  private static void details(IndexedSpan span, Draft out) {
    if (span.has("gen_ai.usage.input_tokens") || span.has("gen_ai.usage.output_tokens")) {
      return;
    }
    Map<String, Value<?>> counts = new LinkedHashMap<>();
    for (String key : span.keys()) {
      if (key.startsWith(DETAILS)) {
        counts.put(key.substring(DETAILS.length()), span.value(key));
      }
    }
    counts.values().removeIf(Objects::isNull);
    ResponsePayload.readUsage(Json.of(Value.of(counts)), DETAILS, out);
  }

  private static boolean isAgent(IndexedSpan span) {
    return span.hasAny(ALL_EVENTS, ALL_MESSAGES, RESULT)
        || span.hasPrefix("gen_ai.aggregated_usage.")
        || span.name().equals("agent run")
        || span.name().endsWith(" run") && span.has("agent_name");
  }

  private static boolean isToolRun(IndexedSpan span, Draft out) {
    return span.hasAny("tool_arguments", "tool_response")
        || out.has(Slot.TOOL_NAME) && span.name().startsWith("running tool");
  }

  private static void addEvents(Json events, EventMessages messages) {
    for (Json event : events) {
      String name = EventMessages.nameOf(event);
      if (name != null) {
        messages.add(name, event);
      }
    }
  }

  /** The last message of the model is the output, the rest is the input. */
  private static void agent(IndexedSpan span, Draft out) {
    List<Message> all = new ArrayList<>(MessageReader.input().read(span.json(ALL_MESSAGES)));
    if (span.has(ALL_EVENTS)) {
      for (Json event : span.json(ALL_EVENTS)) {
        String role = event.get("role").text();
        all.add(MessageReader.input().readOne(event, role == null ? "user" : role));
      }
    }
    all.removeIf(message -> message.parts().isEmpty());
    int last = all.size() - 1;
    String key = span.has(ALL_MESSAGES) ? ALL_MESSAGES : ALL_EVENTS;
    if (last >= 0 && all.get(last).role().equals("assistant")) {
      out.offerMessages(Slot.OUTPUT_MESSAGES, List.of(all.get(last)), key);
      out.offerMessages(Slot.INPUT_MESSAGES, List.copyOf(all.subList(0, last)), key);
    } else {
      out.offerMessages(Slot.INPUT_MESSAGES, List.copyOf(all), key);
    }
    if (!out.has(Slot.OUTPUT_MESSAGES)) {
      CallPayload.readMessages(Slot.OUTPUT_MESSAGES, "assistant", span.get(RESULT), RESULT, out);
    }
  }
}
