package dev.tallyspan.anthropic;

import static java.util.Objects.requireNonNull;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientAsync;
import dev.tallyspan.api.GenAi;

/**
 * Traces Anthropic's Java library.
 *
 * <pre>{@code
 * AnthropicClient client = TallyspanAnthropic.wrap(genAi, AnthropicOkHttpClient.fromEnv());
 * }</pre>
 *
 * <p>Calls of {@code create} and {@code createStreaming} for messages, also beta, write a span
 * each. A retry by the library belongs to the span of its call. The library writes spans of its
 * own, if OpenTelemetry is set up globally; for these calls, they are switched off, so that no call
 * is counted twice. All other methods, and those of {@code withRawResponse()}, are those of the
 * given client, and so are their spans.
 */
public final class TallyspanAnthropic {

  private TallyspanAnthropic() {}

  /**
   * Traces a client.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @param client is not changed; close either of the two
   * @return a client that throws what the given one throws
   * @throws NullPointerException if an argument is null
   */
  public static AnthropicClient wrap(GenAi genAi, AnthropicClient client) {
    requireNonNull(client, "client");
    return new Services(requireNonNull(genAi, "genAi")).client(client);
  }

  /**
   * Traces an asynchronous client.
   *
   * @param genAi writes the spans; one that is a no-op makes the result one too
   * @param client is not changed; close either of the two
   * @return a client whose futures fail as those of the given one
   * @throws NullPointerException if an argument is null
   */
  public static AnthropicClientAsync wrap(GenAi genAi, AnthropicClientAsync client) {
    requireNonNull(client, "client");
    return new Services(requireNonNull(genAi, "genAi")).client(client);
  }
}
