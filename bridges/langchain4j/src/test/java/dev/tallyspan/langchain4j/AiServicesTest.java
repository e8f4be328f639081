package dev.tallyspan.langchain4j;

import static dev.tallyspan.bridges.testkit.Traces.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.OpenAiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AiServicesTest {

  private final Traces traces = new Traces();
  private final FakeProvider provider = new FakeProvider();
  private final GenAi genAi = traces.genAi();

  @AfterEach
  void close() {
    provider.close();
    traces.close();
  }

  interface Assistant {
    @SystemMessage("Be terse.")
    String answer(@UserMessage String question);
  }

  interface Remembering {
    String answer(@MemoryId String id, @UserMessage String question);
  }

  interface Streaming {
    TokenStream answer(String question);
  }

  /** A tool that has a span of its own, to see what is current. */
  private final class Weather {
    String result = "21 degrees";

    @Tool(name = "get_weather")
    String weather(@P("city") String city) {
      genAi.retrieval("weather").start().close();
      if (result == null) {
        throw new IllegalStateException("no weather");
      }
      return result;
    }
  }

  private ChatModel model() {
    return OpenAiChatModel.builder()
        .baseUrl(provider.baseUrl())
        .apiKey("none")
        .modelName("gpt-4o-mini")
        .maxRetries(0)
        .listeners(List.of(TallyspanLangChain4j.chatModelListener(genAi)))
        .build();
  }

  private StreamingChatModel streamingModel() {
    return TallyspanLangChain4j.wrap(
        genAi,
        OpenAiStreamingChatModel.builder()
            .baseUrl(provider.baseUrl())
            .apiKey("none")
            .modelName("gpt-4o-mini")
            .build());
  }

  private void isChild(SpanData child, SpanData parent) {
    assertThat(child.getParentSpanId())
        .as("%s below %s", child, parent)
        .isEqualTo(parent.getSpanId());
    assertThat(child.getTraceId()).isEqualTo(parent.getTraceId());
  }

  @Test
  void aServiceIsAnAgentWithItsCallsAndToolsBelow() {
    provider.answersJson(OpenAiPayloads.TOOL_CALL);
    provider.answersJson(OpenAiPayloads.CHAT);
    Assistant assistant =
        TallyspanAiServices.build(
            genAi, AiServices.builder(Assistant.class).chatModel(model()).tools(new Weather()));

    assertThat(assistant.answer("Weather in Paris?")).isEqualTo("It is sunny.");

    SpanData agent = traces.named("invoke_agent Assistant");
    assertThat(text(agent, "gen_ai.system_instructions")).contains("Be terse.");
    assertThat(text(agent, "gen_ai.input.messages")).contains("Weather in Paris?");
    assertThat(text(agent, "gen_ai.output.messages")).contains("It is sunny.");
    SpanData tool = traces.named("execute_tool get_weather");
    isChild(tool, agent);
    assertThat(text(tool, "gen_ai.tool.call.id")).isEqualTo("call_1");
    assertThat(text(tool, "gen_ai.tool.call.arguments")).isEqualTo("{\"city\":\"Paris\"}");
    assertThat(text(tool, "gen_ai.tool.call.result")).isEqualTo("21 degrees");
    assertThat(traces.allNamed("chat gpt-4o-mini")).hasSize(2).allSatisfy(it -> isChild(it, agent));
    isChild(traces.named("retrieval weather"), tool);
    Traces.nothingIsCurrent();
  }

  @Test
  void aToolThatFailsHasAFailedSpan() {
    provider.answersJson(OpenAiPayloads.TOOL_CALL);
    provider.answersJson(OpenAiPayloads.CHAT);
    Weather weather = new Weather();
    weather.result = null;
    Assistant assistant =
        TallyspanAiServices.build(
            genAi, AiServices.builder(Assistant.class).chatModel(model()).tools(weather));

    assistant.answer("Weather?");

    assertThat(text(traces.named("execute_tool get_weather"), "error.type"))
        .isEqualTo("tool_error");
    assertThat(text(traces.named("invoke_agent Assistant"), "error.type")).isNull();
  }

  @Test
  void aToolErrorThatIsRethrownEndsAllSpansAndLeavesNothingCurrent() {
    provider.answersJson(OpenAiPayloads.TOOL_CALL);
    Weather weather = new Weather();
    weather.result = null;
    Assistant assistant =
        TallyspanAiServices.build(
            genAi,
            AiServices.builder(Assistant.class)
                .chatModel(model())
                .tools(weather)
                .toolExecutionErrorHandler(
                    (error, context) -> {
                      throw new IllegalArgumentException("rethrown");
                    }));

    assertThatThrownBy(() -> assistant.answer("Weather?"))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(text(traces.named("execute_tool get_weather"), "error.type"))
        .isEqualTo("tool_error");
    assertThat(text(traces.named("invoke_agent Assistant"), "error.type"))
        .isEqualTo(IllegalArgumentException.class.getName());
    Traces.nothingIsCurrent();
  }

  @Test
  void toolsOnOtherThreadsAreBelowTheirAgent() {
    provider.answersJson(OpenAiPayloads.TOOL_CALL);
    provider.answersJson(OpenAiPayloads.CHAT);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Assistant assistant =
          TallyspanAiServices.build(
              genAi,
              AiServices.builder(Assistant.class)
                  .chatModel(model())
                  .tools(new Weather())
                  .executeToolsConcurrently(threads));

      assistant.answer("Weather?");

      SpanData tool = traces.named("execute_tool get_weather");
      isChild(tool, traces.named("invoke_agent Assistant"));
      isChild(traces.named("retrieval weather"), tool);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void consumersOfTheApplicationAreKept() {
    provider.answersJson(OpenAiPayloads.TOOL_CALL);
    provider.answersJson(OpenAiPayloads.CHAT);
    List<String> seen = new ArrayList<>();
    Assistant assistant =
        TallyspanAiServices.build(
            genAi,
            AiServices.builder(Assistant.class)
                .chatModel(model())
                .tools(new Weather())
                .beforeToolExecution(it -> seen.add("before"))
                .afterToolExecution(it -> seen.add("after")));

    assistant.answer("Weather?");

    assertThat(seen).containsExactly("before", "after");
  }

  @Test
  void theMemoryIsTheConversation() {
    provider.answersJson(OpenAiPayloads.CHAT);
    Remembering assistant =
        TallyspanAiServices.build(
            genAi,
            AiServices.builder(Remembering.class)
                .chatModel(model())
                .chatMemoryProvider(id -> MessageWindowChatMemory.withMaxMessages(10)));

    assistant.answer("c-42", "Hello");

    assertThat(text(traces.named("invoke_agent Remembering"), "gen_ai.conversation.id"))
        .isEqualTo("c-42");
  }

  @Test
  void anErrorOfTheModelFailsTheAgent() {
    provider.answersError(429, OpenAiPayloads.RATE_LIMIT);
    Assistant assistant =
        TallyspanAiServices.build(genAi, AiServices.builder(Assistant.class).chatModel(model()));

    assertThatThrownBy(() -> assistant.answer("Hi")).hasMessageContaining("Rate limit");

    assertThat(text(traces.named("invoke_agent Assistant"), "error.type")).contains("RateLimit");
    assertThat(text(traces.named("chat gpt-4o-mini"), "error.type")).contains("RateLimit");
  }

  @Test
  void aServiceInAToolIsBelowTheTool() {
    provider.answersJson(OpenAiPayloads.TOOL_CALL);
    provider.answersJson(OpenAiPayloads.CHAT);
    provider.answersJson(OpenAiPayloads.CHAT);
    Assistant inner =
        TallyspanAiServices.build(genAi, AiServices.builder(Assistant.class).chatModel(model()));
    Object tool =
        new Object() {
          @Tool(name = "get_weather")
          String ask(@P("city") String city) {
            return inner.answer(city);
          }
        };
    Remembering outer =
        TallyspanAiServices.build(
            genAi,
            AiServices.builder(Remembering.class)
                .chatModel(model())
                .chatMemoryProvider(id -> MessageWindowChatMemory.withMaxMessages(10))
                .tools(tool));

    outer.answer("1", "Hi");

    isChild(traces.named("invoke_agent Assistant"), traces.named("execute_tool get_weather"));
    isChild(traces.named("execute_tool get_weather"), traces.named("invoke_agent Remembering"));
    Traces.nothingIsCurrent();
  }

  private static CompletableFuture<String> start(TokenStream stream) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    stream
        .onPartialResponse(it -> {})
        .onCompleteResponse(it -> answer.complete(it.aiMessage().text()))
        .onError(answer::completeExceptionally)
        .start();
    return answer;
  }

  @Test
  void aStreamingServiceIsAnAgentUntilTheStreamEnds() throws Exception {
    provider.streams(OpenAiPayloads.toolStream());
    provider.streams(OpenAiPayloads.chatStream());
    ContentRetriever retriever =
        ((ContentRetriever) query -> List.of(Content.from("Paris is sunny.")))
            .addListener(TallyspanLangChain4j.contentRetrieverListener(genAi));
    Streaming assistant =
        TallyspanAiServices.build(
            genAi,
            AiServices.builder(Streaming.class)
                .streamingChatModel(streamingModel())
                .contentRetriever(retriever)
                .tools(new Weather()));

    TokenStream stream = assistant.answer("Weather?");
    Traces.nothingIsCurrent();
    assertThat(start(stream).get(60, TimeUnit.SECONDS)).isEqualTo("It is sunny.");

    SpanData agent = traces.named("invoke_agent Streaming");
    isChild(traces.named("retrieval"), agent);
    isChild(traces.named("execute_tool get_weather"), agent);
    isChild(traces.named("retrieval weather"), traces.named("execute_tool get_weather"));
    assertThat(traces.allNamed("chat gpt-4o-mini")).hasSize(2).allSatisfy(it -> isChild(it, agent));
    assertThat(text(agent, "gen_ai.output.messages")).contains("It is sunny.");
  }

  @Test
  void aStreamThatFailsWithErrorsIgnoredEndsTheAgent() throws Exception {
    provider.answersError(429, OpenAiPayloads.RATE_LIMIT);
    Streaming assistant =
        TallyspanAiServices.build(
            genAi, AiServices.builder(Streaming.class).streamingChatModel(streamingModel()));

    assistant.answer("Weather?").onPartialResponse(it -> {}).ignoreErrors().start();

    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> traces.all().size() == 2);
    assertThat(text(traces.named("invoke_agent Streaming"), "error.type")).contains("RateLimit");
  }

  @Test
  void cancellingAStreamEndsTheAgent() {
    provider.streamsAndHangs(OpenAiPayloads.chatStream()[0]);
    Streaming assistant =
        TallyspanAiServices.build(
            genAi, AiServices.builder(Streaming.class).streamingChatModel(streamingModel()));

    assistant
        .answer("Weather?")
        .onPartialResponseWithContext((partial, context) -> context.streamingHandle().cancel())
        .onError(it -> {})
        .start();

    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> traces.all().size() == 2);
    assertThat(text(traces.named("chat gpt-4o-mini"), "gen_ai.response.status"))
        .isEqualTo("cancelled");
    isChild(traces.named("chat gpt-4o-mini"), traces.named("invoke_agent Streaming"));
  }

  @Test
  void theMethodsOfObjectWork() {
    Assistant assistant =
        TallyspanAiServices.build(genAi, AiServices.builder(Assistant.class).chatModel(model()));

    assertThat(assistant).isEqualTo(assistant).isNotEqualTo("another").hasSameHashCodeAs(assistant);
    assertThat(assistant.toString()).contains("Assistant");
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
    assertThat(traces.all()).isEmpty();
  }
}
