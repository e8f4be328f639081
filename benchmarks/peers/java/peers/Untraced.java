import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;

/** A chat with a call of a tool. The other programs are this one, traced. */
public final class Untraced {

  public static void main(String[] args) {
    String url = args[0] + "/v1";
    OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(url).apiKey("none").build();
    ChatCompletionCreateParams.Builder request =
        ChatCompletionCreateParams.builder()
            .model("gpt-4o-mini")
            .addUserMessage("How is the weather?")
            .addFunctionTool(FunctionDefinition.builder().name("get_weather").build());
    ChatCompletion first = client.chat().completions().create(request.build());
    var message = first.choices().get(0).message();
    var call = message.toolCalls().orElseThrow().get(0).asFunction();
    String result = weather(call.function().arguments());
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
