package dev.tallyspan.openai;

import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.StreamResponse;
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
  static <T> Route result(Class<T> type, UnaryOperator<T> wrapper) {
    return (argument, call) -> {
      Object service = call.run();
      if (!type.isInstance(service)) {
        return service;
      }
      T wrapped = Guard.get(() -> wrapper.apply(type.cast(service)));
      return wrapped == null ? service : wrapped;
    };
  }

  /** The method returns the response. */
  @SuppressWarnings("try") // the scope is only closed
  static <O extends Operation<O>> Route call(Recorder<O> recorder) {
    return (argument, call) -> {
      O operation = Guard.get(() -> recorder.start(argument, /* stream= */ false));
      if (operation == null) {
        return call.run();
      }
      Object response;
      try (Scope scope = operation.makeCurrent()) {
        response = call.run();
      } catch (Throwable t) {
        operation.fail(t).close();
        throw t;
      }
      finish(recorder, operation, response);
      return response;
    };
  }

  /** The method returns a future of the response. */
  @SuppressWarnings("try") // the scope is only closed
  static <O extends Operation<O>> Route callAsync(Recorder<O> recorder) {
    return (argument, call) -> {
      O operation = Guard.get(() -> recorder.start(argument, /* stream= */ false));
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
      if (result instanceof CompletableFuture<?> future) {
        return traced(recorder, operation, future);
      }
      operation.end();
      return result;
    };
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
      Guard.run(() -> recorder.response(operation, response));
    }
    operation.end();
  }

  /** The method returns a stream. */
  @SuppressWarnings("try") // the scope is only closed
  static <O extends Operation<O>> Route stream(Recorder<O> recorder) {
    return (argument, call) -> {
      O operation = Guard.get(() -> recorder.start(argument, /* stream= */ true));
      if (operation == null) {
        return call.run();
      }
      try (Scope scope = operation.makeCurrent()) {
        Object result = call.run();
        if (result instanceof StreamResponse<?> stream) {
          return new TracedStream<>(stream, recorder, operation);
        }
        operation.end();
        return result;
      } catch (Throwable t) {
        operation.fail(t).close();
        throw t;
      }
    };
  }

  /** The method returns a stream that is pushed. */
  @SuppressWarnings("try") // the scope is only closed
  static <O extends Operation<O>> Route streamAsync(Recorder<O> recorder) {
    return (argument, call) -> {
      O operation = Guard.get(() -> recorder.start(argument, /* stream= */ true));
      if (operation == null) {
        return call.run();
      }
      try (Scope scope = operation.makeCurrent()) {
        Object result = call.run();
        if (result instanceof AsyncStreamResponse<?> stream) {
          return new TracedAsyncStream<>(stream, recorder, operation);
        }
        operation.end();
        return result;
      } catch (Throwable t) {
        operation.fail(t).close();
        throw t;
      }
    };
  }
}
