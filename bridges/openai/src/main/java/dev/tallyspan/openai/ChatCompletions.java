package dev.tallyspan.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.StructuredChatCompletion;
import com.openai.models.chat.completions.StructuredChatCompletionCreateParams;
import dev.tallyspan.api.ChatBuilder;
import dev.tallyspan.api.ChatCall;
import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.api.Delta;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.TokenUsage.Modalities;
import dev.tallyspan.semconv.read.MessageParser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records calls of the API for chat completions. */
final class ChatCompletions implements Recorder<ChatCall> {

  private final GenAi genAi;
  private final Guard guard;
  private final String provider;

  ChatCompletions(GenAi genAi, String provider) {
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
        parameters instanceof StructuredChatCompletionCreateParams<?> structured
            ? structured.rawParams()
            : parameters;
    if (!(raw instanceof ChatCompletionCreateParams plain)) {
      return null;
    }
    JsonNode request = Json.of(captured(plain._body()));
    ChatBuilder call =
        genAi
            .chat(provider, Json.text(request, "model"))
            .openAiApi("chat_completions")
            .temperature(Json.number(request, "temperature"))
            .topP(Json.number(request, "top_p"))
            .maxTokens(
                request.has("max_completion_tokens")
                    ? Json.number(request, "max_completion_tokens")
                    : Json.number(request, "max_tokens"))
            .frequencyPenalty(Json.number(request, "frequency_penalty"))
            .presencePenalty(Json.number(request, "presence_penalty"))
            .seed(Json.number(request, "seed"))
            .choiceCount(Json.number(request, "n"))
            .reasoningLevel(Json.text(request, "reasoning_effort"))
            .serviceTier(requestedTier(request))
            .outputType(Formats.outputType(Json.text(request, "response_format", "type")))
            .stream(stream);
    List<String> stop = Formats.texts(request.path("stop"));
    if (!stop.isEmpty()) {
      call.stopSequences(stop.toArray(String[]::new));
    }
    if (request.has("messages")) {
      guard.run(() -> call.input(MessageParser.parse(request.path("messages").toString())));
    }
    if (request.has("tools")) {
      guard.run(() -> call.tools(request.path("tools").toString()));
    }
    return call.startDetached();
  }

  /** Without the content that is not captured: prompts are long, and copied when serialized. */
  private ChatCompletionCreateParams.Body captured(ChatCompletionCreateParams.Body body) {
    boolean messages = genAi.captures(Kind.INPUT_MESSAGES);
    boolean tools = genAi.captures(Kind.TOOL_DEFINITIONS);
    if (messages && tools) {
      return body;
    }
    ChatCompletionCreateParams.Body.Builder captured = body.toBuilder();
    if (!messages) {
      captured.messages(Json.missing());
    }
    if (!tools) {
      captured.tools(Json.missing());
    }
    return captured.build();
  }

  /** {@code auto} leaves the choice to the project's settings, and is the default. */
  static @Nullable String requestedTier(JsonNode request) {
    String tier = Json.text(request, "service_tier");
    return "auto".equals(tier) ? null : tier;
  }

  @Override
  public void response(ChatCall call, Object response) {
    JsonNode completion =
        Json.of(
            response instanceof StructuredChatCompletion<?> structured
                ? structured.rawChatCompletion()
                : response);
    recordMetadata(call, completion);
    List<Message> output = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (JsonNode choice : completion.path("choices")) {
      String reason = Json.text(choice, "finish_reason");
      if (reason != null) {
        reasons.add(reason);
      }
      List<Message> messages = MessageParser.parse(choice.path("message").toString());
      if (!messages.isEmpty()) {
        output.add(messages.get(0).withFinishReason(reason));
      }
    }
    call.finishReasons(reasons).output(output);
  }

  @Override
  public void chunk(ChatCall call, Object chunk) {
    JsonNode json = Json.of(chunk);
    List<Delta> deltas = new ArrayList<>();
    for (JsonNode choice : json.path("choices")) {
      int index = choice.path("index").asInt();
      JsonNode delta = choice.path("delta");
      // Not of OpenAI, but of many servers with the same API.
      add(deltas, Delta::reasoning, Json.text(delta, "reasoning_content"), index);
      add(deltas, Delta::text, Json.text(delta, "content"), index);
      add(deltas, Delta::text, Json.text(delta, "refusal"), index);
      for (JsonNode tool : delta.path("tool_calls")) {
        deltas.add(
            Delta.toolCall(
                    tool.path("index").asInt(),
                    Json.text(tool, "id"),
                    Json.text(tool, "function", "name"),
                    Json.text(tool, "function", "arguments"))
                .ofChoice(index));
      }
      add(deltas, Delta::finish, Json.text(choice, "finish_reason"), index);
    }
    call.chunk(deltas.toArray(Delta[]::new));
    recordMetadata(call, json);
  }

  private static void add(
      List<Delta> deltas,
      java.util.function.Function<String, Delta> kind,
      @Nullable String text,
      int choice) {
    if (text != null && !text.isEmpty()) {
      deltas.add(kind.apply(text).ofChoice(choice));
    }
  }

  private static void recordMetadata(ChatCall call, JsonNode json) {
    call.responseId(Json.text(json, "id"))
        .responseModel(Json.text(json, "model"))
        .serviceTier(Json.text(json, "service_tier"))
        .systemFingerprint(Json.text(json, "system_fingerprint"))
        .usage(usage(json.path("usage")));
  }

  private static @Nullable TokenUsage usage(JsonNode usage) {
    return !usage.isObject()
        ? null
        : TokenUsage.inclusive()
            .input(Json.count(usage, "prompt_tokens"))
            .output(Json.count(usage, "completion_tokens"))
            .cacheRead(Json.count(usage, "prompt_tokens_details", "cached_tokens"))
            .reasoning(Json.count(usage, "completion_tokens_details", "reasoning_tokens"))
            .inputModalities(audio(usage.path("prompt_tokens_details")))
            .outputModalities(audio(usage.path("completion_tokens_details")))
            .build();
  }

  private static Modalities audio(JsonNode details) {
    long unknown = TokenUsage.UNKNOWN;
    return new Modalities(unknown, unknown, Json.count(details, "audio_tokens"), unknown);
  }
}
