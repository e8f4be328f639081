package dev.tallyspan.googlegenai;

import dev.tallyspan.api.ChatCall;
import dev.tallyspan.api.GenAi;
import dev.tallyspan.api.Guard;
import dev.tallyspan.api.Operation;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/*
 * The SDK's clients, models and chats are final classes with final fields, which leaves no place for
 * a wrapper. What it lets an application provide is the HTTP client, and all that a span needs passes
 * through it: the request as it is sent, after the SDK has converted it, and the response before the
 * SDK has dropped what it does not know. So the calls are traced there, whatever method of the SDK
 * makes them.
 *
 * The interceptor is the first one. The SDK appends its own, which retries, so that all attempts are
 * within one call here.
 */
/** Writes a span for each request that has a recorder. */
final class TracingInterceptor implements Interceptor {

  /** Errors are short; more of one is not looked at. */
  private static final int MAX_ERROR_BYTES = 64 * 1024;

  private final Guard guard;
  private final CallerContexts contexts;
  private final Contents contents;
  private final Contents streamedContents;
  private final Embeddings embeddings;

  TracingInterceptor(GenAi genAi, CallerContexts contexts) {
    guard = genAi.guard();
    this.contexts = contexts;
    contents = new Contents(genAi, /* stream= */ false);
    streamedContents = new Contents(genAi, /* stream= */ true);
    embeddings = new Embeddings(genAi);
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Endpoint endpoint = guard.get(() -> Endpoint.of(chain.request().url()));
    if (endpoint == null) {
      return chain.proceed(chain.request());
    }
    return switch (endpoint.method()) {
      case "generateContent" -> traced(chain, endpoint, contents);
      case "streamGenerateContent" -> stream(chain, endpoint);
      case "embedContent", "batchEmbedContents", "predict" -> traced(chain, endpoint, embeddings);
      default -> chain.proceed(chain.request());
    };
  }

  private <O extends Operation<O>> Response traced(
      Chain chain, Endpoint endpoint, Recorder<O> recorder) throws IOException {
    O operation = start(chain, endpoint, recorder);
    if (operation == null) {
      return chain.proceed(chain.request());
    }
    try {
      Response response = proceed(chain, operation);
      ResponseBody body = response.body();
      if (!response.isSuccessful() || body == null) {
        return response;
      }
      // The SDK reads all of it, too.
      MediaType type = body.contentType();
      byte[] bytes = body.bytes();
      guard.run(() -> recorder.response(operation, bytes));
      operation.end();
      return response.newBuilder().body(ResponseBody.create(bytes, type)).build();
    } catch (Throwable t) {
      operation.fail(t);
      throw t;
    } finally {
      operation.close();
    }
  }

  private Response stream(Chain chain, Endpoint endpoint) throws IOException {
    ChatCall call = start(chain, endpoint, streamedContents);
    if (call == null) {
      return chain.proceed(chain.request());
    }
    Response response;
    try {
      response = proceed(chain, call);
    } catch (Throwable t) {
      call.fail(t).close();
      throw t;
    }
    ResponseBody body = response.body();
    if (!response.isSuccessful() || body == null) {
      call.close();
      return response;
    }
    return response
        .newBuilder()
        .body(new TracedEvents(body, new ContentStream(call), call, guard))
        .build();
  }

  private <O extends Operation<O>> @Nullable O start(
      Chain chain, Endpoint endpoint, Recorder<O> recorder) {
    Context parent = contexts.take(chain.call());
    return guard.get(
        () -> {
          HttpUrl url = chain.request().url();
          return recorder.start(endpoint, url, bytes(chain.request()), parent);
        });
  }

  /** Makes the call within the operation. A response that is an error fails it. */
  @SuppressWarnings("try") // the scope is only closed
  private Response proceed(Chain chain, Operation<?> operation) throws IOException {
    Response response;
    try (Scope scope = operation.makeCurrent()) {
      response = chain.proceed(chain.request());
    }
    if (!response.isSuccessful()) {
      operation.fail(String.valueOf(response.code()));
      guard.run(() -> operation.fail(status(response)));
    }
    return response;
  }

  /** Google's name of the error, such as {@code RESOURCE_EXHAUSTED}; null if there is none. */
  private static @Nullable String status(Response response) {
    try (ResponseBody start = response.peekBody(MAX_ERROR_BYTES)) {
      return Json.text(Json.of(start.bytes()), "error", "status");
    } catch (IOException e) {
      return null; // the code is the error
    }
  }

  private static byte[] bytes(Request request) {
    RequestBody body = request.body();
    if (body == null || body.isOneShot()) {
      return new byte[0];
    }
    try {
      Buffer buffer = new Buffer();
      body.writeTo(buffer);
      return buffer.readByteArray();
    } catch (IOException e) {
      return new byte[0];
    }
  }
}
