package dev.tallyspan.browser;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;

/** Sends spans as OTLP/JSON. */
final class Traces {

  private static final JsonFactory JSON = new JsonFactory();

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI endpoint;
  private final StringWriter spans = new StringWriter();
  private Instant latest = Instant.EPOCH;

  /**
   * @param endpoint of OTLP/HTTP, without a path
   */
  Traces(URI endpoint) {
    this.endpoint = endpoint;
  }

  /** Adds a span that ends now; ids are numbers, and 0 is no parent. */
  Traces span(long trace, long id, long parent, String name, Map<String, Object> attributes) {
    // Later than the one before, so that lists have one order.
    Instant now = Instant.now();
    latest = now.isAfter(latest.plusMillis(1)) ? now : latest.plusMillis(1);
    return span(trace, id, parent, name, latest, attributes);
  }

  /** Adds a span of a second; ids are numbers, and 0 is no parent. */
  Traces span(
      long trace, long id, long parent, String name, Instant at, Map<String, Object> attributes) {
    long end = at.toEpochMilli() * 1_000_000;
    try (JsonGenerator json = JSON.createGenerator(spans)) {
      spans.append(spans.getBuffer().isEmpty() ? "" : ",");
      json.writeStartObject();
      json.writeStringField("traceId", traceId(trace));
      json.writeStringField("spanId", "%016x".formatted(id));
      json.writeStringField("parentSpanId", parent == 0 ? "" : "%016x".formatted(parent));
      json.writeStringField("name", name);
      json.writeStringField("startTimeUnixNano", Long.toString(end - 1_000_000_000L + id * 1000));
      json.writeStringField("endTimeUnixNano", Long.toString(end));
      json.writeArrayFieldStart("attributes");
      for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
        json.writeStartObject();
        json.writeStringField("key", attribute.getKey());
        json.writeObjectFieldStart("value");
        if (attribute.getValue() instanceof Number number) {
          json.writeStringField("intValue", number.toString());
        } else {
          json.writeStringField("stringValue", attribute.getValue().toString());
        }
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** Adds a chat of 1,000 input and 100 output tokens. */
  Traces chat(long trace, long id, long parent, String asked, String answered) {
    return span(
        trace,
        id,
        parent,
        "chat gpt-4o",
        Map.of(
            "gen_ai.operation.name",
            "chat",
            "gen_ai.provider.name",
            "openai",
            "gen_ai.request.model",
            "gpt-4o",
            "gen_ai.usage.input_tokens",
            1_000,
            "gen_ai.usage.output_tokens",
            100,
            "user.id",
            "maya",
            "gen_ai.input.messages",
            message("user", asked),
            "gen_ai.output.messages",
            message("assistant", answered)));
  }

  /** Sends all spans that were added, and forgets them. */
  void send() throws IOException, InterruptedException {
    String body =
        "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
            + "{\"stringValue\":\"desk\"}}]},\"scopeSpans\":[{\"spans\":["
            + spans
            + "]}]}]}";
    spans.getBuffer().setLength(0);
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(endpoint.resolve("/v1/traces"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(response.statusCode() + ": " + response.body());
    }
  }

  static String traceId(long trace) {
    return "%032x".formatted(trace);
  }

  static String message(String role, String text) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartArray();
      json.writeStartObject();
      json.writeStringField("role", role);
      json.writeArrayFieldStart("parts");
      json.writeStartObject();
      json.writeStringField("type", "text");
      json.writeStringField("content", text);
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }
}
