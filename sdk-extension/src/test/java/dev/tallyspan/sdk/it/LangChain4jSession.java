package dev.tallyspan.sdk.it;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import dev.tallyspan.api.CatalogCosts;
import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.langchain4j.TallyspanAiServices;
import dev.tallyspan.langchain4j.TallyspanLangChain4j;
import dev.tallyspan.semconv.TokenUsage;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An application with LangChain4j, the bridge and the extension, on an SDK that configures itself.
 * Each call is below a span with the name of the scenario. Argument: the provider's base URL.
 */
@SuppressWarnings("try") // Scopes are not used, only closed.
final class LangChain4jSession {

  /** A service of LangChain4j. */
  interface Assistant {
    String answer(String question);
  }

  /** The same, streamed. */
  interface StreamingAssistant {
    TokenStream answer(String question);
  }

  /** What the model may call. */
  static final class Weather {

    @Tool(name = "get_weather")
    String weather(@P("city") String city) {
      return "sunny";
    }
  }

  private final String baseUrl;
  private final Tracer tracer;
  private final GenAi genAi;

  /** Prices its calls itself, and the extension sees them too. */
  private final GenAi pricing;

  private LangChain4jSession(OpenTelemetry openTelemetry, String baseUrl) {
    this.baseUrl = baseUrl + "/v1";
    tracer = openTelemetry.getTracer("session");
    genAi = GenAi.builder(openTelemetry).content(ContentCapture.ALL).build();
    pricing = GenAi.builder(openTelemetry).costs(CatalogCosts.shipped()).build();
  }

  public static void main(String[] args) {
    OpenTelemetry openTelemetry = AutoConfiguredOpenTelemetrySdk.initialize().getOpenTelemetrySdk();
    new LangChain4jSession(openTelemetry, args[0]).run();
    System.exit(0);
  }

  private void run() {
    scenario("service", this::service);
    scenario("streaming service", this::streamingService);
    scenario("stream", this::stream);
    scenario("embeddings", this::embeddings);
    scenario("api", this::chatByApi);
  }

  private void scenario(String name, Runnable code) {
    Span span = tracer.spanBuilder(name).startSpan();
    try (Scope scope = span.makeCurrent();
        Scope identity = genAi.identity().session("s-42").user("u-7").makeCurrent()) {
      code.run();
    } finally {
      span.end();
    }
  }

  private void service() {
    OpenAiChatModel model =
        OpenAiChatModel.builder()
            .baseUrl(baseUrl)
            .apiKey("none")
            .modelName("gpt-4o-mini")
            .listeners(List.of(TallyspanLangChain4j.chatModelListener(genAi)))
            .build();
    TallyspanAiServices.build(
            genAi, AiServices.builder(Assistant.class).chatModel(model).tools(new Weather()))
        .answer("How is the weather?");
  }

  private void streamingService() {
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    TallyspanAiServices.build(
            genAi,
            AiServices.builder(StreamingAssistant.class)
                .streamingChatModel(TallyspanLangChain4j.wrap(genAi, streamingModel()))
                .tools(new Weather()))
        .answer("How is the weather?")
        .onPartialResponse(part -> {})
        .onCompleteResponse(done::complete)
        .onError(done::completeExceptionally)
        .start();
    done.join();
  }

  private void stream() {
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    TallyspanLangChain4j.wrap(genAi, streamingModel())
        .chat(
            "How is the weather?",
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String part) {}

              @Override
              public void onCompleteResponse(ChatResponse response) {
                done.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                done.completeExceptionally(error);
              }
            });
    done.join();
  }

  private OpenAiStreamingChatModel streamingModel() {
    return OpenAiStreamingChatModel.builder()
        .baseUrl(baseUrl)
        .apiKey("none")
        .modelName("gpt-4o-mini")
        .build();
  }

  private void embeddings() {
    EmbeddingModel model =
        OpenAiEmbeddingModel.builder()
            .baseUrl(baseUrl)
            .apiKey("none")
            .modelName("text-embedding-3-small")
            .build();
    model.addListener(TallyspanLangChain4j.embeddingModelListener(genAi)).embed("a text");
  }

  private void chatByApi() {
    pricing
        .chat("openai", "gpt-4o")
        .run(
            call -> {
              call.usage(TokenUsage.inclusive().input(4000).cacheRead(3000).output(20));
              System.out.println("cost in the call: " + call.cost().total());
            });
  }
}
