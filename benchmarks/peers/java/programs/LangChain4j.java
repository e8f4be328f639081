import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** LangChain4j on an SDK that configures itself. Argument: the provider's base URL. */
final class LangChain4j {

  interface Assistant {
    String answer(String question);
  }

  static final class Weather {

    @Tool(name = "get_weather")
    String weather(@P("city") String city) {
      return "sunny";
    }
  }

  private LangChain4j() {}

  public static void main(String[] args) {
    run(openTelemetry(), args[0], List.of(), model -> model, AiServices::build);
    System.exit(0);
  }

  static OpenTelemetry openTelemetry() {
    return AutoConfiguredOpenTelemetrySdk.initialize().getOpenTelemetrySdk();
  }

  static void run(
      OpenTelemetry otel,
      String baseUrl,
      List<ChatModelListener> listeners,
      UnaryOperator<StreamingChatModel> streaming,
      Function<AiServices<Assistant>, Assistant> service) {
    OpenAiChatModel model = model(baseUrl, "gpt-4o-mini", listeners);
    Questions.request(otel, "chat", () -> model.chat(Questions.QUESTION));
    Questions.request(
        otel,
        "tools",
        () ->
            service
                .apply(AiServices.builder(Assistant.class).chatModel(model).tools(new Weather()))
                .answer(Questions.QUESTION));
    StreamingChatModel stream =
        streaming.apply(
            OpenAiStreamingChatModel.builder()
                .baseUrl(baseUrl + "/v1")
                .apiKey("none")
                .modelName("gpt-4o-mini")
                .build());
    Questions.request(otel, "stream", () -> read(stream));
    OpenAiChatModel busy = model(baseUrl, "gpt-4o-busy", listeners);
    Questions.request(otel, "error", () -> busy.chat(Questions.QUESTION));
  }

  private static OpenAiChatModel model(
      String baseUrl, String name, List<ChatModelListener> listeners) {
    return OpenAiChatModel.builder()
        .baseUrl(baseUrl + "/v1")
        .apiKey("none")
        .modelName(name)
        .maxRetries(0)
        .listeners(listeners)
        .build();
  }

  private static void read(StreamingChatModel model) {
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    model.chat(
        Questions.QUESTION,
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
}
