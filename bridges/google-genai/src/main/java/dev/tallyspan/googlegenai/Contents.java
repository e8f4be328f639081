package dev.tallyspan.googlegenai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tallyspan.api.ChatBuilder;
import dev.tallyspan.api.ChatCall;
import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.read.MessageParser;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Records requests for content. */
final class Contents implements Recorder<ChatCall> {

  /** The convention's name of this operation, which is Gemini's. */
  private static final String OPERATION = "generate_content";

  private final GenAi genAi;
  private final Guard guard;
  private final boolean stream;

  Contents(GenAi genAi, boolean stream) {
    this.genAi = genAi;
    guard = genAi.guard();
    this.stream = stream;
  }

  @Override
  public ChatCall start(Endpoint endpoint, HttpUrl url, byte[] body, Context parent) {
    JsonNode request = Json.of(body);
    JsonNode config = request.path("generationConfig");
    ChatBuilder call =
        genAi
            .chat(endpoint.provider(), endpoint.model())
            .operation(OPERATION)
            .parent(parent)
            .server(url.host(), url.port())
            .temperature(Json.number(config, "temperature"))
            .topP(Json.number(config, "topP"))
            .topK(Json.number(config, "topK"))
            .maxTokens(Json.number(config, "maxOutputTokens"))
            .choiceCount(Json.number(config, "candidateCount"))
            .frequencyPenalty(Json.number(config, "frequencyPenalty"))
            .presencePenalty(Json.number(config, "presencePenalty"))
            .seed(Json.number(config, "seed"))
            .reasoningLevel(Json.text(config, "thinkingConfig", "thinkingLevel"))
            .outputType(outputType(config))
            .stream(stream);
    List<String> stop = new ArrayList<>();
    config.path("stopSequences").forEach(it -> stop.add(it.asText()));
    if (!stop.isEmpty()) {
      call.stopSequences(stop.toArray(String[]::new));
    }
    for (JsonNode part : Json.at(request, "systemInstruction", "parts")) {
      call.system(Json.text(part, "text"));
    }
    if (request.has("contents") && genAi.captures(ContentCapture.Kind.INPUT_MESSAGES)) {
      guard.run(() -> call.input(MessageParser.parse(request.path("contents").toString())));
    }
    if (request.has("tools") && genAi.captures(ContentCapture.Kind.TOOL_DEFINITIONS)) {
      guard.run(() -> call.tools(request.path("tools").toString()));
    }
    return call.startDetached();
  }

  private static @Nullable String outputType(JsonNode config) {
    String format = Json.text(config, "responseMimeType");
    if (format != null) {
      return format.equals("application/json") ? "json" : "text";
    }
    List<String> modalities = new ArrayList<>();
    config.path("responseModalities").forEach(it -> modalities.add(it.asText()));
    return modalities.contains("IMAGE") ? "image" : modalities.contains("AUDIO") ? "speech" : null;
  }

  @Override
  public void response(ChatCall call, byte[] body) {
    JsonNode response = Json.of(body);
    metadata(call, response);
    List<Message> output = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (JsonNode candidate : response.path("candidates")) {
      String reason = Json.text(candidate, "finishReason");
      if (reason != null) {
        reasons.add(reason);
      }
      JsonNode content = candidate.path("content");
      List<Message> messages =
          content.isObject() ? MessageParser.parse(content.toString()) : List.of();
      if (!messages.isEmpty()) {
        output.add(messages.get(0).withFinishReason(reason));
      }
    }
    call.finishReasons(reasons).output(output);
  }

  /** Records what a response and each chunk of a stream have beside their candidates. */
  static void metadata(ChatCall call, JsonNode response) {
    call.responseId(Json.text(response, "responseId"))
        .responseModel(Json.text(response, "modelVersion"))
        .usage(Usage.of(response.path("usageMetadata")));
    // No candidate at all: the prompt was blocked.
    String blocked = Json.text(response, "promptFeedback", "blockReason");
    if (blocked != null) {
      call.finishReasons(blocked);
    }
  }
}
