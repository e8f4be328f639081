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

  /**
   * Traces a client of OpenAI.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @param client is not changed; close either of the two
   * @return a client that throws what the given one throws
   * @throws NullPointerException if an argument is null
   */
  public static OpenAIClient wrap(GenAi genAi, OpenAIClient client) {
    return wrap(genAi, client, OPENAI);
  }

  /**
   * Traces a client of a server with OpenAI's protocol.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @param client is not changed; close either of the two
   * @param provider {@code gen_ai.provider.name} of the server, if it is not OpenAI: {@code
   *     azure.ai.openai}, {@code groq}, {@code deepseek}
   * @return a client that throws what the given one throws
   * @throws NullPointerException if an argument is null
   */
  public static OpenAIClient wrap(GenAi genAi, OpenAIClient client, String provider) {
    requireNonNull(client, "client");
    return services(genAi, provider).client(client);
  }

  /**
   * Traces an asynchronous client of OpenAI.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @param client is not changed; close either of the two
   * @return a client whose futures fail as those of the given one
   * @throws NullPointerException if an argument is null
   */
  public static OpenAIClientAsync wrap(GenAi genAi, OpenAIClientAsync client) {
    return wrap(genAi, client, OPENAI);
  }

  /**
   * Traces an asynchronous client of a server with OpenAI's protocol.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @param client is not changed; close either of the two
   * @param provider as in {@link #wrap(GenAi, OpenAIClient, String)}
   * @return a client whose futures fail as those of the given one
   * @throws NullPointerException if an argument is null
   */
  public static OpenAIClientAsync wrap(GenAi genAi, OpenAIClientAsync client, String provider) {
    requireNonNull(client, "client");
    return services(genAi, provider).client(client);
  }

  private static Services services(GenAi genAi, String provider) {
    return new Services(requireNonNull(genAi, "genAi"), requireNonNull(provider, "provider"));
  }
}
