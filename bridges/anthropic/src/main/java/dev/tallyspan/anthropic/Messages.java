package dev.tallyspan.anthropic;

import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.StructuredMessage;
import com.anthropic.models.messages.StructuredMessageCreateParams;
import com.fasterxml.jackson.databind.JsonNode;
import dev.tallyspan.api.ChatBuilder;
import dev.tallyspan.api.ChatCall;
import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.read.MessageParser;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records calls of the Messages API, also in its beta form. */
final class Messages implements Recorder<ChatCall> {

  private final GenAi genAi;
  private final Guard guard;
  private final String provider;

  Messages(GenAi genAi, String provider) {
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
    Object body = body(parameters);
    if (body == null) {
      return null;
    }
    JsonNode request = Json.of(body);
    ChatBuilder call =
        genAi
            .chat(provider, Json.text(request, "model"))
            .maxTokens(Json.number(request, "max_tokens"))
            .temperature(Json.number(request, "temperature"))
            .topP(Json.number(request, "top_p"))
            .topK(Json.number(request, "top_k"))
            .reasoningLevel(Json.text(request, "output_config", "effort"))
            .outputType(
                Json.at(request, "output_config", "format").isObject()
                        || Json.at(request, "output_format").isObject()
                    ? "json"
                    : null)
            .stream(stream);
    List<String> stop = new ArrayList<>();
    request.path("stop_sequences").forEach(it -> stop.add(it.asText()));
    if (!stop.isEmpty()) {
      call.stopSequences(stop.toArray(String[]::new));
    }
    JsonNode system = Json.at(request, "system");
    if (system.isTextual()) {
      call.system(system.textValue());
    }
    for (JsonNode block : system) {
      call.system(Json.text(block, "text"));
    }
    if (request.has("messages")) {
      guard.run(() -> call.input(MessageParser.parse(request.path("messages").toString())));
    }
    if (request.has("tools")) {
      guard.run(() -> call.tools(request.path("tools").toString()));
    }
    return call.startDetached();
  }

  private @Nullable Object body(@Nullable Object parameters) {
    if (parameters instanceof MessageCreateParams it) {
      return captured(it._body());
    }
    if (parameters instanceof StructuredMessageCreateParams<?> it) {
      return captured(it.rawParams()._body());
    }
    if (parameters instanceof com.anthropic.models.beta.messages.MessageCreateParams it) {
      return captured(it._body());
    }
    if (parameters
        instanceof com.anthropic.models.beta.messages.StructuredMessageCreateParams<?> it) {
      return captured(it.rawParams()._body());
    }
    return null;
  }

  /** Without the content that is not captured: prompts are long, and copied when serialized. */
  private MessageCreateParams.Body captured(MessageCreateParams.Body body) {
    MessageCreateParams.Body.Builder captured = body.toBuilder();
    if (!genAi.captures(Kind.INPUT_MESSAGES)) {
      captured.messages(Json.missing());
    }
    if (!genAi.captures(Kind.SYSTEM_INSTRUCTIONS)) {
      captured.system(Json.missing());
    }
    if (!genAi.captures(Kind.TOOL_DEFINITIONS)) {
      captured.tools(Json.missing());
    }
    return captured.build();
  }

  private com.anthropic.models.beta.messages.MessageCreateParams.Body captured(
      com.anthropic.models.beta.messages.MessageCreateParams.Body body) {
    com.anthropic.models.beta.messages.MessageCreateParams.Body.Builder captured = body.toBuilder();
    if (!genAi.captures(Kind.INPUT_MESSAGES)) {
      captured.messages(Json.missing());
    }
    if (!genAi.captures(Kind.SYSTEM_INSTRUCTIONS)) {
      captured.system(Json.missing());
    }
    if (!genAi.captures(Kind.TOOL_DEFINITIONS)) {
      captured.tools(Json.missing());
    }
    return captured.build();
  }

  @Override
  public void response(ChatCall call, Object response) {
    JsonNode message = Json.of(raw(response));
    String reason = Json.text(message, "stop_reason");
    call.responseId(Json.text(message, "id"))
        .responseModel(Json.text(message, "model"))
        .usage(new Usage().read(message.path("usage")).toTokenUsage());
    if (reason != null) {
      call.finishReasons(reason);
    }
    List<Message> output =
        genAi.captures(Kind.OUTPUT_MESSAGES) ? MessageParser.parse(message.toString()) : List.of();
    if (!output.isEmpty()) {
      call.output(output.get(0).withFinishReason(reason));
    }
  }

  private static Object raw(Object response) {
    if (response instanceof StructuredMessage<?> it) {
      return it.rawMessage();
    }
    if (response instanceof com.anthropic.models.beta.messages.StructuredMessage<?> it) {
      return it.rawMessage();
    }
    return response;
  }

  @Override
  public Consumer<Object> chunks(ChatCall call) {
    return new MessageStream(call);
  }
}
