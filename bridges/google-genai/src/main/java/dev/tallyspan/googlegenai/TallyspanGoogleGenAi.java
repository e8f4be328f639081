package dev.tallyspan.googlegenai;

import static java.util.Objects.requireNonNull;

import com.google.genai.types.ClientOptions;
import dev.tallyspan.api.GenAi;
import java.time.Duration;
import okhttp3.OkHttpClient;

/**
 * Traces the Google Gen AI SDK for Java.
 *
 * <pre>{@code
 * Client client = Client.builder().clientOptions(TallyspanGoogleGenAi.clientOptions(genAi)).build();
 * }</pre>
 *
 * <p>Each request for content, streamed or not, blocking or asynchronous, of a chat or not, writes
 * a span, and so does each request for embeddings. A retry by the SDK belongs to the span of its
 * request. With automatic function calling there is a span for each request to the model. All other
 * requests are not traced.
 */
public final class TallyspanGoogleGenAi {

  private TallyspanGoogleGenAi() {}

  /**
   * Creates options of a client that is traced.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @return options that are otherwise the SDK's own
   * @throws NullPointerException if an argument is null
   */
  public static ClientOptions clientOptions(GenAi genAi) {
    return wrap(genAi, ClientOptions.builder().build());
  }

  /**
   * Adds tracing to options of a client. If they have an HTTP client, its pool of connections and
   * its interceptors stay in use, the interceptors within the span of a request.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @param options are not changed
   * @return the same options with an HTTP client that is traced; with one that is already, as they
   *     were
   * @throws NullPointerException if an argument is null
   */
  public static ClientOptions wrap(GenAi genAi, ClientOptions options) {
    requireNonNull(genAi, "genAi");
    OkHttpClient http =
        options.customHttpClient().orElseGet(TallyspanGoogleGenAi::httpClientOfTheSdk);
    return options.toBuilder().customHttpClient(traced(genAi, http)).build();
  }

  /** Without timeouts, as the one that the SDK creates: a model may think for minutes. */
  private static OkHttpClient httpClientOfTheSdk() {
    return new OkHttpClient.Builder()
        .connectTimeout(Duration.ZERO)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .build();
  }

  private static OkHttpClient traced(GenAi genAi, OkHttpClient http) {
    if (http.interceptors().stream().anyMatch(TracingInterceptor.class::isInstance)) {
      return http;
    }
    CallerContexts contexts = new CallerContexts(http.eventListenerFactory(), genAi.guard());
    OkHttpClient.Builder traced = http.newBuilder().eventListenerFactory(contexts);
    traced.interceptors().add(0, new TracingInterceptor(genAi, contexts));
    return traced.build();
  }
}
