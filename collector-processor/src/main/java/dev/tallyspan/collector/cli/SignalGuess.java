package dev.tallyspan.collector.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.ProtobufReader;
import java.io.IOException;
import java.util.Optional;

/**
 * Derives the signal of an OTLP request from its content only.
 *
 * <p>In JSON a key of the outermost object determines it. In protobuf the three requests have the
 * same structure down to the record, so the first record determines it: a field of a span, a log
 * record or a metric rarely has the same wire type in the other two.
 */
final class SignalGuess {

  private static final JsonFactory JSON = new JsonFactory();

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int NONE = -1;

  // The wire type of each field, by number; NONE where the message has no such field.
  private static final int[] SPAN = {
    NONE, BYTES, BYTES, BYTES, BYTES, BYTES, VARINT, FIXED64, FIXED64, BYTES, VARINT, BYTES, VARINT,
    BYTES, VARINT, BYTES, FIXED32
  };
  private static final int[] LOG_RECORD = {
    NONE, FIXED64, VARINT, BYTES, NONE, BYTES, BYTES, VARINT, FIXED32, BYTES, BYTES, FIXED64, BYTES
  };
  private static final int[] METRIC = {
    NONE, BYTES, BYTES, BYTES, NONE, BYTES, NONE, BYTES, NONE, BYTES, BYTES, BYTES, BYTES
  };

  private static final int ENVELOPE = ProtobufReader.tag(1, BYTES);
  private static final int CONTENT = ProtobufReader.tag(2, BYTES);

  private SignalGuess() {}

  /**
   * Returns the signal of an OTLP/JSON request; empty if no key of the outermost object determines
   * it. Keys in snake_case count, so that the error message of reading the request names the fault.
   */
  static Optional<Signal> ofJson(byte[] json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        switch (parser.currentName()) {
          case "resourceSpans", "resource_spans":
            return Optional.of(Signal.TRACES);
          case "resourceLogs", "resource_logs":
            return Optional.of(Signal.LOGS);
          case "resourceMetrics", "resource_metrics":
            return Optional.of(Signal.METRICS);
          default:
            parser.nextToken();
            parser.skipChildren();
        }
      }
      return Optional.empty();
    }
  }

  /**
   * Returns the signal of a protobuf request; empty if it has no record, or one that matches none.
   *
   * @throws MalformedRequestException if it is not valid protobuf up to its first record
   */
  static Optional<Signal> ofProtobuf(byte[] bytes) throws MalformedRequestException {
    ProtobufReader request = new ProtobufReader(bytes);
    while (request.next()) {
      if (request.tag() != ENVELOPE) {
        continue;
      }
      ProtobufReader resource = request.message();
      while (resource.next()) {
        if (resource.tag() != CONTENT) {
          continue;
        }
        ProtobufReader scope = resource.message();
        while (scope.next()) {
          if (scope.tag() == CONTENT) {
            return ofRecord(scope.message());
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Signal> ofRecord(ProtobufReader item) throws MalformedRequestException {
    boolean span = true;
    boolean log = true;
    boolean metric = true;
    boolean metricData = false;
    while (item.next()) {
      boolean first = item.number() == 1 && item.wireType() == BYTES;
      span &= fits(SPAN, item) && !(first && item.bytes().length % 16 != 0);
      log &= fits(LOG_RECORD, item);
      metric &= fits(METRIC, item) && !(first && !isPrintable(item.bytes()));
      metricData |= item.number() >= 5 && item.number() <= 11;
    }
    if (log && !span) {
      return Optional.of(Signal.LOGS);
    }
    if (metric && metricData) {
      return Optional.of(Signal.METRICS);
    }
    if (span) {
      return Optional.of(Signal.TRACES);
    }
    return metric ? Optional.of(Signal.METRICS) : Optional.empty();
  }

  private static boolean fits(int[] message, ProtobufReader at) {
    int field = at.number();
    return field >= message.length || message[field] == NONE || message[field] == at.wireType();
  }

  private static boolean isPrintable(byte[] text) {
    for (byte b : text) {
      if (b < ' ') {
        return false;
      }
    }
    return true;
  }
}
