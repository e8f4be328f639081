package dev.tallyspan.spring;

import dev.tallyspan.semconv.GenAiAttributes;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.client.observation.ChatClientObservationContext;

/** The conversation of the chat client, on the spans of everything that it does. */
final class ConversationFacts implements ObservedFacts {

  /** The parameter of an advisor, {@code ChatMemory.CONVERSATION_ID}. */
  private static final String PARAMETER = "chat_memory_conversation_id";

  /** The id of the memory if the application sets none. */
  private static final String NONE = "default";

  @Override
  public boolean isAbout(Observation.ContextView context) {
    return context.getClass().getName().startsWith("org.springframework.ai.");
  }

  @Override
  public void write(Observation.Context context, ObservedSpan span) {
    String conversation = Ancestors.first(context, ConversationFacts::conversationOf);
    if (conversation != null && !conversation.equals(NONE)) {
      span.set(GenAiAttributes.GEN_AI_CONVERSATION_ID.getKey(), conversation);
    }
  }

  private static @Nullable String conversationOf(Observation.ContextView context) {
    if (context instanceof ChatClientObservationContext client) {
      Object id = client.getRequest().context().get(PARAMETER);
      return id == null ? null : id.toString();
    }
    return null;
  }
}
