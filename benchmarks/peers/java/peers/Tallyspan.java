import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import dev.tallyspan.api.CatalogCosts;
import dev.tallyspan.api.ContentCapture;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.ToolRun;
import dev.tallyspan.openai.TallyspanOpenAi;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;

/** With the bridge and the tracing API. */
public final class Tallyspan {

  public static void main(String[] args) {
    String url = args[0] + "/v1";
    OpenTelemetry otel = AutoConfiguredOpenTelemetrySdk.initialize().getOpenTelemetrySdk();
    GenAi genAi =
        GenAi.builder(otel).content(ContentCapture.ALL).costs(CatalogCosts.shipped()).build();
    OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(url).apiKey("none").build();
    client = TallyspanOpenAi.wrap(genAi, client);
    genAi.identity().session("s-42").user("u-7").makeCurrent();
    ChatCompletionCreateParams.Builder request =
        ChatCompletionCreateParams.builder()
            .model("gpt-4o-mini")
            .addUserMessage("How is the weather?")
            .addFunctionTool(FunctionDefinition.builder().name("get_weather").build());
    ChatCompletion first = client.chat().completions().create(request.build());
    var message = first.choices().get(0).message();
    var call = message.toolCalls().orElseThrow().get(0).asFunction();
    ToolRun tool =
        genAi.tool("get_weather").callId(call.id()).arguments(call.function().arguments()).start();
    String result = weather(call.function().arguments());
    tool.result(result).close();
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
