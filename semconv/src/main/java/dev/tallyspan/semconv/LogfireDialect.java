package dev.tallyspan.semconv;

import java.util.List;

/**
 * Spans of Logfire's integrations for provider SDKs, with the request in one attribute and the
 * answer in another, and the pending spans that Logfire sends ahead of every span. A stream's
 * answer is on a second span, without tokens.
 */
final class LogfireDialect implements Dialect {

  private static final String REQUEST = "request_data";
  private static final String RESPONSE = "response_data";
  private static final String RAW_USAGE = "gen_ai.usage.raw";

  private static final List<Rename> RENAMES = List.of(Rename.of("logfire.tags", Slot.TAGS));

  @Override
  public String id() {
    return "logfire";
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
    return span.has(RAW_USAGE) || isPending(span);
  }

  @Override
  public List<Rename> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, LlmSpan.Builder out) {
    Json request = span.json(REQUEST);
    Json response = span.json(RESPONSE);
    if (isPending(span)) {
      out.notBillable();
    }
    if (request.isObject()) {
      request(request, out);
    }
    if (response.isObject()) {
      response(response, out);
    }
    ResponsePayload.readUsage(span.json(RAW_USAGE), RAW_USAGE, out);
    boolean secondOfStream = span.name().startsWith("streaming response from");
    if (secondOfStream && !out.has(Slot.OUTPUT_TOKENS) && out.providerUsage() == null) {
      out.notBillable(); // the request's span stands for the call
    }
  }

  /** Whether this is a picture of a span that was sent when it began, to be replaced. */
  private static boolean isPending(IndexedSpan span) {
    return "pending_span".equals(span.text("logfire.span_type"))
        && (span.hasPrefix("gen_ai.") || span.hasPrefix("ai.") || span.hasPrefix("llm."));
  }

  private static void request(Json request, LlmSpan.Builder out) {
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

  private static void response(Json response, LlmSpan.Builder out) {
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
