import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.langchain4j.TallyspanAiServices;
import dev.tallyspan.langchain4j.TallyspanLangChain4j;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** An AI service with a tool, and a stream. */
final class App {

  private static final String QUESTION = "How is the weather in Paris?";
  private static final String URL = System.getenv("OPENAI_BASE_URL");

  interface Assistant {
    String answer(String question);
  }

  static final class Weather {

    @Tool(name = "get_weather")
    String weather(@P("city") String city) {
      return "It is sunny in " + city + ".";
    }
  }

  private App() {}

  public static void main(String[] args) {
    OpenTelemetrySdk otel = AutoConfiguredOpenTelemetrySdk.initialize().getOpenTelemetrySdk();
    GenAi genAi = GenAi.builder(otel).content(ContentCapture.ALL).build();

    OpenAiChatModel.OpenAiChatModelBuilder builder =
        OpenAiChatModel.builder().baseUrl(URL).apiKey("none");
    ChatModel model =
        builder
            .modelName("gpt-4o-mini")
            .listeners(List.of(TallyspanLangChain4j.chatModelListener(genAi)))
            .build();
    AiServices<Assistant> services = AiServices.builder(Assistant.class).chatModel(model);
    Assistant assistant = TallyspanAiServices.build(genAi, services.tools(new Weather()));

    StreamingChatModel plain =
        OpenAiStreamingChatModel.builder()
            .baseUrl(URL)
            .apiKey("none")
            .modelName("gpt-4o-mini")
            .build();
    StreamingChatModel streaming = TallyspanLangChain4j.wrap(genAi, plain);

    try (Scope scope = genAi.identity().session("s-42").user("u-7").makeCurrent()) {
      assistant.answer(QUESTION);
      read(streaming);
    }
    otel.close();
    System.exit(0);
  }

  private static void read(StreamingChatModel model) {
    CompletableFuture<ChatResponse> done = new CompletableFuture<>();
    model.chat(
        QUESTION,
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
