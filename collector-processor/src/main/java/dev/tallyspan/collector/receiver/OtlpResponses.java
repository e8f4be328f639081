package dev.tallyspan.collector.receiver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * Encodes the bodies of responses, {@code Export*ServiceResponse} and {@code google.rpc.Status}, in
 * protobuf and JSON.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#otlpgrpc-response">OTLP, responses</a>
 * @see <a href="https://github.com/googleapis/googleapis/tree/master/google/rpc">google.rpc</a>
 */
final class OtlpResponses {

  private static final byte[] EMPTY = {};
  private static final byte[] EMPTY_OBJECT = {'{', '}'};
  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";
  private static final String BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest";
  private static final JsonFactory JSON = new JsonFactory();

  /** Encodes an {@code Export*ServiceResponse}: empty, or with {@code partial_success}. */
  static byte[] response(Outcome outcome) {
    if (!(outcome instanceof Outcome.Partial partial)) {
      return EMPTY;
    }
    return new ProtoEncoder()
        .message(
            1,
            new ProtoEncoder()
                .integer(1, partial.rejected())
                .text(2, Refusal.bounded(partial.message())))
        .toByteArray();
  }

  static byte[] responseJson(Signal signal, Outcome outcome) {
    if (!(outcome instanceof Outcome.Partial partial)) {
      return EMPTY_OBJECT;
    }
    return json(
        json -> {
          json.writeObjectFieldStart("partialSuccess");
          if (partial.rejected() != 0) {
            json.writeStringField(rejected(signal), Long.toString(partial.rejected()));
          }
          if (!partial.message().isEmpty()) {
            json.writeStringField("errorMessage", Refusal.bounded(partial.message()));
          }
          json.writeEndObject();
        });
  }

  static byte[] status(Refusal refusal) {
    ProtoEncoder status =
        new ProtoEncoder().integer(1, refusal.code().number()).text(2, refusal.message());
    if (refusal.retryAfter() != null) {
      Duration delay = refusal.retryAfter();
      ProtoEncoder duration =
          new ProtoEncoder().integer(1, delay.getSeconds()).integer(2, delay.getNano());
      status.message(3, any(RETRY_INFO, new ProtoEncoder().message(1, duration)));
    }
    if (refusal.code() == StatusCode.INVALID_ARGUMENT) {
      ProtoEncoder violation = new ProtoEncoder().text(2, refusal.message());
      status.message(3, any(BAD_REQUEST, new ProtoEncoder().message(1, violation)));
    }
    return status.toByteArray();
  }

  static byte[] statusJson(Refusal refusal) {
    return json(
        json -> {
          json.writeNumberField("code", refusal.code().number());
          json.writeStringField("message", refusal.message());
          if (refusal.retryAfter() != null) {
            json.writeArrayFieldStart("details");
            json.writeStartObject();
            json.writeStringField("@type", RETRY_INFO);
            json.writeStringField("retryDelay", seconds(refusal.retryAfter()));
            json.writeEndObject();
            json.writeEndArray();
          } else if (refusal.code() == StatusCode.INVALID_ARGUMENT) {
            json.writeArrayFieldStart("details");
            json.writeStartObject();
            json.writeStringField("@type", BAD_REQUEST);
            json.writeArrayFieldStart("fieldViolations");
            json.writeStartObject();
            json.writeStringField("description", refusal.message());
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
          }
        });
  }

  private static String rejected(Signal signal) {
    return switch (signal) {
      case TRACES -> "rejectedSpans";
      case LOGS -> "rejectedLogRecords";
      case METRICS -> "rejectedDataPoints";
    };
  }

  private static ProtoEncoder any(String type, ProtoEncoder value) {
    return new ProtoEncoder().text(1, type).message(2, value);
  }

  /** Formats a Duration as protobuf's JSON mapping does: {@code 1s}, {@code 0.250s}. */
  private static String seconds(Duration duration) {
    String whole = Long.toString(duration.getSeconds());
    return duration.getNano() == 0
        ? whole + "s"
        : whole + String.format(".%09ds", duration.getNano());
  }

  private static byte[] json(Members members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  private OtlpResponses() {}
}
