package dev.tallyspan.spring;

import io.micrometer.observation.Observation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;

/**
 * What passes through a stream of a chat client. One stream may have several calls of the model,
 * because Spring AI 1 runs tools within it; the id of the response tells them apart. What has no id
 * is not kept. Thread-safe.
 *
 * <p>The observation of a call starts and stops inside the model, where the chunks cannot be seen,
 * and the chunks pass the advisor, which does not know the observation. They find each other
 * through the advisor's own observation, which is an ancestor of the call's.
 */
final class StreamChunks {

  /** More calls in one stream than an agent makes; the times of further ones are not kept. */
  private static final int MOST_CALLS = 256;

  private final LongSupplier nanos;
  private final Map<String, Chunks> byResponse = new LinkedHashMap<>();

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
    Chunks chunks = byResponse.get(id);
    if (chunks == null) {
      if (byResponse.size() >= MOST_CALLS) {
        return;
      }
      chunks = new Chunks(nanos.getAsLong());
      byResponse.put(id, chunks);
    }
    Usage usage = metadata.getUsage();
    if (usage != null && usage.getNativeUsage() != null && usage.getTotalTokens() > 0) {
      chunks.usage = usage;
    }
  }

  private synchronized @Nullable Chunks of(String id) {
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
    Chunks chunks = stream.of(id);
    Long start = chat.get(StartTime.class);
    return chunks == null || start == null ? null : new Call(chunks, start);
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
   */
  record Call(Chunks chunks, long startNanos) {

    double secondsToFirstChunk() {
      return (chunks.firstNanos - startNanos) / 1e9;
    }

    /** The usage that the provider reported; null if it did not. */
    @Nullable Usage usage() {
      return chunks.usage;
    }
  }

  static final class Chunks {
    private final long firstNanos;
    private volatile @Nullable Usage usage;

    private Chunks(long firstNanos) {
      this.firstNanos = firstNanos;
    }
  }
}
