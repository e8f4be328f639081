package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * Spans of Logfire's integrations for provider SDKs, with the request in one attribute and the
 * answer in another, and the pending spans that Logfire sends ahead of every span. A stream has two
 * spans: one of the request, which ends when the stream begins, and one with the request and the
 * answer when it was read; the second is the call.
 */
final class LogfireDialect implements Dialect {

  private static final String REQUEST = "request_data";
  private static final String RESPONSE = "response_data";

  /** Of OpenAI's agents SDK. */
  private static final String AGENTS_INPUT = "raw_input";

  private static final String AGENTS_RESPONSE = "response";
  private static final String EVENTS = "events";
  private static final String RAW_USAGE = "gen_ai.usage.raw";

  private static final List<Rename<?>> RENAMES = List.of(Rename.of("logfire.tags", Slot.TAGS));

  @Override
  public String id() {
    return "logfire";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of(REQUEST, RESPONSE, RAW_USAGE);
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    if (span.hasAny(REQUEST, RESPONSE)) {
      return span.hasPrefix("logfire.") || span.isScope("logfire");
    }
    return span.has(RAW_USAGE) || isPending(span) || isAgentsCall(span);
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    Json request = span.json(REQUEST);
    Json response = span.json(RESPONSE);
    if (isPending(span) || beganStream(span)) {
      out.notBillable();
    }
    if (request.isObject()) {
      request(request, out);
    }
    if (response.isObject()) {
      response(response, out);
    }
    ResponsePayload.readUsage(span.json(RAW_USAGE), RAW_USAGE, out);
    if (span.hasAny(AGENTS_INPUT, AGENTS_RESPONSE, EVENTS)) {
      agentsCall(span, out);
    }
  }

  /**
   * Whether this is the request of a stream: that of another call has its answer, or has failed. No
   * attribute says so: {@code gen_ai.request.stream} is on few of them.
   */
  private static boolean beganStream(IndexedSpan span) {
    return span.has(REQUEST)
        && !span.hasAny(RESPONSE, RAW_USAGE, "gen_ai.response.id", "gen_ai.output.messages")
        && !span.hasPrefix("gen_ai.usage.")
        && !span.name().startsWith("streaming response from")
        && !span.span().failed();
  }

  /** Whether this is a picture of a span that was sent when it began, to be replaced. */
  private static boolean isPending(IndexedSpan span) {
    return "pending_span".equals(span.text("logfire.span_type"))
        && (span.hasPrefix("gen_ai.") || span.hasPrefix("ai.") || span.hasPrefix("llm."));
  }

  /** A call that OpenAI's agents SDK reports; other integrations have no such input. */
  private static boolean isAgentsCall(IndexedSpan span) {
    return span.hasAny(AGENTS_INPUT, AGENTS_RESPONSE)
        && span.has("gen_ai.request.model")
        && (span.hasPrefix("logfire.") || span.isScope("logfire"));
  }

  /**
   * The request's input items, the whole response, and both again as a list of events, whose last
   * ones are the answer: an event of the assistant's after which nothing was asked.
   */
  private static void agentsCall(IndexedSpan span, Draft out) {
    Json response = span.json(AGENTS_RESPONSE);
    if (response.isObject()) {
      CallPayload.readOutput(response, AGENTS_RESPONSE, out);
      out.offerBlob(Slot.SYSTEM_INSTRUCTIONS, response.get("instructions"), AGENTS_RESPONSE);
      out.offerBlob(Slot.TOOL_DEFINITIONS, response.get("tools"), AGENTS_RESPONSE);
    }
    if (span.has(AGENTS_INPUT)) {
      CallPayload.readMessages(
          Slot.INPUT_MESSAGES, "user", span.get(AGENTS_INPUT), AGENTS_INPUT, out);
    }
    List<Json> events = new ArrayList<>();
    span.json(EVENTS).forEach(events::add);
    int answer = events.size();
    while (answer > 0 && isAnswer(events.get(answer - 1))) {
      answer--;
    }
    EventMessages messages = new EventMessages(span.span().failed());
    for (int i = 0; i < events.size(); i++) {
      String name = EventMessages.nameOf(events.get(i));
      if (name != null) {
        messages.add(i < answer ? name : "gen_ai.choice", events.get(i));
      }
    }
    messages.offerTo(out);
  }

  private static boolean isAnswer(Json event) {
    String name = EventMessages.nameOf(event);
    return "gen_ai.assistant.message".equals(name) || "gen_ai.choice".equals(name);
  }

  private static void request(Json request, Draft out) {
    boolean embedding = request.get("input").isPresent() && request.get("encoding_format").isText();
    if (embedding) {
      out.infer(Slot.OPERATION, Operations.EMBEDDINGS, REQUEST);
      RequestParameters.read(request, REQUEST, out);
    } else if (CallPayload.holdsMessages(request, 0)) {
      CallPayload.readInput(request, REQUEST, out);
    } else {
      RequestParameters.read(request, REQUEST, out);
    }
    ModelFamilies.inferProvider(out);
  }

  private static void response(Json response, Draft out) {
    ResponsePayload.readUsage(response.get("usage"), RESPONSE, out);
    Json message = response.get("message");
    Json text = response.first("combined_chunk_content", "text");
    if (message.isPresent()) {
      CallPayload.readMessages(Slot.OUTPUT_MESSAGES, "assistant", message, RESPONSE, out);
    } else if (text.isText()) {
      CallPayload.readMessages(Slot.OUTPUT_MESSAGES, "assistant", text, RESPONSE, out);
    } else if (CallPayload.holdsMessages(response, 0)) {
      CallPayload.readOutput(response, RESPONSE, out);
    }
  }
}
