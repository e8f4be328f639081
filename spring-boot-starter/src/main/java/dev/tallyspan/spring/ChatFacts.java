package dev.tallyspan.spring;

import dev.tallyspan.semconv.FinishReasons;
import dev.tallyspan.semconv.GenAiAttributes;
import io.micrometer.observation.Observation;
import java.util.List;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.StringUtils;

/** A call of a chat model: typed numbers, cache tokens, messages, the time of the first chunk. */
final class ChatFacts implements ObservedFacts {

  private final CacheTokens cacheTokens = new CacheTokens();

  @Override
  public boolean isAbout(Observation.ContextView context) {
    return context instanceof ChatModelObservationContext;
  }

  @Override
  public void write(Observation.Context context, ObservedSpan span) {
    ChatModelObservationContext chat = (ChatModelObservationContext) context;
    TypedNumbers.ofRequest(span);
    usage(chat, span);
    Prompt prompt = chat.getRequest();
    ChatOptions options = prompt.getOptions();
    if (options != null && options.getStopSequences() != null) {
      span.replace(
          GenAiAttributes.GEN_AI_REQUEST_STOP_SEQUENCES.getKey(), options.getStopSequences());
    }
    StreamChunks.Call streamed = StreamChunks.callOf(chat);
    if (streamed != null && !ToolLoops.isOuter(chat)) {
      span.set(GenAiAttributes.GEN_AI_REQUEST_STREAM.getKey(), true);
      span.set(
          GenAiAttributes.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK.getKey(),
          streamed.secondsToFirstChunk());
    }
    ChatResponse response = chat.getResponse();
    if (response != null) {
      finishReasons(response, span);
    }
    if (span.takesContent()) {
      span.setMessages(
          GenAiAttributes.GEN_AI_INPUT_MESSAGES, SpringAiMessages.input(prompt.getInstructions()));
      SpringAiMessages.tools(options)
          .ifPresent(tools -> span.setContent(GenAiAttributes.GEN_AI_TOOL_DEFINITIONS, tools));
      if (response != null) {
        span.setMessages(GenAiAttributes.GEN_AI_OUTPUT_MESSAGES, SpringAiMessages.output(response));
      }
    }
  }

  private void usage(ChatModelObservationContext chat, ObservedSpan span) {
    ToolLoops.Used used = ToolLoops.usedBy(chat);
    if (used == null) {
      TypedNumbers.removeUsage(span);
      return;
    }
    TypedNumbers.ofUsage(span);
    span.set(GenAiAttributes.GEN_AI_USAGE_INPUT_TOKENS.getKey(), used.input());
    span.set(GenAiAttributes.GEN_AI_USAGE_OUTPUT_TOKENS.getKey(), used.output());
    span.set("gen_ai.usage.total_tokens", used.total());
    ChatResponse response = chat.getResponse();
    Usage usage = response == null ? null : response.getMetadata().getUsage();
    if (usage != null) {
      cacheTokens.write(usage.getNativeUsage(), span);
    }
  }

  private static void finishReasons(ChatResponse response, ObservedSpan span) {
    List<String> reasons =
        response.getResults().stream()
            .map(result -> result.getMetadata().getFinishReason())
            .filter(StringUtils::hasText)
            .toList();
    List<String> spelled = FinishReasons.respell(reasons);
    if (spelled != null && !spelled.isEmpty()) {
      span.replace(GenAiAttributes.GEN_AI_RESPONSE_FINISH_REASONS.getKey(), spelled);
    }
  }
}
