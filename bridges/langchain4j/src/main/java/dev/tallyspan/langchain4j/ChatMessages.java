package dev.tallyspan.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.data.pdf.PdfFile;
import dev.langchain4j.data.video.Video;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import io.opentelemetry.api.common.Value;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts LangChain4j's messages. */
final class ChatMessages {

  private ChatMessages() {}

  /** Null for a message of a type that is not known. */
  static @Nullable Message message(ChatMessage message) {
    if (message instanceof UserMessage user) {
      return new Message("user", parts(user.contents()), user.name(), null, Map.of());
    }
    if (message instanceof AiMessage assistant) {
      return assistant(assistant);
    }
    if (message instanceof SystemMessage system) {
      return Message.system(system.text());
    }
    if (message instanceof ToolExecutionResultMessage result) {
      return toolResult(result);
    }
    if (message instanceof CustomMessage custom
        && custom.attributes().get("role") instanceof String role) {
      Object content = custom.attributes().get("content");
      return Message.text(role, content == null ? null : content.toString());
    }
    return null;
  }

  private static Message assistant(AiMessage assistant) {
    Message message = Message.assistant().reasoning(assistant.thinking()).and(assistant.text());
    for (ToolExecutionRequest call : assistant.toolExecutionRequests()) {
      message = message.toolCall(call.id(), call.name(), call.arguments());
    }
    for (Image image : assistant.images()) {
      message = message.and(image(image));
    }
    return message;
  }

  private static Message toolResult(ToolExecutionResultMessage result) {
    if (result.hasSingleText()) {
      return Message.toolResult(result.id(), result.text());
    }
    List<Value<?>> texts = new ArrayList<>();
    for (Content content : result.contents()) {
      if (content instanceof TextContent text) {
        texts.add(Value.of(text.text()));
      } else {
        texts.add(Value.of("[" + content.type().name().toLowerCase(java.util.Locale.ROOT) + "]"));
      }
    }
    return new Message(
        "tool", List.of(new MessagePart.ToolCallResponse(result.id(), Value.of(texts), Map.of())));
  }

  private static List<MessagePart> parts(List<Content> contents) {
    List<MessagePart> parts = new ArrayList<>(contents.size());
    for (Content content : contents) {
      MessagePart part = part(content);
      if (part != null) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static @Nullable MessagePart part(Content content) {
    if (content instanceof TextContent text) {
      return new MessagePart.Text(text.text());
    }
    if (content instanceof ImageContent image) {
      return image(image.image());
    }
    if (content instanceof AudioContent audio) {
      Audio it = audio.audio();
      String base64 = it.base64Data();
      return base64 == null && it.binaryData() != null
          ? MessagePart.Blob.of(it.mimeType(), it.binaryData())
          : part("audio", it.mimeType(), base64, it.url());
    }
    if (content instanceof VideoContent video) {
      Video it = video.video();
      return part("video", it.mimeType(), it.base64Data(), it.url());
    }
    if (content instanceof PdfFileContent pdf) {
      PdfFile it = pdf.pdfFile();
      return part("document", it.mimeType(), it.base64Data(), it.url());
    }
    return null;
  }

  private static @Nullable MessagePart image(Image image) {
    return part("image", image.mimeType(), image.base64Data(), image.url());
  }

  private static @Nullable MessagePart part(
      String modality, @Nullable String mimeType, @Nullable String base64, @Nullable URI url) {
    if (base64 != null) {
      return new MessagePart.Blob(mimeType, modality, base64, Map.of());
    }
    return url == null ? null : new MessagePart.Uri(mimeType, modality, url.toString(), Map.of());
  }
}
