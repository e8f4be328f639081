package dev.tallyspan.enrichment.estimate;

import com.knuddels.jtokkit.api.Encoding;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.List;

/**
 * The tokens of a chat of texts, as OpenAI's cookbook counts them ("How to count tokens with
 * tiktoken"): around every message 3 tokens and one for its role, one more for a name, and 3 with
 * which the answer is begun. An answer counts as its text alone.
 *
 * @param input of the request
 * @param output of the answer, all choices together
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

  /** How many characters {@link #count} would go through. */
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

  /** Texts that look like control tokens are counted as the text that they are. */
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
