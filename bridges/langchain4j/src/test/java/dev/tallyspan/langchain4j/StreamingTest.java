package dev.tallyspan.langchain4j;

import static dev.tallyspan.bridges.testkit.Traces.count;
import static dev.tallyspan.bridges.testkit.Traces.number;
import static dev.tallyspan.bridges.testkit.Traces.text;
import static dev.tallyspan.bridges.testkit.Traces.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.OpenAiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamingTest {

  private final Traces traces = new Traces();
  private final FakeProvider provider = new FakeProvider();

  @AfterEach
  void close() {
    provider.close();
    traces.close();
  }

  private OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder openAi() {
    return OpenAiStreamingChatModel.builder()
        .baseUrl(provider.baseUrl())
        .apiKey("none")
        .modelName("gpt-4o-mini");
  }

  private StreamingChatModel wrapped() {
    return TallyspanLangChain4j.wrap(traces.genAi(), openAi().build());
  }

  /** Completes with the response, and records what is current when the first part arrives. */
  private static class Answer extends CompletableFuture<ChatResponse>
      implements StreamingChatResponseHandler {
    final StringBuilder text = new StringBuilder();

    @Override
    public void onPartialResponse(String partial) {
      text.append(partial);
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      complete(response);
    }

    @Override
    public void onError(Throwable error) {
      completeExceptionally(error);
    }

    ChatResponse await() throws Exception {
      return get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aStreamIsASpanWithTheTimeToTheFirstChunkAndTheUsageOfItsEnd() throws Exception {
    provider.streams(OpenAiPayloads.chatStream());
    Answer answer = new Answer();

    wrapped().chat("Weather?", answer);

    answer.await();
    assertThat(answer.text).hasToString("It is sunny.");
    SpanData span = traces.only();
    assertThat(span.getName()).isEqualTo("chat gpt-4o-mini");
    assertThat(number(span, "gen_ai.response.time_to_first_chunk")).isPositive();
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(1031);
    assertThat(count(span, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(1024);
    assertThat(count(span, "gen_ai.usage.output_tokens")).isEqualTo(257);
    assertThat(texts(span, "gen_ai.response.finish_reasons")).containsExactly("stop");
    assertThat(text(span, "gen_ai.output.messages")).contains("It is sunny.");
    assertThat(text(span, "gen_ai.input.messages")).contains("Weather?");
    assertThat(text(span, "tallyspan.cost.status")).isEqualTo("priced");
  }

  @Test
  void toolCallsOfAStreamAreRecorded() throws Exception {
    provider.streams(OpenAiPayloads.toolStream());
    Answer answer = new Answer();

    wrapped().chat("Weather?", answer);

    answer.await();
    assertThat(text(traces.only(), "gen_ai.output.messages"))
        .contains("get_weather", "\"arguments\":{\"city\":\"Paris\"}", "tool_call");
  }

  @Test
  void cancellingEndsTheSpanWithWhatHasArrived() {
    provider.streamsAndHangs(OpenAiPayloads.chatStream()[0]);
    CompletableFuture<String> cancelled = new CompletableFuture<>();

    wrapped()
        .chat(
            "Weather?",
            new Answer() {
              @Override
              public void onPartialResponse(
                  PartialResponse partial, PartialResponseContext context) {
                context.streamingHandle().cancel();
                cancelled.complete(partial.text());
              }
            });

    assertThat(cancelled.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo("It");
    await().atMost(Duration.ofMinutes(1)).until(() -> !traces.all().isEmpty());
    SpanData span = traces.only();
    assertThat(text(span, "gen_ai.response.status")).isEqualTo("cancelled");
    assertThat(text(span, "gen_ai.output.messages")).contains("\"It\"");
    assertThat(text(span, "error.type")).isNull();
  }

  @Test
  void anErrorFailsTheSpan() {
    provider.answersError(429, OpenAiPayloads.RATE_LIMIT);
    Answer answer = new Answer();

    wrapped().chat("Weather?", answer);

    assertThatThrownBy(answer::await).isInstanceOf(ExecutionException.class);
    assertThat(text(traces.only(), "error.type")).contains("RateLimitException");
  }

  @Test
  void aModelThatThrowsFailsTheSpanAndTheCall() {
    StreamingChatModel broken =
        new StreamingChatModel() {
          @Override
          public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            throw new IllegalStateException("broken");
          }
        };

    assertThatThrownBy(
            () -> TallyspanLangChain4j.wrap(traces.genAi(), broken).chat("Hi", new Answer()))
        .isInstanceOf(IllegalStateException.class);

    // A model of one's own has no provider that the bridge could know.
    assertThat(traces.exported()).hasSize(1);
    assertThat(text(traces.exported().get(0), "error.type"))
        .isEqualTo(IllegalStateException.class.getName());
  }

  @Test
  void aModelWithTheMethodWithoutOptionsAloneWorks() throws Exception {
    StreamingChatModel simple =
        new StreamingChatModel() {
          @Override
          public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
            handler.onPartialResponse("Hi!");
            handler.onCompleteResponse(
                ChatResponse.builder().aiMessage(AiMessage.from("Hi!")).build());
          }
        };
    Answer answer = new Answer();

    TallyspanLangChain4j.wrap(traces.genAi(), simple).chat("Hello", answer);

    assertThat(answer.await().aiMessage().text()).isEqualTo("Hi!");
    assertThat(text(traces.exported().get(0), "gen_ai.output.messages")).contains("Hi!");
  }

  @Test
  void aListenerOnTheSameModelWritesNoSecondSpan() throws Exception {
    provider.streams(OpenAiPayloads.chatStream());
    GenAi genAi = traces.genAi();
    StreamingChatModel model =
        openAi().listeners(List.of(TallyspanLangChain4j.chatModelListener(genAi))).build();
    Answer answer = new Answer();

    TallyspanLangChain4j.wrap(genAi, model).chat("Weather?", answer);

    answer.await();
    assertThat(traces.all()).hasSize(1);
  }

  @Test
  void aListenerAloneRecordsUsageAndOutput() throws Exception {
    provider.streams(OpenAiPayloads.chatStream());
    StreamingChatModel model =
        openAi().listeners(List.of(TallyspanLangChain4j.chatModelListener(traces.genAi()))).build();
    Answer answer = new Answer();

    model.chat("Weather?", answer);

    answer.await();
    SpanData span = traces.only();
    assertThat(count(span, "gen_ai.usage.output_tokens")).isEqualTo(257);
    assertThat(text(span, "gen_ai.output.messages")).contains("It is sunny.");
  }

  @Test
  void theCallIsCurrentWhileTheModelIsCalledAndNotAfterwards() throws Exception {
    provider.streams(OpenAiPayloads.chatStream());
    Answer answer = new Answer();

    wrapped().chat("Weather?", answer);

    assertThat(Span.current().getSpanContext().isValid()).isFalse();
    answer.await();
  }
}
