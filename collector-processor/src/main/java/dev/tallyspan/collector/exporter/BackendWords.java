package dev.tallyspan.collector.exporter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.grpc.Status;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a backend says about a refusal to a human reader. The text may quote telemetry and
 * secrets: see {@link RefusalLog}.
 */
final class BackendWords {
  private static final JsonFactory JSON = new JsonFactory();

  /** Where APIs put their messages: {@code message} is that of {@code google.rpc.Status}. */
  private static final Set<String> JSON_KEYS =
      Set.of("message", "error", "detail", "error_message");

  private BackendWords() {}

  /** Returns the words in the body of an HTTP response; empty = none. */
  static String http(String contentType, byte[] body) {
    String type = contentType.toLowerCase(Locale.ROOT);
    if (type.contains("protobuf")) {
      return BackendResponses.statusMessage(body);
    }
    String message = type.contains("json") ? jsonMessage(body) : null;
    // More is never logged, nor is more of it searched for quotes.
    int limit = Math.min(body.length, 4 * Echoes.LONGEST_MESSAGE);
    return message == null ? new String(Arrays.copyOf(body, limit), UTF_8) : message;
  }

  /** Returns the words of a gRPC status; empty = none. */
  static String grpc(Status status, byte @Nullable [] details) {
    String description = status.getDescription();
    Throwable cause = status.getCause();
    if (description == null && details != null) {
      description = BackendResponses.statusMessage(details);
    }
    String said = description == null ? "" : description;
    return cause == null ? said : (said + " " + cause).strip();
  }

  /** Returns the first message in a JSON object or an object in it; null if there is none. */
  private static @Nullable String jsonMessage(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME
            && JSON_KEYS.contains(parser.currentName())
            && parser.nextToken() == JsonToken.VALUE_STRING) {
          return parser.getText();
        }
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }
}
