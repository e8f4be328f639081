package dev.tallyspan.collector.exporter;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Reads a response body of limited size. The result for a larger body is null, and the rest of it
 * is not read. The JDK's HTTP client calls the methods one after another, on its threads.
 */
public final class CappedBody implements BodySubscriber<byte @Nullable []> {
  private final int limit;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final CompletableFuture<byte @Nullable []> future = new CompletableFuture<>();

  /** Set before any other call, as Flow.Subscriber requires. */
  @SuppressWarnings("NullAway.Init")
  private Flow.Subscription subscription;

  /**
   * @param limit the greatest size of the body, in bytes
   */
  public CappedBody(int limit) {
    this.limit = limit;
  }

  @Override
  public CompletionStage<byte @Nullable []> getBody() {
    return future;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (body.size() + buffer.remaining() > limit) {
        subscription.cancel();
        future.complete(null);
        return;
      }
      byte[] piece = new byte[buffer.remaining()];
      buffer.get(piece);
      body.writeBytes(piece);
    }
  }

  @Override
  public void onError(Throwable failure) {
    future.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    future.complete(body.toByteArray());
  }
}
