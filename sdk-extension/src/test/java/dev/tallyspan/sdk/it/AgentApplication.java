package dev.tallyspan.sdk.it;

import com.openai.errors.RateLimitException;

/** An application that knows nothing of tracing; argument: the provider's base URL. */
final class AgentApplication {

  private AgentApplication() {}

  public static void main(String[] args) {
    try (OpenAiCalls calls = new OpenAiCalls(args[0])) {
      calls.chat(OpenAiCalls.CHAT_MODEL);
      calls.streamedChat(OpenAiCalls.CHAT_MODEL);
      calls.embeddings(OpenAiCalls.EMBEDDING_MODEL);
      try {
        calls.chat(OpenAiCalls.BUSY_MODEL);
      } catch (RateLimitException expected) {
        System.out.println("refused with " + expected.statusCode());
      }
    }
    System.exit(0);
  }
}
