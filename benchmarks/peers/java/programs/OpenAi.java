import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.responses.ResponseCreateParams;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;

/** openai-java under the Java agent. Argument: the provider's base URL. */
final class OpenAi {

  private OpenAi() {}

  public static void main(String[] args) {
    run(client(args[0]));
    System.exit(0);
  }

  static OpenAIClient client(String baseUrl) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(baseUrl + "/v1")
        .apiKey("none")
        .maxRetries(0)
        .build();
  }

  static void run(OpenAIClient client) {
    OpenTelemetry otel = GlobalOpenTelemetry.get();
    var chats = client.chat().completions();
    Questions.request(otel, "chat", () -> chats.create(Questions.chat("gpt-4o-mini")));
    Questions.request(otel, "tools", () -> chats.create(Questions.tools("gpt-4o-mini")));
    Questions.request(
        otel,
        "stream",
        () -> {
          try (var response = chats.createStreaming(Questions.stream("gpt-4o-mini"))) {
            response.stream().forEach(chunk -> {});
          }
        });
    Questions.request(otel, "error", () -> chats.create(Questions.chat("gpt-4o-busy")));
    ResponseCreateParams response =
        ResponseCreateParams.builder().model("gpt-4o-mini").input(Questions.QUESTION).build();
    Questions.request(otel, "responses", () -> client.responses().create(response));
  }
}
