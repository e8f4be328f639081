package dev.tallyspan.openai;

import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.StreamResponse;
import dev.tallyspan.api.Guard;
import dev.tallyspan.api.Operation;
import io.opentelemetry.context.Scope;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What happens when a method of a service is called. */
interface Route {

  /** The method itself. */
  interface Call {
    @Nullable Object run() throws Throwable;
  }

  /**
   * @param argument the first; null if there is none
   */
  @Nullable Object take(@Nullable Object argument, Call call) throws Throwable;

  /** The method returns another service, which is wrapped. */
  static <T> Route result(Guard guard, Class<T> type, UnaryOperator<T> wrapper) {
    return (argument, call) -> {
      Object service = call.run();
      if (!type.isInstance(service)) {
        return service;
      }
      T wrapped = guard.get(() -> wrapper.apply(type.cast(service)));
      return wrapped == null ? service : wrapped;
    };
  }

  /** The method returns the response. */
  static <O extends Operation<O>> Route call(Recorder<O> recorder) {
    return traced(
        recorder,
        /* stream= */ false,
        (operation, response) -> {
          finish(recorder, operation, response);
          return response;
        });
  }

  /** The method returns a future of the response. */
  static <O extends Operation<O>> Route callAsync(Recorder<O> recorder) {
    return traced(
        recorder,
        /* stream= */ false,
        (operation, result) ->
            result instanceof CompletableFuture<?> future
                ? traced(recorder, operation, future)
                : ended(operation, result));
  }

  /** The method returns a stream. */
  static <O extends Operation<O>> Route stream(Recorder<O> recorder) {
    return traced(
        recorder,
        /* stream= */ true,
        (operation, result) ->
            result instanceof StreamResponse<?> stream
                ? new TracedStream<>(stream, recorder, operation)
                : ended(operation, result));
  }

  /** The method returns a stream that is pushed. */
  static <O extends Operation<O>> Route streamAsync(Recorder<O> recorder) {
    return traced(
        recorder,
        /* stream= */ true,
        (operation, result) ->
            result instanceof AsyncStreamResponse<?> stream
                ? new TracedAsyncStream<>(stream, recorder, operation)
                : ended(operation, result));
  }

  /** What becomes of the value that a traced method returns. */
  @FunctionalInterface
  interface Returned<O> {
    @Nullable Object value(O operation, @Nullable Object returned);
  }

  /** Calls the method within an operation, which the value that it returns then ends. */
  @SuppressWarnings("try") // the scope is only closed
  private static <O extends Operation<O>> Route traced(
      Recorder<O> recorder, boolean stream, Returned<O> returned) {
    return (argument, call) -> {
      O operation = recorder.guard().get(() -> recorder.start(argument, stream));
      if (operation == null) {
        return call.run();
      }
      Object result;
      try (Scope scope = operation.makeCurrent()) {
        result = call.run();
      } catch (Throwable t) {
        operation.fail(t).close();
        throw t;
      }
      return returned.value(operation, result);
    };
  }

  private static @Nullable Object ended(Operation<?> operation, @Nullable Object result) {
    operation.end();
    return result;
  }

  private static <O extends Operation<O>, R> CompletableFuture<R> traced(
      Recorder<O> recorder, O operation, CompletableFuture<R> future) {
    // Completes after the recording: who waits for it finds the span ended.
    CompletableFuture<R> traced = new CompletableFuture<>();
    future.whenComplete(
        (response, error) -> {
          if (error == null) {
            finish(recorder, operation, response);
            traced.complete(response);
          } else {
            operation.fail(error).close();
            traced.completeExceptionally(error);
          }
        });
    traced.whenComplete(
        (response, error) -> {
          if (traced.isCancelled()) {
            operation.fail(error).close();
            future.cancel(true);
          }
        });
    return traced;
  }

  private static <O extends Operation<O>> void finish(
      Recorder<O> recorder, O operation, @Nullable Object response) {
    if (response != null) {
      recorder.guard().run(() -> recorder.response(operation, response));
    }
    operation.end();
  }
}
