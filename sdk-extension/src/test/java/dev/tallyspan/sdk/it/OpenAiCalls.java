package dev.tallyspan.sdk.it;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import java.util.List;
import java.util.function.UnaryOperator;

/** What the test application asks of its provider. */
final class OpenAiCalls implements AutoCloseable {

  static final String CHAT_MODEL = "gpt-4o-mini";
  static final String EMBEDDING_MODEL = "text-embedding-3-small";
  static final String BUSY_MODEL = "busy";

  private final OpenAIClient client;

  OpenAiCalls(String baseUrl) {
    this(OpenAIOkHttpClient.builder().baseUrl(baseUrl).apiKey("none").maxRetries(0).build());
  }

  OpenAiCalls(OpenAIClient client) {
    this.client = client;
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

  ChatCompletion chatWithTool(String model) {
    return client.chat().completions().create(withTool(question(model)).build());
  }

  /** A streamed chat that is answered with a call of the tool, its execution, and the next chat. */
  List<ChatCompletionChunk> streamedToolLoop(String model, UnaryOperator<String> tool) {
    ChatCompletionCreateParams.Builder request =
        withTool(question(model))
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
    ChatCompletionAccumulator first = ChatCompletionAccumulator.create();
    try (var response = client.chat().completions().createStreaming(request.build())) {
      response.stream().forEach(first::accumulate);
    }
    var message = first.chatCompletion().choices().get(0).message();
    var call = message.toolCalls().orElseThrow().get(0).asFunction();
    request
        .addMessage(message)
        .addMessage(
            ChatCompletionToolMessageParam.builder()
                .toolCallId(call.id())
                .content(tool.apply(call.function().arguments()))
                .build());
    try (var response = client.chat().completions().createStreaming(request.build())) {
      return response.stream().toList();
    }
  }

  Response response(String model) {
    return client
        .responses()
        .create(ResponseCreateParams.builder().model(model).input("How is the weather?").build());
  }

  List<ResponseStreamEvent> streamedResponse(String model) {
    ResponseCreateParams request =
        ResponseCreateParams.builder().model(model).input("How is the weather?").build();
    try (var response = client.responses().createStreaming(request)) {
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

  private static ChatCompletionCreateParams.Builder withTool(
      ChatCompletionCreateParams.Builder request) {
    return request.addFunctionTool(
        FunctionDefinition.builder()
            .name("get_weather")
            .parameters(
                FunctionParameters.builder()
                    .putAdditionalProperty("type", JsonValue.from("object"))
                    .build())
            .build());
  }

  private static ChatCompletionCreateParams.Builder question(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("How is the weather?");
  }
}
