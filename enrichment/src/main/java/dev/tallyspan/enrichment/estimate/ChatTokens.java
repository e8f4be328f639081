package dev.tallyspan.enrichment.estimate;

import com.knuddels.jtokkit.api.Encoding;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.List;

/**
 * The tokens of a chat that consists of texts, as counted in OpenAI's cookbook ("How to count
 * tokens with tiktoken"): 3 tokens around each message and 1 for its role, 1 more for a name, and 3
 * that begin the answer. An answer counts as its text only.
 *
 * @param input of the request
 * @param output of all choices of the answer
 */
record ChatTokens(long input, long output) {

  private static final int AROUND_MESSAGE = 3;
  private static final int ROLE = 1;
  private static final int NAME = 1;
  private static final int BEGINNING_OF_ANSWER = 3;

  static ChatTokens count(LlmSpan chat, Encoding encoding) {
    long input = BEGINNING_OF_ANSWER;
    if (!chat.systemInstructions().isEmpty()) {
      input += AROUND_MESSAGE + ROLE + texts(chat.systemInstructions(), encoding);
    }
    for (Message message : chat.inputMessages()) {
      input += AROUND_MESSAGE + ROLE + texts(message.parts(), encoding);
      if (message.name() != null) {
        input += NAME + encoding.countTokensOrdinary(message.name());
      }
    }
    long output = 0;
    for (Message message : chat.outputMessages()) {
      output += texts(message.parts(), encoding);
    }
    return new ChatTokens(input, output);
  }

  /** Returns the number of characters that {@link #count} would read. */
  static long characters(LlmSpan chat) {
    long characters = characters(chat.systemInstructions());
    for (Message message : chat.inputMessages()) {
      characters += characters(message.parts());
    }
    for (Message message : chat.outputMessages()) {
      characters += characters(message.parts());
    }
    return characters;
  }

  /** Counts texts that look like control tokens as ordinary text. */
  private static long texts(List<MessagePart> parts, Encoding encoding) {
    long tokens = 0;
    for (MessagePart part : parts) {
      if (part instanceof MessagePart.Text text) {
        tokens += encoding.countTokensOrdinary(text.content());
      }
    }
    return tokens;
  }

  private static long characters(List<MessagePart> parts) {
    long characters = 0;
    for (MessagePart part : parts) {
      if (part instanceof MessagePart.Text text) {
        characters += text.content().length();
      }
    }
    return characters;
  }
}
