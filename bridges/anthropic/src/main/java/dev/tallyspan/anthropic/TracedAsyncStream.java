package dev.tallyspan.anthropic;

import com.anthropic.core.http.AsyncStreamResponse;
import dev.tallyspan.api.Operation;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A stream that records what it pushes. Its operation ends with it, or when it is closed. */
final class TracedAsyncStream<T, O extends Operation<O>> implements AsyncStreamResponse<T> {

  private final AsyncStreamResponse<T> response;
  private final Consumer<Object> recorder;
  private final O operation;

  TracedAsyncStream(AsyncStreamResponse<T> response, Consumer<Object> recorder, O operation) {
    this.response = response;
    this.recorder = recorder;
    this.operation = operation;
    // A request that fails before there is a subscriber, and a stream that is closed.
    response
        .onCompleteFuture()
        .whenComplete(
            (nothing, error) -> {
              if (error != null) {
                operation.fail(error);
              }
              operation.close();
            });
  }

  @Override
  public AsyncStreamResponse<T> subscribe(Handler<? super T> handler) {
    response.subscribe(new Recording(handler));
    return this;
  }

  @Override
  public AsyncStreamResponse<T> subscribe(Handler<? super T> handler, Executor executor) {
    response.subscribe(new Recording(handler), executor);
    return this;
  }

  @Override
  public CompletableFuture<Void> onCompleteFuture() {
    return response.onCompleteFuture();
  }

  @Override
  public void close() {
    try {
      response.close();
    } finally {
      operation.close();
    }
  }

  private final class Recording implements Handler<T> {
    private final Handler<? super T> handler;

    Recording(Handler<? super T> handler) {
      this.handler = handler;
    }

    @Override
    public void onNext(T chunk) {
      recorder.accept(chunk);
      handler.onNext(chunk);
    }

    @Override
    public void onComplete(Optional<Throwable> error) {
      if (error.isPresent()) {
        operation.fail(error.get()).close();
      } else {
        operation.end();
      }
      handler.onComplete(error);
    }
  }
}
