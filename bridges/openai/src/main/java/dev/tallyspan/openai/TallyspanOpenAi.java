package dev.tallyspan.openai;

import static java.util.Objects.requireNonNull;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import dev.tallyspan.api.GenAi;

/**
 * Traces OpenAI's Java library.
 *
 * <pre>{@code
 * OpenAIClient client = TallyspanOpenAi.wrap(genAi, OpenAIOkHttpClient.fromEnv());
 * }</pre>
 *
 * <p>Calls of {@code create} and {@code createStreaming} for chat completions and responses, and of
 * {@code create} for embeddings, write a span each. A retry by the library belongs to the span of
 * its call. All other methods, and those of {@code withRawResponse()}, are those of the given
 * client.
 *
 * <p>A client that the OpenTelemetry instrumentation of the library has wrapped, or the Java agent,
 * writes spans of its own for chat completions and embeddings. Of such a client, only responses are
 * traced, so that no call is counted twice.
 */
public final class TallyspanOpenAi {

  private static final String OPENAI = "openai";

  private TallyspanOpenAi() {}

  /** Returns a client that is traced. It throws what the given one throws. */
  public static OpenAIClient wrap(GenAi genAi, OpenAIClient client) {
    return wrap(genAi, client, OPENAI);
  }

  /**
   * Returns a client that is traced.
   *
   * @param provider {@code gen_ai.provider.name} of the server, if it is not OpenAI: {@code
   *     azure.ai.openai}, {@code groq}, {@code deepseek}
   */
  public static OpenAIClient wrap(GenAi genAi, OpenAIClient client, String provider) {
    requireNonNull(client, "client");
    return services(genAi, provider).client(client);
  }

  /** Returns a client that is traced. It throws what the given one throws. */
  public static OpenAIClientAsync wrap(GenAi genAi, OpenAIClientAsync client) {
    return wrap(genAi, client, OPENAI);
  }

  /**
   * Returns a client that is traced.
   *
   * @param provider as in {@link #wrap(GenAi, OpenAIClient, String)}
   */
  public static OpenAIClientAsync wrap(GenAi genAi, OpenAIClientAsync client, String provider) {
    requireNonNull(client, "client");
    return services(genAi, provider).client(client);
  }

  private static Services services(GenAi genAi, String provider) {
    return new Services(requireNonNull(genAi, "genAi"), requireNonNull(provider, "provider"));
  }
}
