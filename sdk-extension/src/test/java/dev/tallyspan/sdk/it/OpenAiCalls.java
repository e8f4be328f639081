package dev.tallyspan.sdk.it;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.util.List;

/** What the test application asks of its provider. */
final class OpenAiCalls implements AutoCloseable {

  static final String CHAT_MODEL = "gpt-4o-mini";
  static final String EMBEDDING_MODEL = "text-embedding-3-small";
  static final String BUSY_MODEL = "busy";

  private final OpenAIClient client;

  OpenAiCalls(String baseUrl) {
    client = OpenAIOkHttpClient.builder().baseUrl(baseUrl).apiKey("none").maxRetries(0).build();
  }

  ChatCompletion chat(String model) {
    return client.chat().completions().create(question(model).build());
  }

  List<ChatCompletionChunk> streamedChat(String model) {
    ChatCompletionStreamOptions options =
        ChatCompletionStreamOptions.builder().includeUsage(true).build();
    ChatCompletionCreateParams request = question(model).streamOptions(options).build();
    try (var response = client.chat().completions().createStreaming(request)) {
      return response.stream().toList();
    }
  }

  CreateEmbeddingResponse embeddings(String model) {
    return client
        .embeddings()
        .create(EmbeddingCreateParams.builder().model(model).input("a text").build());
  }

  @Override
  public void close() {
    client.close();
  }

  private static ChatCompletionCreateParams.Builder question(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("How is the weather?");
  }
}
