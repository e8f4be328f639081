package dev.tallyspan.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.StructuredResponse;
import com.openai.models.responses.StructuredResponseCreateParams;
import dev.tallyspan.api.ChatBuilder;
import dev.tallyspan.api.ChatCall;
import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.api.Delta;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.read.MessageParser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records calls of the Responses API. */
final class Responses implements Recorder<ChatCall> {

  private final GenAi genAi;
  private final Guard guard;
  private final String provider;

  Responses(GenAi genAi, String provider) {
    this.genAi = genAi;
    guard = genAi.guard();
    this.provider = provider;
  }

  @Override
  public Guard guard() {
    return guard;
  }

  @Override
  public @Nullable ChatCall start(@Nullable Object parameters, boolean stream) {
    Object raw =
        parameters instanceof StructuredResponseCreateParams<?> structured
            ? structured.rawParams()
            : parameters;
    if (!(raw instanceof ResponseCreateParams plain)) {
      return null;
    }
    JsonNode request = Json.of(captured(plain._body()));
    JsonNode conversation = Json.at(request, "conversation");
    ChatBuilder call =
        genAi
            .chat(provider, Json.text(request, "model"))
            .openAiApi("responses")
            .temperature(Json.number(request, "temperature"))
            .topP(Json.number(request, "top_p"))
            .maxTokens(Json.number(request, "max_output_tokens"))
            .reasoningLevel(Json.text(request, "reasoning", "effort"))
            .serviceTier(ChatCompletions.requestedTier(request))
            .previousResponseId(Json.text(request, "previous_response_id"))
            .outputType(Formats.outputType(Json.text(request, "text", "format", "type")))
            .system(Json.text(request, "instructions"))
            .stream(stream);
    call.conversation(
        conversation.isTextual() ? conversation.textValue() : Json.text(conversation, "id"));
    JsonNode input = Json.at(request, "input");
    guard.run(
        () -> {
          if (input.isTextual()) {
            call.input(Message.user(input.textValue()));
          } else if (input.isArray()) {
            call.input(MessageParser.parse(input.toString()));
          }
        });
    if (request.has("tools")) {
      guard.run(() -> call.tools(request.path("tools").toString()));
    }
    return call.startDetached();
  }

  /** Without the content that is not captured: prompts are long, and copied when serialized. */
  private ResponseCreateParams.Body captured(ResponseCreateParams.Body body) {
    boolean input = genAi.captures(Kind.INPUT_MESSAGES);
    boolean tools = genAi.captures(Kind.TOOL_DEFINITIONS);
    if (input && tools) {
      return body;
    }
    ResponseCreateParams.Body.Builder captured = body.toBuilder();
    if (!input) {
      captured.input(Json.missing());
    }
    if (!tools) {
      captured.tools(Json.missing());
    }
    return captured.build();
  }

  @Override
  public void response(ChatCall call, Object response) {
    record(
        call,
        Json.of(
            response instanceof StructuredResponse<?> structured
                ? structured.rawResponse()
                : response));
  }

  @Override
  public void chunk(ChatCall call, Object chunk) {
    JsonNode event = Json.of(chunk);
    String type = event.path("type").asText();
    switch (type) {
      case "response.output_text.delta", "response.refusal.delta" ->
          call.chunk(Delta.text(Json.text(event, "delta")));
      case "response.reasoning_text.delta", "response.reasoning_summary_text.delta" ->
          call.chunk(Delta.reasoning(Json.text(event, "delta")));
      case "response.output_item.added" -> {
        JsonNode item = event.path("item");
        call.chunk(
            "function_call".equals(Json.text(item, "type"))
                ? Delta.toolCall(
                    event.path("output_index").asInt(),
                    Json.text(item, "call_id"),
                    Json.text(item, "name"),
                    null)
                : null);
      }
      case "response.function_call_arguments.delta" ->
          call.chunk(
              Delta.toolCall(
                  event.path("output_index").asInt(), null, null, Json.text(event, "delta")));
      case "response.completed", "response.incomplete", "response.failed" -> {
        call.chunk();
        record(call, event.path("response"));
      }
      case "response.created" -> {
        call.chunk();
        recordIds(call, event.path("response"));
      }
      case "error" -> {
        call.chunk();
        String code = Json.text(event, "code");
        call.fail(code == null ? "error" : code);
      }
      default -> call.chunk();
    }
  }

  private static void recordIds(ChatCall call, JsonNode response) {
    call.responseId(Json.text(response, "id"))
        .responseModel(Json.text(response, "model"))
        .conversation(Json.text(response, "conversation", "id"));
  }

  private static void record(ChatCall call, JsonNode response) {
    recordIds(call, response);
    call.serviceTier(Json.text(response, "service_tier")).usage(usage(Json.at(response, "usage")));
    List<MessagePart> parts = new ArrayList<>();
    boolean calls = false;
    for (Message message : MessageParser.parse(response.path("output").toString())) {
      parts.addAll(message.parts());
      calls |= message.parts().stream().anyMatch(MessagePart.ToolCall.class::isInstance);
    }
    String status = Json.text(response, "status");
    String reason = finishReason(response, status, calls);
    if (reason != null) {
      call.finishReasons(reason);
    }
    if (!parts.isEmpty()) {
      call.output(new Message("assistant", parts).withFinishReason(reason));
    }
    if ("failed".equals(status)) {
      String code = Json.text(response, "error", "code");
      call.fail(code == null ? "failed" : code);
    }
    if ("queued".equals(status) || "in_progress".equals(status)) {
      // A response in the background: fetching it later is another call.
      call.attribute(GenAiAttributes.GEN_AI_RESPONSE_STATUS, status);
    }
  }

  private static @Nullable String finishReason(
      JsonNode response, @Nullable String status, boolean calls) {
    if ("completed".equals(status)) {
      return calls ? "tool_call" : "stop";
    }
    if ("incomplete".equals(status)) {
      String reason = Json.text(response, "incomplete_details", "reason");
      return "max_output_tokens".equals(reason) ? "length" : reason;
    }
    return null;
  }

  private static @Nullable TokenUsage usage(JsonNode usage) {
    return !usage.isObject()
        ? null
        : TokenUsage.inclusive()
            .input(Json.count(usage, "input_tokens"))
            .output(Json.count(usage, "output_tokens"))
            .cacheRead(Json.count(usage, "input_tokens_details", "cached_tokens"))
            .reasoning(Json.count(usage, "output_tokens_details", "reasoning_tokens"))
            .build();
  }
}
