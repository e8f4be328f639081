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

  /** Returns options of a client that is traced. Everything else is as by default. */
  public static ClientOptions clientOptions(GenAi genAi) {
    return wrap(genAi, ClientOptions.builder().build());
  }

  /**
   * Returns the options, of a client that is traced. If they have an HTTP client, it stays in use,
   * with its interceptors within the span of a request.
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
