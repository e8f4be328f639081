import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;

/** As Langfuse documents for languages without an SDK of its own: spans by OpenTelemetry's API. */
public final class Langfuse {

  public static void main(String[] args) {
    String url = args[0] + "/v1";
    OpenTelemetry otel = AutoConfiguredOpenTelemetrySdk.initialize().getOpenTelemetrySdk();
    Tracer tracer = otel.getTracer("app");
    OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(url).apiKey("none").build();
    ChatCompletionCreateParams.Builder request =
        ChatCompletionCreateParams.builder()
            .model("gpt-4o-mini")
            .addUserMessage("How is the weather?")
            .addFunctionTool(FunctionDefinition.builder().name("get_weather").build());
    ChatCompletion first = traced(tracer, client, request.build());
    var message = first.choices().get(0).message();
    var call = message.toolCalls().orElseThrow().get(0).asFunction();
    Span tool = tracer.spanBuilder(call.function().name()).startSpan();
    tool.setAttribute("langfuse.observation.type", "tool");
    tool.setAttribute("langfuse.observation.input", call.function().arguments());
    String result = weather(call.function().arguments());
    tool.setAttribute("langfuse.observation.output", result);
    tool.end();
    request.addMessage(message);
    request.addMessage(
        ChatCompletionToolMessageParam.builder().toolCallId(call.id()).content(result).build());
    ChatCompletion second = traced(tracer, client, request.build());
    System.out.println(second.choices().get(0).message().content().orElseThrow());
    System.exit(0);
  }

  static ChatCompletion traced(
      Tracer tracer, OpenAIClient client, ChatCompletionCreateParams request) {
    Span span = tracer.spanBuilder("chat").startSpan();
    try {
      span.setAttribute("langfuse.observation.type", "generation");
      span.setAttribute("session.id", "s-42");
      span.setAttribute("user.id", "u-7");
      span.setAttribute("gen_ai.request.model", request.model().toString());
      span.setAttribute("langfuse.observation.input", request.messages().toString());
      ChatCompletion response = client.chat().completions().create(request);
      span.setAttribute("gen_ai.response.model", response.model());
      span.setAttribute(
          "langfuse.observation.output", response.choices().get(0).message().toString());
      response.usage().ifPresent(
          usage -> {
            span.setAttribute("gen_ai.usage.input_tokens", usage.promptTokens());
            span.setAttribute("gen_ai.usage.output_tokens", usage.completionTokens());
          });
      return response;
    } catch (RuntimeException e) {
      span.setStatus(StatusCode.ERROR).recordException(e);
      throw e;
    } finally {
      span.end();
    }
  }

  static String weather(String arguments) {
    return "sunny";
  }
}
