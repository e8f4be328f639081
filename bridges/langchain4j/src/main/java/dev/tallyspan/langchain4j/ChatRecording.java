package dev.tallyspan.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.tallyspan.api.ChatBuilder;
import dev.tallyspan.api.ChatCall;
import dev.tallyspan.api.ContentCapture.Kind;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Records LangChain4j's requests and responses. */
final class ChatRecording {

  private ChatRecording() {}

  static ChatBuilder request(GenAi genAi, @Nullable ModelProvider provider, ChatRequest request) {
    ChatRequestParameters parameters = request.parameters();
    List<String> stop = parameters.stopSequences();
    ChatBuilder call =
        genAi
            .chat(Providers.name(provider), parameters.modelName())
            .temperature(parameters.temperature())
            .topP(parameters.topP())
            .topK(parameters.topK())
            .maxTokens(parameters.maxOutputTokens())
            .frequencyPenalty(parameters.frequencyPenalty())
            .presencePenalty(parameters.presencePenalty())
            .outputType(outputType(parameters.responseFormat()))
            .parent(Invocations.parentOf(request));
    if (stop != null && !stop.isEmpty()) {
      call.stopSequences(stop.toArray(String[]::new));
    }
    Guard guard = genAi.guard();
    if (parameters.toolSpecifications() != null && genAi.captures(Kind.TOOL_DEFINITIONS)) {
      for (ToolSpecification tool : parameters.toolSpecifications()) {
        guard.run(() -> call.tools(tool.toJson()));
      }
    }
    if (genAi.captures(Kind.INPUT_MESSAGES)) {
      for (ChatMessage message : request.messages()) {
        guard.run(() -> call.input(ChatMessages.message(message)));
      }
    }
    return call;
  }

  private static @Nullable String outputType(@Nullable ResponseFormat format) {
    return format == null || format.type() == null
        ? null
        : format.type() == ResponseFormatType.JSON ? "json" : "text";
  }

  static void response(
      GenAi genAi, ChatCall call, @Nullable ModelProvider provider, ChatResponse response) {
    Guard guard = genAi.guard();
    ChatResponseMetadata metadata = response.metadata();
    FinishReason reason = metadata.finishReason();
    call.responseId(metadata.id())
        .responseModel(metadata.modelName())
        .usage(guard.get(() -> Usages.of(provider, metadata.tokenUsage())));
    if (reason != null) {
      call.finishReasons(finishReason(reason));
    }
    guard.run(() -> ModelDetails.record(call, metadata));
    if (response.aiMessage() != null && genAi.captures(Kind.OUTPUT_MESSAGES)) {
      guard.run(() -> call.output(ChatMessages.message(response.aiMessage())));
    }
  }

  private static String finishReason(FinishReason reason) {
    return switch (Objects.requireNonNull(reason).name()) {
      case "TOOL_EXECUTION" -> "tool_call";
      case "STOP" -> "stop";
      case "LENGTH" -> "length";
      case "CONTENT_FILTER" -> "content_filter";
      default -> "other";
    };
  }
}
