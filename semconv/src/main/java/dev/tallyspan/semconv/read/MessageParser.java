package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.internal.message.PartReader;
import io.opentelemetry.api.common.Value;
import java.util.List;

/**
 * Reads messages and parts in the schema's shape or in a provider's: OpenAI, Anthropic, Gemini,
 * Bedrock, LangChain, AI SDK. A text that was cut off gives what it held; {@link Messages} writes
 * them.
 */
public final class MessageParser {

  private MessageParser() {}

  /** Reads messages from JSON text; a text that is no JSON is one message of the user. */
  public static List<Message> parse(String text) {
    return MessageReader.input().read(Json.of(text));
  }

  /** Reads messages from a structured attribute. */
  public static List<Message> parse(Value<?> value) {
    return MessageReader.input().read(Json.of(value));
  }

  /** Reads parts, such as {@code gen_ai.system_instructions} holds, from JSON text or text. */
  public static List<MessagePart> parseParts(String text) {
    return PartReader.readAll(Json.of(text).unwrapOrSelf());
  }

  /** Reads parts from a structured attribute. */
  public static List<MessagePart> parseParts(Value<?> value) {
    return PartReader.readAll(Json.of(value).unwrapOrSelf());
  }
}
