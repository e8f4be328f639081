package dev.tallyspan.sdk.it;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.JsonValue;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.Tool;
import java.util.List;

/** What the test application asks of Anthropic. */
final class AnthropicCalls {

  static final String MODEL = "claude-sonnet-4-5";

  private final AnthropicClient client;

  AnthropicCalls(AnthropicClient client) {
    this.client = client;
  }

  Message chat() {
    return client.messages().create(question().build());
  }

  List<RawMessageStreamEvent> streamedChat() {
    try (var response = client.messages().createStreaming(question().build())) {
      return response.stream().toList();
    }
  }

  Message chatWithTool() {
    Tool.InputSchema schema =
        Tool.InputSchema.builder().putAdditionalProperty("title", JsonValue.from("City")).build();
    Tool tool = Tool.builder().name("get_weather").inputSchema(schema).build();
    return client.messages().create(question().addTool(tool).build());
  }

  private static MessageCreateParams.Builder question() {
    return MessageCreateParams.builder()
        .model(MODEL)
        .maxTokens(100)
        .addUserMessage("How is the weather?");
  }
}
