package dev.tallyspan.semconv.internal.judge;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.internal.dialect.Draft;
import dev.tallyspan.semconv.internal.dialect.ErrorTexts;
import dev.tallyspan.semconv.internal.dialect.IndexedSpan;
import dev.tallyspan.semconv.internal.dialect.ModelFamilies;
import dev.tallyspan.semconv.internal.dialect.ServerAddress;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.Providers;
import dev.tallyspan.semconv.span.Slot;
import dev.tallyspan.semconv.span.Strength;
import java.util.List;

/** Draws conclusions about a span after all its dialects are read. */
final class Inference {

  /** The rounding error of a time in milliseconds. */
  private static final double ROUNDING_SECONDS = 0.001;

  private Inference() {}

  /** Fills slots from other slots. Returns how the call failed, if it did. */
  static CallFailure complete(IndexedSpan span, Draft out) {
    if (!out.has(Slot.OPERATION) && out.mayHaveOperation()) {
      operation(span, out);
    }
    ServerAddress.infer(span, out);
    provider(span, out);
    firstChunk(span.span(), out);
    instructions(out);
    out.infer(Slot.USER_ID, span.resource("user.id"), "the resource");
    if (!out.has(Slot.FINISH_REASONS)) {
      finishReasons(out);
    }
    if (!out.has(Slot.ERROR_TYPE) && span.span().failed()) {
      errorType(span, out);
    }
    if (!out.has(Slot.RESPONSE_MODEL) && !out.has(Slot.ERROR_TYPE) && !span.span().failed()) {
      responseModel(out);
    }
    return CallFailure.of(span, out.text(Slot.ERROR_TYPE));
  }

  /** Groups by model are one, whichever way the call was routed. */
  private static void responseModel(Draft out) {
    if (Operations.isCall(out.text(Slot.OPERATION))) {
      String bare = RoutingPrefix.without(out.text(Slot.REQUEST_MODEL), out.text(Slot.PROVIDER));
      out.infer(Slot.RESPONSE_MODEL, bare, "the request's without the routing prefix");
    }
  }

  private static void operation(IndexedSpan span, Draft out) {
    String named = Operations.inSpanName(span.name());
    boolean model = out.has(Slot.REQUEST_MODEL) || out.has(Slot.RESPONSE_MODEL);
    if (named != null) {
      out.infer(Slot.OPERATION, named, "span name");
    } else if (out.has(Slot.EMBEDDING_DIMENSIONS) || out.has(Slot.ENCODING_FORMATS)) {
      out.infer(Slot.OPERATION, Operations.EMBEDDINGS, "has an embedding's attributes");
    } else if (!model && (out.has(Slot.TOOL_NAME) || out.has(Slot.TOOL_CALL_ID))) {
      out.infer(Slot.OPERATION, Operations.EXECUTE_TOOL, "has a tool call's attributes");
    } else if (!model && out.has(Slot.RETRIEVAL_DOCUMENTS)) {
      out.infer(Slot.OPERATION, Operations.RETRIEVAL, "has retrieved documents");
    } else if (model || out.has(Slot.INPUT_TOKENS) && out.has(Slot.OUTPUT_TOKENS)) {
      boolean embedding = modelName(out).contains("embed") && !out.has(Slot.OUTPUT_TOKENS);
      out.infer(
          Slot.OPERATION,
          embedding ? Operations.EMBEDDINGS : Operations.CHAT,
          "has a model or tokens");
    }
  }

  private static void provider(IndexedSpan span, Draft out) {
    String known = out.text(Slot.PROVIDER);
    String byHost = Providers.ofHost(out.text(Slot.SERVER_ADDRESS));
    if (byHost != null && !Providers.isOneSeller(byHost, known)) {
      // The provider that was called sells, regardless of who wrote the client.
      out.withdraw(Slot.PROVIDER);
      out.infer(Slot.PROVIDER, byHost, "server.address");
    } else if (known == null && Operations.isCall(out.text(Slot.OPERATION))) {
      ModelFamilies.inferProvider(out);
    }
    String model = out.text(Slot.REQUEST_MODEL);
    if (Providers.isBedrockModelOf(model, known)) {
      out.withdraw(Slot.PROVIDER);
      out.infer(Slot.PROVIDER, "aws.bedrock", "the model's identifier");
    }
  }

  /** No chunk came after the end: such a time is in another unit, or of another clock. */
  private static void firstChunk(SpanView span, Draft out) {
    Double seconds = out.get(Slot.TIME_TO_FIRST_CHUNK);
    long nanos = span.endEpochNanos() - span.startEpochNanos();
    boolean timed = span.startEpochNanos() > 0 && nanos > 0;
    if (seconds != null && timed && seconds > nanos / 1e9 + ROUNDING_SECONDS) {
      out.withdraw(Slot.TIME_TO_FIRST_CHUNK);
    }
  }

  /**
   * Instructions that are also the first message are duplicates: they stay where the span has them
   * under the conventions' name.
   */
  private static void instructions(Draft out) {
    if (out.putsOffContent()) {
      return; // none of them is written
    }
    if (!out.has(Slot.INPUT_MESSAGES) || !out.has(Slot.SYSTEM_INSTRUCTIONS)) {
      return;
    }
    if (out.isCurrent(Slot.INPUT_MESSAGES) && out.isCurrent(Slot.SYSTEM_INSTRUCTIONS)) {
      return; // neither would be changed, so neither need be read
    }
    List<MessagePart> instructions = out.get(Slot.SYSTEM_INSTRUCTIONS);
    List<Message> messages = out.get(Slot.INPUT_MESSAGES);
    if (messages == null
        || !messages.get(0).role().equals("system")
        || !messages.get(0).parts().equals(instructions)) {
      return;
    }
    if (!out.isCurrent(Slot.INPUT_MESSAGES) && messages.size() > 1) {
      out.correct(
          Slot.INPUT_MESSAGES,
          List.copyOf(messages.subList(1, messages.size())),
          "without the instructions");
    } else if (!out.isCurrent(Slot.SYSTEM_INSTRUCTIONS)) {
      out.withdraw(Slot.SYSTEM_INSTRUCTIONS);
    }
  }

  private static void finishReasons(Draft out) {
    List<Message> messages = out.get(Slot.OUTPUT_MESSAGES);
    if (messages != null && messages.stream().allMatch(m -> m.finishReason() != null)) {
      out.offer(
          Slot.FINISH_REASONS,
          messages.stream().map(Message::finishReason).toList(),
          "",
          "the messages' own",
          Strength.INFERRED);
    }
  }

  private static void errorType(IndexedSpan span, Draft out) {
    exception(span.get("exception.type"), span.get("exception.message"), out);
    for (EventView event : span.events()) {
      if ("exception".equals(event.name())) {
        AttributeView attributes = event.attributes();
        exception(
            Json.of(attributes.get("exception.type")),
            Json.of(attributes.get("exception.message")),
            out);
      }
    }
    out.infer(Slot.ERROR_TYPE, ErrorTexts.status(span.span().statusMessage()), "status message");
  }

  /** A class without meaning is replaced by the class at the start of the message. */
  private static void exception(Json type, Json message, Draft out) {
    boolean vague = type.isText() && ErrorTexts.isVague(type.text());
    String better = vague ? ErrorTexts.type(message.text(), null) : null;
    if (better != null && !better.equals("_OTHER")) {
      out.infer(Slot.ERROR_TYPE, better, "exception.message");
    } else {
      out.offer(Slot.ERROR_TYPE, type, "exception.type");
    }
  }

  private static String modelName(Draft out) {
    String model = out.text(Slot.REQUEST_MODEL);
    return model != null ? model : String.valueOf(out.text(Slot.RESPONSE_MODEL));
  }
}
