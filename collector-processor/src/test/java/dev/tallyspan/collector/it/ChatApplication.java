package dev.tallyspan.collector.it;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

/** An application that knows nothing of tracing; argument: the provider's base URL. */
final class ChatApplication {

  private ChatApplication() {}

  public static void main(String[] args) {
    OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(args[0]).apiKey("none").build();
    client
        .chat()
        .completions()
        .create(
            ChatCompletionCreateParams.builder()
                .model("gpt-4o-mini")
                .addUserMessage("How is the weather?")
                .build());
    client.close();
    System.exit(0);
  }
}
