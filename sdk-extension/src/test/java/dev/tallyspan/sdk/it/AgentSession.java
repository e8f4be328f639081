package dev.tallyspan.sdk.it;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import dev.tallyspan.anthropic.TallyspanAnthropic;
import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.openai.TallyspanOpenAi;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TokenUsage;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;

/**
 * An application under the Java agent that makes every kind of call, each below a span with the
 * name of the scenario. It uses the API and the bridges for what no instrumentation of the agent
 * knows. Argument: the providers' base URL.
 */
@SuppressWarnings("try") // Scopes are not used, only closed.
final class AgentSession {

  private final Tracer tracer = GlobalOpenTelemetry.getTracer("session");
  private final GenAi genAi =
      GenAi.builder(GlobalOpenTelemetry.get()).content(ContentCapture.ALL).build();
  private final OpenAiCalls openAi;
  private final AnthropicCalls anthropic;
  private final AnthropicCalls anthropicWithoutBridge;

  private AgentSession(String baseUrl) {
    openAi =
        new OpenAiCalls(
            TallyspanOpenAi.wrap(
                genAi,
                OpenAIOkHttpClient.builder()
                    .baseUrl(baseUrl + "/v1")
                    .apiKey("none")
                    .maxRetries(0)
                    .build()));
    AnthropicClient client =
        AnthropicOkHttpClient.builder().baseUrl(baseUrl).apiKey("none").maxRetries(0).build();
    anthropicWithoutBridge = new AnthropicCalls(client);
    anthropic = new AnthropicCalls(TallyspanAnthropic.wrap(genAi, client));
  }

  public static void main(String[] args) {
    new AgentSession(args[0]).run();
    System.exit(0);
  }

  private void run() {
    scenario("openai chat", () -> openAi.chat("gpt-4o-mini"));
    scenario("openai stream", () -> openAi.streamedChat("gpt-4o-mini"));
    scenario("openai tools", () -> openAi.chatWithTool("gpt-4o-mini"));
    scenario("openai embeddings", () -> openAi.embeddings("text-embedding-3-small"));
    scenario("openai response", () -> openAi.response("gpt-5"));
    scenario("openai streamed response", () -> openAi.streamedResponse("gpt-5"));
    scenario("openai error", this::refused);
    scenario("anthropic chat", anthropic::chat);
    scenario("anthropic stream", anthropic::streamedChat);
    scenario("anthropic tools", anthropic::chatWithTool);
    scenario("anthropic without bridge", anthropicWithoutBridge::chat);
    scenario("agent", this::agent);
    scenario("baggage", this::withBaggage);
    scenario("api", this::chatByApi);
  }

  private void scenario(String name, Runnable code) {
    Span span = tracer.spanBuilder(name).startSpan();
    try (Scope scope = span.makeCurrent()) {
      code.run();
    } finally {
      span.end();
    }
  }

  private void refused() {
    try {
      openAi.chat("busy");
    } catch (RateLimitException expected) {
      System.out.println("refused with " + expected.statusCode());
    }
  }

  private void agent() {
    try (Scope identity = genAi.identity().session("s-42").user("u-7").makeCurrent()) {
      genAi.agent("travel").run(agent -> openAi.streamedToolLoop("gpt-4o-mini", this::weather));
    }
  }

  private String weather(String arguments) {
    return genAi
        .tool("get_weather")
        .callId("call_1")
        .arguments(arguments)
        .call(
            tool -> {
              tool.result("sunny");
              return "sunny";
            });
  }

  private void withBaggage() {
    Baggage baggage = Baggage.builder().put("session.id", "s-43").put("user.id", "u-8").build();
    try (Scope identity = baggage.makeCurrent()) {
      openAi.streamedChat("gpt-4o-mini");
    }
  }

  private void chatByApi() {
    genAi
        .chat("openai", "gpt-4o")
        .input(Message.user("How is the weather?"))
        .run(
            call ->
                call.responseModel("gpt-4o-2024-08-06")
                    .output(Message.assistant("It is sunny."))
                    .usage(TokenUsage.inclusive().input(4000).cacheRead(3000).output(20)));
  }
}
