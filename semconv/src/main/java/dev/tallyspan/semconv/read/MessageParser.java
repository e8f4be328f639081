package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.internal.message.PartReader;
import dev.tallyspan.semconv.internal.message.ToolDefinitions;
import io.opentelemetry.api.common.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages and parts in the format of the message schemas or of a provider: OpenAI,
 * Anthropic, Gemini, Bedrock, LangChain, AI SDK. If a text was cut off, the result contains
 * everything up to that point. To write messages, use {@link Messages}.
 */
public final class MessageParser {

  private MessageParser() {}

  /**
   * Reads messages from JSON text; text that is not JSON becomes one message with the role {@code
   * user}.
   *
   * @param text the text to read
   * @return the messages
   */
  public static List<Message> parse(String text) {
    return MessageReader.input().read(Json.of(text));
  }

  /**
   * Reads messages from a structured attribute.
   *
   * @param value the value
   * @return the messages
   */
  public static List<Message> parse(Value<?> value) {
    return MessageReader.input().read(Json.of(value));
  }

  /**
   * Reads parts, as in {@code gen_ai.system_instructions}, from JSON text or plain text.
   *
   * @param text the text to read
   * @return the parts
   */
  public static List<MessagePart> parseParts(String text) {
    return PartReader.readAll(Json.of(text).unwrapOrSelf());
  }

  /**
   * Reads parts from a structured attribute.
   *
   * @param value the value
   * @return the parts
   */
  public static List<MessagePart> parseParts(Value<?> value) {
    return PartReader.readAll(Json.of(value).unwrapOrSelf());
  }

  /**
   * Reads the tools that a model was offered, in the conventions' format or a provider's: OpenAI's,
   * Anthropic's, Gemini's, Bedrock's.
   *
   * @param text JSON text
   * @return the definitions as a list in the conventions' format; null if there are none
   */
  public static @Nullable Value<?> parseToolDefinitions(String text) {
    return ToolDefinitions.read(Json.of(text));
  }

  /**
   * Reads the tools that a model was offered, from a structured value.
   *
   * @param value the value
   * @return the definitions as a list in the conventions' format; null if there are none
   */
  public static @Nullable Value<?> parseToolDefinitions(Value<?> value) {
    return ToolDefinitions.read(Json.of(value));
  }
}
