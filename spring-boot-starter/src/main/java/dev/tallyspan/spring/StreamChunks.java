package dev.tallyspan.spring;

import io.micrometer.observation.Observation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;

/**
 * What passes through a stream of a chat client. One stream may have several calls of the model,
 * because Spring AI 1 runs tools within it; the id of the response tells them apart. What has no id
 * is not kept. Thread-safe.
 *
 * <p>The observation of a call starts and stops inside the model, where the chunks cannot be seen,
 * and the chunks pass the advisor, which does not know the observation. They find each other
 * through the advisor's own observation, which is an ancestor of the call's. Chunks change threads
 * between the two, so the last ones may come after the observation has stopped: a stream that ends
 * within moments of its first chunk may have no time.
 */
final class StreamChunks {

  /** More calls in one stream than an agent makes; the times of further ones are not kept. */
  private static final int MOST_CALLS = 256;

  private final LongSupplier nanos;
  private final Map<String, Long> byResponse = new LinkedHashMap<>();

  StreamChunks(LongSupplier nanos) {
    this.nanos = nanos;
  }

  synchronized void add(@Nullable ChatResponse chunk) {
    ChatResponseMetadata metadata = chunk == null ? null : chunk.getMetadata();
    if (metadata == null) {
      return;
    }
    String id = metadata.getId();
    if (id == null || id.isEmpty()) {
      return;
    }
    if (byResponse.size() < MOST_CALLS) {
      byResponse.computeIfAbsent(id, first -> nanos.getAsLong());
    }
  }

  private synchronized @Nullable Long of(String id) {
    return byResponse.get(id);
  }

  /** Returns the call in the stream that it is part of; null if it is not known to be streamed. */
  static @Nullable Call callOf(ChatModelObservationContext chat) {
    StreamChunks stream =
        Ancestors.first(chat, context -> context.<@Nullable StreamChunks>get(StreamChunks.class));
    ChatResponse response = chat.getResponse();
    String id = response == null ? null : response.getMetadata().getId();
    if (stream == null || id == null || id.isEmpty()) {
      return null;
    }
    Long first = stream.of(id);
    Long start = chat.get(StartTime.class);
    return first == null || start == null ? null : new Call(start, first);
  }

  /** The key of the time when a call started. */
  static final class StartTime {
    private StartTime() {}
  }

  /** Keeps the time when a call starts, which is that of its first chunk's clock. */
  static void started(Observation.Context context, LongSupplier nanos) {
    context.put(StartTime.class, nanos.getAsLong());
  }

  /**
   * One call of the model.
   *
   * @param startNanos when it started
   * @param firstNanos when its first chunk came
   */
  record Call(long startNanos, long firstNanos) {

    double secondsToFirstChunk() {
      return (firstNanos - startNanos) / 1e9;
    }
  }
}
