package dev.tallyspan.anthropic;

import static dev.tallyspan.bridges.testkit.Traces.count;
import static dev.tallyspan.bridges.testkit.Traces.number;
import static dev.tallyspan.bridges.testkit.Traces.text;
import static dev.tallyspan.bridges.testkit.Traces.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.AsyncStreamResponse;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.core.opentelemetry.OpenTelemetryOptions;
import com.anthropic.errors.OverloadedException;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.ImageBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlockParam;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.bridges.testkit.AnthropicPayloads;
import dev.tallyspan.bridges.testkit.FakeProvider;
import dev.tallyspan.bridges.testkit.Traces;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnthropicTest {

  private final Traces traces = new Traces();
  private final FakeProvider provider = new FakeProvider();
  private final GenAi genAi = traces.genAi();
  // With the library's own spans on, as in an application with OpenTelemetry.
  private final AnthropicClient plain =
      AnthropicOkHttpClient.builder()
          .baseUrl(provider.baseUrl().replace("/v1", ""))
          .apiKey("none")
          .maxRetries(1)
          .openTelemetry(
              OpenTelemetryOptions.builder()
                  .tracerProvider(traces.openTelemetry().getTracerProvider())
                  .build())
          .build();
  private final AnthropicClient client = TallyspanAnthropic.wrap(genAi, plain);

  @AfterEach
  void close() {
    plain.close();
    provider.close();
    traces.close();
  }

  private static MessageCreateParams.Builder message() {
    return MessageCreateParams.builder()
        .model("claude-sonnet-4-5")
        .maxTokens(1024)
        .addUserMessage("Weather?");
  }

  private static void isTheMessage(SpanData span, String id) {
    assertThat(span.getName()).isEqualTo("chat claude-sonnet-4-5");
    assertThat(text(span, "gen_ai.provider.name")).isEqualTo("anthropic");
    assertThat(text(span, "gen_ai.response.id")).isEqualTo(id);
    assertThat(text(span, "gen_ai.response.model")).isEqualTo("claude-sonnet-4-5-20250929");
    assertThat(texts(span, "gen_ai.response.finish_reasons")).containsExactly("end_turn");
    assertThat(count(span, "gen_ai.request.max_tokens")).isEqualTo(1024);
    assertThat(count(span, "gen_ai.usage.input_tokens")).isEqualTo(10 + 2870 + 300);
    assertThat(count(span, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(2870);
    assertThat(count(span, "gen_ai.usage.cache_creation.input_tokens")).isEqualTo(300);
    assertThat(count(span, "tallyspan.usage.cache_write_5m.input_tokens")).isEqualTo(200);
    assertThat(count(span, "tallyspan.usage.cache_write_1h.input_tokens")).isEqualTo(100);
    assertThat(count(span, "gen_ai.usage.output_tokens")).isEqualTo(503);
    assertThat(text(span, "gen_ai.output.messages")).contains("It is sunny.");
    assertThat(text(span, "tallyspan.cost.status")).isEqualTo("priced");
  }

  @Test
  void aMessageIsTheOnlySpan() {
    provider.answersJson(AnthropicPayloads.MESSAGE);

    Message message =
        client
            .messages()
            .create(
                message()
                    .system("Be terse.")
                    .putAdditionalBodyProperty("temperature", JsonValue.from(0.5))
                    .putAdditionalBodyProperty("top_k", JsonValue.from(5))
                    .addStopSequence("END")
                    .build());

    assertThat(message.id()).isEqualTo("msg_1");
    SpanData span = traces.only();
    isTheMessage(span, "msg_1");
    assertThat(text(span, "gen_ai.system_instructions")).contains("Be terse.");
    assertThat(text(span, "gen_ai.input.messages")).contains("Weather?");
    assertThat(number(span, "gen_ai.request.temperature")).isEqualTo(0.5);
    assertThat(count(span, "gen_ai.request.top_k")).isEqualTo(5);
    assertThat(texts(span, "gen_ai.request.stop_sequences")).containsExactly("END");
  }

  @Test
  void anAsynchronousMessageIsTheOnlySpan() {
    provider.answersJson(AnthropicPayloads.MESSAGE);

    client.async().messages().create(message().build()).orTimeout(60, TimeUnit.SECONDS).join();

    isTheMessage(traces.only(), "msg_1");
  }

  @Test
  void anAsynchronousClientIsWrapped() {
    provider.answersJson(AnthropicPayloads.MESSAGE);

    TallyspanAnthropic.wrap(genAi, plain.async())
        .messages()
        .create(message().build())
        .orTimeout(60, TimeUnit.SECONDS)
        .join();

    isTheMessage(traces.only(), "msg_1");
  }

  @Test
  void aBetaMessageIsTheOnlySpan() {
    provider.answersJson(AnthropicPayloads.MESSAGE);

    client
        .beta()
        .messages()
        .create(
            com.anthropic.models.beta.messages.MessageCreateParams.builder()
                .model("claude-sonnet-4-5")
                .maxTokens(1024)
                .addUserMessage("Weather?")
                .build());

    isTheMessage(traces.only(), "msg_1");
  }

  @Test
  void toolsThinkingAndImagesAreRecorded() {
    provider.answersJson(AnthropicPayloads.TOOL_USE);

    client
        .messages()
        .create(
            message()
                .addUserMessageOfContentBlockParams(
                    List.of(
                        ContentBlockParam.ofImage(
                            ImageBlockParam.builder()
                                .source(
                                    Base64ImageSource.builder()
                                        .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                                        .data("aW1n")
                                        .build())
                                .build())))
                .addAssistantMessageOfContentBlockParams(
                    List.of(
                        ContentBlockParam.ofToolUse(
                            ToolUseBlockParam.builder()
                                .id("toolu_0")
                                .name("locate")
                                .input(ToolUseBlockParam.Input.builder().build())
                                .build())))
                .addUserMessageOfContentBlockParams(
                    List.of(
                        ContentBlockParam.ofToolResult(
                            ToolResultBlockParam.builder()
                                .toolUseId("toolu_0")
                                .content("Paris")
                                .build())))
                .build());

    SpanData span = traces.only();
    assertThat(text(span, "gen_ai.input.messages"))
        .contains("\"type\":\"blob\"", "\"content\":\"aW1n\"")
        .contains("\"type\":\"tool_call\"", "\"name\":\"locate\"")
        .contains("\"type\":\"tool_call_response\"", "\"id\":\"toolu_0\"", "Paris");
    assertThat(text(span, "gen_ai.output.messages"))
        .contains("\"type\":\"reasoning\"", "The user wants weather.")
        .contains("\"id\":\"toolu_1\"", "\"city\":\"Paris\"", "\"finish_reason\":\"tool_call\"");
    assertThat(texts(span, "gen_ai.response.finish_reasons")).containsExactly("tool_use");
  }

  @Test
  void aStreamIsTheOnlySpan() {
    provider.streams(AnthropicPayloads.stream());

    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(message().build())) {
      Traces.nothingIsCurrent();
      for (RawMessageStreamEvent event : stream) {
        assertThat(event).isNotNull();
      }
    }

    isTheMessage(traces.only(), "msg_3");
    assertThat(number(traces.only(), "gen_ai.response.time_to_first_chunk")).isPositive();
    assertThat(text(traces.only(), "gen_ai.response.status")).isNull();
  }

  @Test
  void toolsOfAStreamAreRecorded() {
    provider.streams(AnthropicPayloads.toolStream());

    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(message().build())) {
      stream.stream().forEach(it -> {});
    }

    assertThat(text(traces.only(), "gen_ai.output.messages"))
        .contains("\"type\":\"reasoning\"", "Weather.")
        .contains("\"id\":\"toolu_1\"", "\"arguments\":{\"city\":\"Paris\"}");
    assertThat(count(traces.only(), "gen_ai.usage.output_tokens")).isEqualTo(20);
  }

  @Test
  void aStreamThatIsClosedEarlyHasTheCountsOfItsStart() {
    provider.streamsAndHangs(Arrays.copyOf(AnthropicPayloads.stream(), 4));

    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(message().build())) {
      stream.stream().limit(3).forEach(it -> {});
    }

    SpanData span = traces.only();
    assertThat(text(span, "gen_ai.response.status")).isEqualTo("cancelled");
    assertThat(count(span, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(2870);
    assertThat(text(span, "error.type")).isNull();
  }

  @Test
  void anErrorInAStreamFailsTheSpan() {
    String[] events = Arrays.copyOf(AnthropicPayloads.stream(), 4);
    events[3] = "event: error\ndata: " + AnthropicPayloads.OVERLOADED.replace("\n", "") + "\n\n";
    provider.streams(events);

    assertThatThrownBy(
            () -> {
              try (StreamResponse<RawMessageStreamEvent> stream =
                  client.messages().createStreaming(message().build())) {
                stream.stream().forEach(it -> {});
              }
            })
        .isInstanceOf(RuntimeException.class);

    assertThat(text(traces.only(), "error.type")).startsWith("com.anthropic.errors.");
  }

  @Test
  void anAsynchronousStreamIsTheOnlySpan() {
    provider.streams(AnthropicPayloads.stream());
    CompletableFuture<Optional<Throwable>> end = new CompletableFuture<>();

    client
        .async()
        .messages()
        .createStreaming(message().build())
        .subscribe(
            new AsyncStreamResponse.Handler<>() {
              @Override
              public void onNext(RawMessageStreamEvent event) {}

              @Override
              public void onComplete(Optional<Throwable> error) {
                end.complete(error);
              }
            });

    assertThat(end.orTimeout(60, TimeUnit.SECONDS).join()).isEmpty();
    isTheMessage(traces.only(), "msg_3");
  }

  @Test
  void anErrorAfterARetryIsOneFailedSpan() {
    provider.answersError(529, AnthropicPayloads.OVERLOADED);
    provider.answersError(529, AnthropicPayloads.OVERLOADED);

    assertThatThrownBy(() -> client.messages().create(message().build()))
        .isInstanceOf(OverloadedException.class);

    assertThat(provider.requests()).hasSize(2);
    assertThat(text(traces.only(), "error.type")).isEqualTo(OverloadedException.class.getName());
  }

  @Test
  void whatIsNotTracedHasTheSpansOfTheLibrary() {
    provider.answersJson(AnthropicPayloads.MESSAGE);

    try (var response = client.messages().withRawResponse().create(message().build())) {
      assertThat(response.parse().id()).isEqualTo("msg_1");
    }

    assertThat(traces.exported()).hasSize(1);
    assertThat(traces.exported().get(0).getInstrumentationScopeInfo().getName())
        .startsWith("com.anthropic");
  }

  @Test
  void optionsKeepTheClientTraced() {
    provider.answersJson(AnthropicPayloads.MESSAGE);

    client.withOptions(it -> it.maxRetries(0)).messages().create(message().build());

    isTheMessage(traces.only(), "msg_1");
    assertThat(client).isEqualTo(client).isNotEqualTo(plain);
  }

  @Test
  void wrappingTwiceWritesOneSpan() {
    provider.answersJson(AnthropicPayloads.MESSAGE);

    TallyspanAnthropic.wrap(genAi, client).messages().create(message().build());

    isTheMessage(traces.only(), "msg_1");
  }

  @Test
  void contentIsOnlyWrittenIfItIsCaptured() {
    provider.answersJson(AnthropicPayloads.MESSAGE);

    TallyspanAnthropic.wrap(GenAi.create(traces.openTelemetry()), plain)
        .messages()
        .create(message().system("Be terse.").build());

    assertThat(count(traces.only(), "gen_ai.usage.output_tokens")).isEqualTo(503);
    assertThat(count(traces.only(), "gen_ai.request.max_tokens")).isEqualTo(1024);
    assertThat(traces.only().getAttributes().toString())
        .doesNotContain("Weather?", "sunny", "terse");
  }

  @Test
  void contentOfABetaMessageIsOnlyWrittenIfItIsCaptured() {
    provider.answersJson(AnthropicPayloads.MESSAGE);

    TallyspanAnthropic.wrap(GenAi.create(traces.openTelemetry()), plain)
        .beta()
        .messages()
        .create(
            com.anthropic.models.beta.messages.MessageCreateParams.builder()
                .model("claude-sonnet-4-5")
                .maxTokens(1024)
                .system("Be terse.")
                .addUserMessage("Weather?")
                .build());

    assertThat(count(traces.only(), "gen_ai.request.max_tokens")).isEqualTo(1024);
    assertThat(traces.only().getAttributes().toString())
        .doesNotContain("Weather?", "sunny", "terse");
  }
}
