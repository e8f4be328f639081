package dev.tallyspan.langchain4j;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.rag.query.Query;
import io.opentelemetry.context.Context;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/*
 * Parents. While an AI service runs on the caller's thread, its span is current, and everything
 * finds its parent in the context. A service that returns a stream leaves that thread, and calls its
 * model later, from the thread that starts the stream and from those of the HTTP client. Contexts
 * are lost on that way. What LangChain4j does pass along is the invocation's id, to tools and
 * retrievers; and just before it calls the model, on the same thread, it fires an event with the id
 * and the request. The request is remembered there, until the model is called with it. It is
 * compared by its last message, because models copy the request but not its messages.
 *
 * Both are held weakly: a stream that is never started must not keep its invocation in memory.
 */
/** The invocations of AI services that have not ended, by LangChain4j's id. */
final class Invocations {

  private record Announced(
      WeakReference<ChatMessage> lastMessage, WeakReference<Invocation> invocation) {}

  private static final Map<UUID, Invocation> OPEN =
      Collections.synchronizedMap(new WeakHashMap<>());
  private static final ThreadLocal<Announced> ANNOUNCED = new ThreadLocal<>();

  private Invocations() {}

  static void add(UUID id, Invocation invocation) {
    OPEN.put(id, invocation);
  }

  static @Nullable Invocation get(@Nullable UUID id) {
    return id == null ? null : OPEN.get(id);
  }

  static void remove(UUID id) {
    OPEN.remove(id);
  }

  /** The model is about to be called with a request, on this thread. */
  static void announce(@Nullable UUID id, ChatRequest request) {
    Invocation invocation = get(id);
    if (invocation != null) {
      ANNOUNCED.set(
          new Announced(new WeakReference<>(last(request)), new WeakReference<>(invocation)));
    }
  }

  /** The invocation that calls the model with this request; null if there is none. */
  static @Nullable Invocation ownerOf(ChatRequest request) {
    Announced announced = ANNOUNCED.get();
    return announced != null && announced.lastMessage.get() == last(request)
        ? announced.invocation.get()
        : null;
  }

  /** The context for a call; null for the current one. */
  static @Nullable Context parentOf(ChatRequest request) {
    Invocation owner = ownerOf(request);
    ANNOUNCED.remove();
    return owner == null ? null : owner.context();
  }

  /** The context for a search; null for the current one. */
  static @Nullable Context parentOf(Query query) {
    if (query.metadata() == null || query.metadata().invocationContext() == null) {
      return null;
    }
    Invocation owner = get(query.metadata().invocationContext().invocationId());
    return owner == null ? null : owner.context();
  }

  private static ChatMessage last(ChatRequest request) {
    List<ChatMessage> messages = request.messages();
    return messages.get(messages.size() - 1);
  }
}
