import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import dev.braintrust.instrumentation.openai.BraintrustOpenAI;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;

/** With Braintrust's SDK. It has no span for tools: that one is OpenTelemetry's. */
public final class Braintrust {

  public static void main(String[] args) {
    String url = args[0] + "/v1";
    OpenTelemetry otel = dev.braintrust.Braintrust.get().openTelemetryCreate();
    OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(url).apiKey("none").build();
    client = BraintrustOpenAI.wrapOpenAI(otel, client);
    ChatCompletionCreateParams.Builder request =
        ChatCompletionCreateParams.builder()
            .model("gpt-4o-mini")
            .addUserMessage("How is the weather?")
            .addFunctionTool(FunctionDefinition.builder().name("get_weather").build());
    ChatCompletion first = client.chat().completions().create(request.build());
    var message = first.choices().get(0).message();
    var call = message.toolCalls().orElseThrow().get(0).asFunction();
    Span tool = otel.getTracer("app").spanBuilder(call.function().name()).startSpan();
    tool.setAttribute("braintrust.span_attributes", "{\"type\":\"tool\",\"name\":\"get_weather\"}");
    tool.setAttribute("braintrust.input_json", call.function().arguments());
    String result = weather(call.function().arguments());
    tool.setAttribute("braintrust.output_json", '"' + result + '"');
    tool.end();
    request.addMessage(message);
    request.addMessage(
        ChatCompletionToolMessageParam.builder().toolCallId(call.id()).content(result).build());
    ChatCompletion second = client.chat().completions().create(request.build());
    System.out.println(second.choices().get(0).message().content().orElseThrow());
    System.exit(0);
  }

  static String weather(String arguments) {
    return "sunny";
  }
}
