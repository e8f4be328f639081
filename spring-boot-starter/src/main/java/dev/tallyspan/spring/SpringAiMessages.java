package dev.tallyspan.spring;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.ValueSupport;
import io.opentelemetry.api.common.Value;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.content.Media;
import org.springframework.ai.content.MediaContent;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/** The messages and tools of Spring AI as those of the GenAI conventions. */
final class SpringAiMessages {

  private SpringAiMessages() {}

  static List<Message> input(List<org.springframework.ai.chat.messages.Message> messages) {
    return messages.stream()
        .map(message -> new Message(message.getMessageType().getValue(), parts(message)))
        .toList();
  }

  static List<Message> output(ChatResponse response) {
    List<Message> messages = new ArrayList<>();
    for (Generation generation : response.getResults()) {
      messages.add(
          new Message("assistant", parts(generation.getOutput()))
              .withFinishReason(generation.getMetadata().getFinishReason()));
    }
    return messages;
  }

  /** The tools that the model may call; empty if there are none. */
  static Optional<Value<?>> tools(@Nullable ChatOptions options) {
    if (!(options instanceof ToolCallingChatOptions calling)
        || calling.getToolCallbacks() == null
        || calling.getToolCallbacks().isEmpty()) {
      return Optional.empty();
    }
    List<Value<?>> tools = new ArrayList<>();
    for (ToolCallback callback : calling.getToolCallbacks()) {
      tools.add(tool(callback.getToolDefinition()));
    }
    return Optional.of(Value.of(tools));
  }

  private static Value<?> tool(ToolDefinition definition) {
    Map<String, Value<?>> tool = new LinkedHashMap<>();
    tool.put("type", Value.of("function"));
    tool.put("name", Value.of(definition.name()));
    if (definition.description() != null) {
      tool.put("description", Value.of(definition.description()));
    }
    if (definition.inputSchema() != null) {
      tool.put("parameters", ValueSupport.fromJson(definition.inputSchema()));
    }
    return Value.of(tool);
  }

  private static List<MessagePart> parts(org.springframework.ai.chat.messages.Message message) {
    List<MessagePart> parts = new ArrayList<>();
    if (message.getText() != null && !message.getText().isEmpty()) {
      parts.add(new MessagePart.Text(message.getText()));
    }
    if (message instanceof MediaContent content && content.getMedia() != null) {
      content.getMedia().forEach(media -> parts.add(part(media)));
    }
    if (message instanceof AssistantMessage assistant && assistant.getToolCalls() != null) {
      assistant
          .getToolCalls()
          .forEach(
              call ->
                  parts.add(
                      MessagePart.ToolCall.of(
                          blankToNull(call.id()), call.name(), call.arguments())));
    }
    if (message instanceof ToolResponseMessage results) {
      results
          .getResponses()
          .forEach(
              result ->
                  parts.add(
                      MessagePart.ToolCallResponse.of(
                          blankToNull(result.id()), result.responseData())));
    }
    return parts;
  }

  private static MessagePart part(Media media) {
    String type = media.getMimeType() == null ? null : media.getMimeType().toString();
    Object data = media.getData();
    if (data instanceof byte[] bytes) {
      return MessagePart.Blob.of(type, bytes);
    }
    return MessagePart.Uri.of(
        type, data instanceof String || data instanceof URI ? data.toString() : null);
  }

  private static @Nullable String blankToNull(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }
}
