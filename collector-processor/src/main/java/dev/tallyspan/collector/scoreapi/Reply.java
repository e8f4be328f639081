package dev.tallyspan.collector.scoreapi;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A response of an API, without headers other than its type. Immutable. */
public final class Reply {

  private static final JsonFactory JSON = new JsonFactory();

  private final int status;
  private final String mediaType;
  private final byte[] body;

  private Reply(int status, String mediaType, byte[] body) {
    this.status = status;
    this.mediaType = mediaType;
    this.body = requireNonNull(body, "body");
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The value of Content-Type. */
  public String mediaType() {
    return mediaType;
  }

  /** The body; must not be modified. */
  public byte[] body() {
    return body;
  }

  static Reply text(int status, String message) {
    return new Reply(status, "text/plain; charset=utf-8", message.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a response that is an object. */
  static Reply json(int status, Members members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Written in memory.
    }
    return new Reply(status, "application/json", bytes.toByteArray());
  }

  /** Writes the members of an object. */
  @FunctionalInterface
  interface Members {
    void write(JsonGenerator json) throws IOException;
  }
}
