package dev.tallyspan.googlegenai;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.genai.Client;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import dev.tallyspan.bridges.testkit.FakeProvider;
import java.time.Instant;
import java.util.Date;

/** Clients of the real library. */
final class Clients {

  private Clients() {}

  static Client gemini(FakeProvider provider, ClientOptions options) {
    return gemini(baseUrl(provider), options);
  }

  static Client gemini(String baseUrl, ClientOptions options) {
    return Client.builder()
        .apiKey("none")
        .vertexAI(false)
        .httpOptions(to(baseUrl))
        .clientOptions(options)
        .build();
  }

  static Client vertex(FakeProvider provider, ClientOptions options) {
    AccessToken token = new AccessToken("none", Date.from(Instant.parse("2100-01-01T00:00:00Z")));
    return Client.builder()
        .vertexAI(true)
        .project("project-1")
        .location("europe-west1")
        .credentials(GoogleCredentials.create(token))
        .httpOptions(to(baseUrl(provider)))
        .clientOptions(options)
        .build();
  }

  private static String baseUrl(FakeProvider provider) {
    return provider.baseUrl().replace("/v1", "");
  }

  private static HttpOptions to(String baseUrl) {
    return HttpOptions.builder()
        .baseUrl(baseUrl)
        .retryOptions(HttpRetryOptions.builder().attempts(2).initialDelay(0.01).build())
        .build();
  }
}
