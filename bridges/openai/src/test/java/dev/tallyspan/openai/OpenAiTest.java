package dev.tallyspan.openai;

import static dev.tallyspan.bridges.testkit.Traces.count;
import static dev.tallyspan.bridges.testkit.Traces.number;
import static dev.tallyspan.bridges.testkit.Traces.text;
import static dev.tallyspan.bridges.testkit.Traces.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.OpenAiPayloads;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenAiTest {

  private final Traces traces = new Traces();
  private final FakeProvider provider = new FakeProvider();
  private final GenAi genAi = traces.genAi();
  private final OpenAIClient plain =
      OpenAIOkHttpClient.builder().baseUrl(provider.baseUrl()).apiKey("none").maxRetries(1).build();
  private final OpenAIClient client = TallyspanOpenAi.wrap(genAi, plain);

  @AfterEach
  void close() {
    plain.close();
    provider.close();
    traces.close();
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder().model("gpt-4o-mini").addUserMessage("Weather?");
  }

  private static ResponseCreateParams.Builder response() {
    return ResponseCreateParams.builder().model("gpt-5").input("Weather?");
  }

  private static void isTheChat(SpanData span) {
    assertThat(span.getName()).isEqualTo("chat gpt-4o-mini");
    assertThat(text(span, "gen_ai.provider.name")).isEqualTo("openai");
    assertThat(text(span, "gen_ai.response.id")).isEqualTo("chatcmpl-1");
    assertThat(text(span, "gen_ai.response.model")).isEqualTo("gpt-4o-mini-2024-07-18");
    assertThat(texts(span, "gen_ai.response.finish_reasons")).containsExactly("stop");
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(1117);
    assertThat(count(span, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(1024);
    assertThat(count(span, "gen_ai.usage.output_tokens")).isEqualTo(463);
    assertThat(count(span, "gen_ai.usage.reasoning.output_tokens")).isEqualTo(400);
    assertThat(text(span, "tallyspan.cost.status")).isIn("priced", "partial");
    assertThat(text(span, "gen_ai.output.messages")).contains("It is sunny.");
  }

  @Test
  void chatIsASpan() {
    provider.answersJson(OpenAiPayloads.CHAT);

    ChatCompletion completion =
        client
            .chat()
            .completions()
            .create(
                chat()
                    .addSystemMessage("Be terse.")
                    .temperature(0.5)
                    .maxCompletionTokens(100)
                    .stop("END")
                    .putAdditionalBodyProperty("seed", com.openai.core.JsonValue.from(7))
                    .build());

    assertThat(completion.id()).isEqualTo("chatcmpl-1");
    SpanData span = traces.only();
    isTheChat(span);
    assertThat(text(span, "gen_ai.input.messages")).contains("Weather?", "Be terse.", "\"system\"");
    assertThat(number(span, "gen_ai.request.temperature")).isEqualTo(0.5);
    assertThat(count(span, "gen_ai.request.max_tokens")).isEqualTo(100);
    assertThat(count(span, "gen_ai.request.seed")).isEqualTo(7);
    assertThat(texts(span, "gen_ai.request.stop_sequences")).containsExactly("END");
    assertThat(text(span, "openai.api.type")).isEqualTo("chat_completions");
    assertThat(text(span, "openai.response.system_fingerprint")).isEqualTo("fp_1");
  }

  @Test
  void anAsynchronousChatIsASpanThatHasEndedWhenTheFutureCompletes() {
    provider.answersJson(OpenAiPayloads.CHAT);

    client
        .async()
        .chat()
        .completions()
        .create(chat().build())
        .orTimeout(60, TimeUnit.SECONDS)
        .join();

    isTheChat(traces.only());
  }

  @Test
  void anAsynchronousClientIsWrapped() {
    provider.answersJson(OpenAiPayloads.CHAT);
    OpenAIClientAsync async = TallyspanOpenAi.wrap(genAi, plain.async());

    async.chat().completions().create(chat().build()).orTimeout(60, TimeUnit.SECONDS).join();

    isTheChat(traces.only());
  }

  /** A class that the answer is read into. */
  public static final class Answer {
    public String text = "";
  }

  @Test
  void structuredOutputIsASpan() {
    provider.answersJson(
        OpenAiPayloads.CHAT.replace("It is sunny.", "{\\\"text\\\":\\\"Sunny\\\"}"));

    var completion =
        client.chat().completions().create(chat().responseFormat(Answer.class).build());

    assertThat(completion.choices().get(0).message().content().orElseThrow().text)
        .isEqualTo("Sunny");
    assertThat(text(traces.only(), "gen_ai.output.type")).isEqualTo("json");
    assertThat(text(traces.only(), "gen_ai.output.messages")).contains("Sunny");
  }

  @Test
  void toolCallsAndImagesAreRecorded() {
    provider.answersJson(OpenAiPayloads.TOOL_CALL);

    client
        .chat()
        .completions()
        .create(
            chat()
                .addUserMessageOfArrayOfContentParts(
                    List.of(
                        ChatCompletionContentPart.ofText(
                            ChatCompletionContentPartText.builder().text("Where?").build()),
                        ChatCompletionContentPart.ofImageUrl(
                            ChatCompletionContentPartImage.builder()
                                .imageUrl(
                                    ChatCompletionContentPartImage.ImageUrl.builder()
                                        .url("data:image/png;base64,aW1n")
                                        .build())
                                .build())))
                .build());

    SpanData span = traces.only();
    assertThat(text(span, "gen_ai.input.messages"))
        .contains("\"type\":\"blob\"", "\"mime_type\":\"image/png\"", "\"content\":\"aW1n\"");
    assertThat(text(span, "gen_ai.output.messages"))
        .contains("\"type\":\"tool_call\"", "\"id\":\"call_1\"", "\"city\":\"Paris\"");
    assertThat(texts(span, "gen_ai.response.finish_reasons")).containsExactly("tool_calls");
  }

  @Test
  void aStreamIsASpan() {
    provider.streams(OpenAiPayloads.chatStream());

    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(chat().build())) {
      Traces.nothingIsCurrent();
      assertThat(stream.stream().count()).isEqualTo(4);
    }

    SpanData span = traces.only();
    assertThat(number(span, "gen_ai.response.time_to_first_chunk")).isPositive();
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(1031);
    assertThat(count(span, "gen_ai.usage.output_tokens")).isEqualTo(257);
    assertThat(texts(span, "gen_ai.response.finish_reasons")).containsExactly("stop");
    assertThat(text(span, "gen_ai.output.messages")).contains("It is sunny.");
    assertThat(text(span, "gen_ai.response.status")).isNull();
  }

  @Test
  void aStreamThatIsClosedEarlyEndsWithWhatHasArrived() {
    provider.streamsAndHangs(OpenAiPayloads.chatStream()[0]);

    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(chat().build())) {
      assertThat(stream.stream().findFirst()).isPresent();
    }

    SpanData span = traces.only();
    assertThat(text(span, "gen_ai.response.status")).isEqualTo("cancelled");
    assertThat(text(span, "gen_ai.output.messages")).contains("\"It\"");
    assertThat(text(span, "error.type")).isNull();
  }

  @Test
  void anExceptionOfTheReaderIsNoFailureOfTheCall() {
    provider.streams(OpenAiPayloads.chatStream());

    assertThatThrownBy(
            () -> {
              try (StreamResponse<ChatCompletionChunk> stream =
                  client.chat().completions().createStreaming(chat().build())) {
                stream.stream()
                    .forEach(
                        it -> {
                          throw new IllegalArgumentException("reader");
                        });
              }
            })
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(text(traces.only(), "error.type")).isNull();
    assertThat(text(traces.only(), "gen_ai.response.status")).isEqualTo("cancelled");
  }

  @Test
  void toolCallsOfAStreamAreRecorded() {
    provider.streams(OpenAiPayloads.toolStream());

    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(chat().build())) {
      stream.stream().forEach(it -> {});
    }

    assertThat(text(traces.only(), "gen_ai.output.messages"))
        .contains("\"name\":\"get_weather\"", "\"arguments\":{\"city\":\"Paris\"}");
  }

  private static final class Reader implements AsyncStreamResponse.Handler<ChatCompletionChunk> {
    final CompletableFuture<Optional<Throwable>> end = new CompletableFuture<>();
    int chunks;

    @Override
    public void onNext(ChatCompletionChunk chunk) {
      chunks++;
    }

    @Override
    public void onComplete(Optional<Throwable> error) {
      end.complete(error);
    }
  }

  @Test
  void anAsynchronousStreamIsASpanThatHasEndedWhenTheReaderIsTold() {
    provider.streams(OpenAiPayloads.chatStream());
    Reader reader = new Reader();

    client.async().chat().completions().createStreaming(chat().build()).subscribe(reader);

    assertThat(reader.end.orTimeout(60, TimeUnit.SECONDS).join()).isEmpty();
    assertThat(reader.chunks).isEqualTo(4);
    assertThat(count(traces.only(), "gen_ai.usage.output_tokens")).isEqualTo(257);
    assertThat(text(traces.only(), "gen_ai.output.messages")).contains("It is sunny.");
  }

  @Test
  void anAsynchronousStreamThatFailsWithoutASubscriberIsAFailedSpan() {
    provider.answersError(400, OpenAiPayloads.RATE_LIMIT);

    AsyncStreamResponse<ChatCompletionChunk> stream =
        client.async().chat().completions().createStreaming(chat().build());

    assertThatThrownBy(() -> stream.onCompleteFuture().get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(RuntimeException.class);
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !traces.all().isEmpty());
    assertThat(text(traces.only(), "error.type")).contains("BadRequestException");
  }

  @Test
  void anErrorAfterARetryIsOneFailedSpan() {
    provider.answersError(429, OpenAiPayloads.RATE_LIMIT);
    provider.answersError(429, OpenAiPayloads.RATE_LIMIT);

    assertThatThrownBy(() -> client.chat().completions().create(chat().build()))
        .isInstanceOf(RateLimitException.class);

    assertThat(provider.requests()).hasSize(2);
    assertThat(text(traces.only(), "error.type")).isEqualTo(RateLimitException.class.getName());
  }

  @Test
  void anAsynchronousErrorIsAFailedSpan() {
    provider.answersError(400, OpenAiPayloads.RATE_LIMIT);

    assertThatThrownBy(
            () ->
                client
                    .async()
                    .chat()
                    .completions()
                    .create(chat().build())
                    .get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(com.openai.errors.BadRequestException.class);

    assertThat(text(traces.only(), "error.type"))
        .isEqualTo(com.openai.errors.BadRequestException.class.getName());
  }

  @Test
  void embeddingsAreASpanWithoutTheirInput() {
    provider.answersJson(OpenAiPayloads.EMBEDDINGS);

    client
        .embeddings()
        .create(
            EmbeddingCreateParams.builder().model("text-embedding-3-small").input("Paris").build());

    SpanData span = traces.only();
    assertThat(span.getName()).isEqualTo("embeddings text-embedding-3-small");
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(8191);
    assertThat(count(span, "gen_ai.embeddings.dimension.count")).isEqualTo(2);
    assertThat(text(span, "tallyspan.cost.status")).isEqualTo("priced");
    assertThat(span.getAttributes().toString()).doesNotContain("Paris");
  }

  private static void isTheResponse(SpanData span) {
    assertThat(span.getName()).isEqualTo("chat gpt-5");
    assertThat(text(span, "openai.api.type")).isEqualTo("responses");
    assertThat(text(span, "gen_ai.response.id")).isEqualTo("resp_1");
    assertThat(text(span, "gen_ai.response.model")).isEqualTo("gpt-5-2025-08-07");
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(2000);
    assertThat(count(span, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(1536);
    assertThat(count(span, "gen_ai.usage.output_tokens")).isEqualTo(300);
    assertThat(count(span, "gen_ai.usage.reasoning.output_tokens")).isEqualTo(256);
    assertThat(texts(span, "gen_ai.response.finish_reasons")).containsExactly("tool_call");
    assertThat(text(span, "gen_ai.input.messages")).contains("Weather?");
    assertThat(text(span, "gen_ai.output.messages"))
        .contains("Look it up.", "It is sunny.", "get_weather", "\"city\":\"Paris\"")
        .containsOnlyOnce("\"role\"");
    assertThat(text(span, "tallyspan.cost.status")).isEqualTo("priced");
  }

  @Test
  void aResponseIsASpan() {
    provider.answersJson(OpenAiPayloads.RESPONSE);

    client
        .responses()
        .create(
            response()
                .instructions("Be terse.")
                .maxOutputTokens(100)
                .previousResponseId("resp_0")
                .build());

    SpanData span = traces.only();
    isTheResponse(span);
    assertThat(text(span, "gen_ai.system_instructions")).contains("Be terse.");
    assertThat(count(span, "gen_ai.request.max_tokens")).isEqualTo(100);
  }

  @Test
  void aStreamedResponseIsASpan() {
    provider.streams(OpenAiPayloads.responseStream());

    try (StreamResponse<ResponseStreamEvent> stream =
        client.responses().createStreaming(response().build())) {
      stream.stream().forEach(it -> {});
    }

    isTheResponse(traces.only());
    assertThat(number(traces.only(), "gen_ai.response.time_to_first_chunk")).isPositive();
  }

  @Test
  void aStreamedResponseThatIsClosedEarlyHasWhatHasArrived() {
    provider.streamsAndHangs(java.util.Arrays.copyOf(OpenAiPayloads.responseStream(), 5));

    try (StreamResponse<ResponseStreamEvent> stream =
        client.responses().createStreaming(response().build())) {
      stream.stream().limit(5).forEach(it -> {});
    }

    SpanData span = traces.only();
    assertThat(text(span, "gen_ai.response.id")).isEqualTo("resp_1");
    assertThat(text(span, "gen_ai.response.status")).isEqualTo("cancelled");
    assertThat(text(span, "gen_ai.output.messages"))
        .contains("It is sunny.", "get_weather", "\"city\":\"Paris\"");
  }

  @Test
  void theCallIsCurrentForWhatTheClientDoes() {
    provider.answersJson(OpenAiPayloads.CHAT);

    client.chat().completions().create(chat().build());

    Traces.nothingIsCurrent();
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
  }

  @Test
  void optionsKeepTheClientTracedAndOtherMethodsWork() {
    provider.answersJson(OpenAiPayloads.CHAT);
    provider.answersJson("{\"object\":\"list\",\"data\":[]}");

    client.withOptions(it -> it.maxRetries(0)).chat().completions().create(chat().build());
    assertThat(client.models().list().data()).isEmpty();

    isTheChat(traces.only());
    assertThat(client).isEqualTo(client).isNotEqualTo(plain);
  }

  @Test
  void wrappingTwiceWritesOneSpan() {
    provider.answersJson(OpenAiPayloads.CHAT);

    TallyspanOpenAi.wrap(genAi, client).chat().completions().create(chat().build());

    isTheChat(traces.only());
  }

  @Test
  void anotherProviderIsNamed() {
    provider.answersJson(OpenAiPayloads.CHAT);

    TallyspanOpenAi.wrap(genAi, plain, "groq").chat().completions().create(chat().build());

    assertThat(text(traces.only(), "gen_ai.provider.name")).isEqualTo("groq");
  }

  @Test
  void contentIsOnlyWrittenIfItIsCaptured() {
    provider.answersJson(OpenAiPayloads.CHAT);

    TallyspanOpenAi.wrap(GenAi.create(traces.openTelemetry()), plain)
        .chat()
        .completions()
        .create(chat().build());

    assertThat(count(traces.only(), "gen_ai.usage.input_tokens")).isEqualTo(1117);
    assertThat(text(traces.only(), "gen_ai.request.model")).isEqualTo("gpt-4o-mini");
    assertThat(traces.only().getAttributes().toString()).doesNotContain("Weather?", "sunny");
  }

  @Test
  void contentOfResponsesIsOnlyWrittenIfItIsCaptured() {
    provider.answersJson(OpenAiPayloads.RESPONSE);

    TallyspanOpenAi.wrap(GenAi.create(traces.openTelemetry()), plain)
        .responses()
        .create(response().instructions("Be terse.").maxOutputTokens(100).build());

    assertThat(text(traces.only(), "gen_ai.response.id")).isEqualTo("resp_1");
    assertThat(count(traces.only(), "gen_ai.request.max_tokens")).isEqualTo(100);
    assertThat(traces.only().getAttributes().toString())
        .doesNotContain("Weather?", "sunny", "terse");
  }

  @Test
  void aResponseOfAnotherMakeIsRecordedAsFarAsItGoes() {
    provider.answersJson(
        """
        {"choices":[{"message":{"content":"Hi"}}],"usage":{"prompt_tokens":"many"}}
        """);

    ChatCompletion completion = client.chat().completions().create(chat().build());

    assertThat(completion._usage().isMissing()).isFalse();
    SpanData span = traces.only();
    assertThat(text(span, "gen_ai.output.messages")).contains("Hi");
    assertThat(count(span, "gen_ai.usage.input_tokens")).isNull();
  }
}
