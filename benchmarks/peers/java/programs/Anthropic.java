import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.Tool;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;

/** anthropic-java under the Java agent. Argument: the provider's base URL. */
final class Anthropic {

  private Anthropic() {}

  public static void main(String[] args) {
    run(client(args[0]));
    System.exit(0);
  }

  static AnthropicClient client(String baseUrl) {
    return AnthropicOkHttpClient.builder().baseUrl(baseUrl).apiKey("none").maxRetries(0).build();
  }

  static void run(AnthropicClient client) {
    OpenTelemetry otel = GlobalOpenTelemetry.get();
    var messages = client.messages();
    Tool weather =
        Tool.builder().name("get_weather").inputSchema(Tool.InputSchema.builder().build()).build();
    Questions.request(otel, "chat", () -> messages.create(question("claude-sonnet-4-5")));
    Questions.request(
        otel,
        "tools",
        () -> messages.create(question("claude-sonnet-4-5").toBuilder().addTool(weather).build()));
    Questions.request(
        otel,
        "stream",
        () -> {
          try (var response = messages.createStreaming(question("claude-sonnet-4-5"))) {
            response.stream().forEach(event -> {});
          }
        });
    Questions.request(otel, "error", () -> messages.create(question("claude-busy")));
  }

  private static MessageCreateParams question(String model) {
    return MessageCreateParams.builder()
        .model(model)
        .maxTokens(100)
        .addUserMessage(Questions.QUESTION)
        .build();
  }
}
