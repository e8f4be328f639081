package dev.tallyspan.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.ai.anthropic.api.AnthropicApi;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.observation.DefaultVectorStoreObservationConvention;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationContext;
import org.springframework.ai.vectorstore.observation.VectorStoreObservationDocumentation;

/** Real observations of Spring AI, bridged to spans, without a model. */
class SpringAiSpansTest {

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

  @Test
  void withoutAPolicyThereIsNoContent() {
    ObservationRegistry registry = registry(null);

    chat(registry, "Hello", response("Hi", "STOP", usage(10, 3, null)));

    assertThat(onlySpan().getAttributes().asMap().keySet())
        .extracting(AttributeKey::getKey)
        .doesNotContain("gen_ai.input.messages", "gen_ai.output.messages");
  }

  @Test
  void metadataKeepsTheShapeOfMessages() {
    ObservationRegistry registry = registry(ContentPolicy.of(ContentMode.METADATA));

    chat(registry, "Hello", response("Hi", "STOP", usage(10, 3, null)));

    assertThat(text(onlySpan(), "gen_ai.input.messages"))
        .contains("\"role\":\"user\"", "<5 characters>")
        .doesNotContain("Hello");
  }

  @Test
  void numbersAreNumbers() {
    ObservationRegistry registry = registry(null);

    chat(registry, "Hello", response("Hi", "LENGTH", usage(10, 3, null)));

    SpanData span = onlySpan();
    assertThat(span.getAttributes().get(AttributeKey.longKey("gen_ai.usage.input_tokens")))
        .isEqualTo(10);
    assertThat(span.getAttributes().get(AttributeKey.longKey("gen_ai.request.max_tokens")))
        .isEqualTo(100);
    assertThat(span.getAttributes().get(AttributeKey.doubleKey("gen_ai.request.temperature")))
        .isEqualTo(0.2);
    assertThat(
            span.getAttributes().get(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons")))
        .containsExactly("length");
    assertThat(span.getAttributes().asMap().keySet())
        .extracting(AttributeKey::getKey)
        .doesNotHaveDuplicates();
  }

  @Test
  void cacheTokensOfAnthropic() {
    ObservationRegistry registry = registry(null);

    chat(
        registry,
        "Hello",
        response("Hi", "end_turn", usage(10, 3, new AnthropicApi.Usage(10, 3, 7, 2000))));

    SpanData span = onlySpan();
    assertThat(
            span.getAttributes().get(AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens")))
        .isEqualTo(2000);
    assertThat(
            span.getAttributes().get(AttributeKey.longKey("gen_ai.usage.cache_write.input_tokens")))
        .isEqualTo(7);
  }

  @Test
  void callsOfAToolLoopAreNotAddedUp() {
    ObservationRegistry registry = registry(null);
    AssistantMessage call =
        AssistantMessage.builder()
            .toolCalls(List.of(new AssistantMessage.ToolCall("c1", "function", "f", "{}")))
            .build();
    ToolResponseMessage result =
        ToolResponseMessage.builder()
            .responses(List.of(new ToolResponseMessage.ToolResponse("c1", "f", "1")))
            .build();

    Observation.createNotStarted("advisor", registry)
        .observe(
            () -> {
              observe(
                  registry,
                  new Prompt("Go"),
                  new ChatResponse(
                      List.of(new Generation(call)),
                      ChatResponseMetadata.builder().usage(usage(100, 10, null)).build()));
              observe(
                  registry,
                  new Prompt(List.of(new UserMessage("Go"), call, result)),
                  response("Done", "STOP", usage(230, 25, null)));
            });

    assertThat(exporter.getFinishedSpanItems())
        .filteredOn(span -> span.getName().startsWith("chat"))
        .extracting(
            span -> span.getAttributes().get(AttributeKey.longKey("gen_ai.usage.input_tokens")))
        .containsExactly(100L, 130L);
  }

  @Test
  void callsThatFollowEachOtherWithoutToolsKeepTheirUsage() {
    ObservationRegistry registry = registry(null);

    Observation.createNotStarted("request", registry)
        .observe(
            () -> {
              chat(registry, "One", response("Hi", "STOP", usage(100, 10, null)));
              chat(registry, "Two", response("Hi", "STOP", usage(230, 25, null)));
            });

    assertThat(exporter.getFinishedSpanItems())
        .filteredOn(span -> span.getName().startsWith("chat"))
        .extracting(
            span -> span.getAttributes().get(AttributeKey.longKey("gen_ai.usage.input_tokens")))
        .containsExactly(100L, 230L);
  }

  @Test
  void queryOfSpringAiStaysUnlessThereIsAPolicy() {
    search(registry(null));
    search(registry(ContentPolicy.of(ContentMode.NONE)));

    assertThat(exporter.getFinishedSpanItems())
        .extracting(span -> text(span, "db.vector.query.content"))
        .containsExactly("Where is Ada?", null);
  }

  @Test
  void identityOfTheRequestIsOnTheSpansBelowIt() {
    ObservationRegistry registry = registry(null);
    Observation request = Observation.start("request", registry);
    new RequestIdentity("ada", "s-1").keepIn(request.getContext());

    request.scoped(() -> chat(registry, "Hello", response("Hi", "STOP", usage(10, 3, null))));
    request.stop();

    assertThat(exporter.getFinishedSpanItems())
        .hasSize(2)
        .allSatisfy(
            span -> {
              assertThat(text(span, "user.id")).isEqualTo("ada");
              assertThat(text(span, "session.id")).isEqualTo("s-1");
            });
  }

  @Test
  void faultsOfOneKindDoNotReachTheApplication() {
    ObservedFacts failing =
        new ObservedFacts() {
          @Override
          public boolean isAbout(Observation.ContextView context) {
            return true;
          }

          @Override
          public void write(Observation.Context context, ObservedSpan span) {
            throw new IllegalStateException("secret");
          }
        };
    ObservationRegistry registry = registry(List.of(failing, new ChatFacts()), null);

    chat(registry, "Hello", response("Hi", "STOP", usage(10, 3, null)));

    assertThat(onlySpan().getAttributes().get(AttributeKey.longKey("gen_ai.usage.input_tokens")))
        .isEqualTo(10);
  }

  private SpanData onlySpan() {
    assertThat(exporter.getFinishedSpanItems()).hasSize(1);
    return exporter.getFinishedSpanItems().get(0);
  }

  private static @Nullable String text(SpanData span, String key) {
    return span.getAttributes().get(AttributeKey.stringKey(key));
  }

  private ObservationRegistry registry(@Nullable ContentPolicy policy) {
    return registry(
        List.of(
            new IdentityFacts(), new ConversationFacts(), new ChatFacts(), new RetrievalFacts()),
        policy);
  }

  private ObservationRegistry registry(List<ObservedFacts> facts, @Nullable ContentPolicy policy) {
    SdkTracerProvider provider =
        SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build();
    OtelTracer tracer =
        new OtelTracer(provider.get("test"), new OtelCurrentTraceContext(), event -> {});
    ObservationRegistry registry = ObservationRegistry.create();
    registry
        .observationConfig()
        .observationFilter(new SpringAiSpans(facts, policy))
        .observationHandler(new DefaultTracingObservationHandler(tracer));
    return registry;
  }

  private static void chat(ObservationRegistry registry, String text, ChatResponse response) {
    ChatOptions options = ChatOptions.builder().model("m").maxTokens(100).temperature(0.2).build();
    observe(registry, new Prompt(text, options), response);
  }

  private static void observe(ObservationRegistry registry, Prompt prompt, ChatResponse response) {
    Prompt complete =
        prompt.getOptions() == null
            ? new Prompt(prompt.getInstructions(), ChatOptions.builder().model("m").build())
            : prompt;
    ChatModelObservationContext context =
        ChatModelObservationContext.builder().prompt(complete).provider("any").build();
    ChatModelObservationDocumentation.CHAT_MODEL_OPERATION
        .observation(null, new DefaultChatModelObservationConvention(), () -> context, registry)
        .observe(() -> context.setResponse(response));
  }

  private static void search(ObservationRegistry registry) {
    VectorStoreObservationContext context =
        VectorStoreObservationContext.builder("simple", "query")
            .queryRequest(SearchRequest.builder().query("Where is Ada?").build())
            .build();
    VectorStoreObservationDocumentation.AI_VECTOR_STORE
        .observation(null, new DefaultVectorStoreObservationConvention(), () -> context, registry)
        .observe(() -> {});
  }

  private static ChatResponse response(String text, String reason, DefaultUsage usage) {
    Generation generation =
        new Generation(
            new AssistantMessage(text),
            ChatGenerationMetadata.builder().finishReason(reason).build());
    return new ChatResponse(
        List.of(generation), ChatResponseMetadata.builder().id("r").usage(usage).build());
  }

  private static DefaultUsage usage(int input, int output, @Nullable Object nativeUsage) {
    return new DefaultUsage(input, output, input + output, nativeUsage);
  }
}
