package dev.tallyspan.collector.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tallyspan.collector.otlp.Signal;
import java.io.IOException;
import java.util.Optional;

/**
 * Tells the signal of an OTLP request from its content alone.
 *
 * <p>In JSON the first key says it. In protobuf the three requests have the same shape down to the
 * record, so the first record decides: a field of a span, a log record and a metric seldom has the
 * same wire type in the other two.
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

  private SignalGuess() {}

  /** The signal of an OTLP/JSON request; empty if no key of the outermost object tells. */
  static Optional<Signal> ofJson(byte[] json) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        switch (parser.currentName()) {
          case "resourceSpans":
            return Optional.of(Signal.TRACES);
          case "resourceLogs":
            return Optional.of(Signal.LOGS);
          case "resourceMetrics":
            return Optional.of(Signal.METRICS);
          default:
            parser.nextToken();
            parser.skipChildren();
        }
      }
      return Optional.empty();
    }
  }

  /** The signal of a protobuf request; empty if it holds no record or its records fit none. */
  static Optional<Signal> ofProtobuf(byte[] bytes) {
    Cursor request = new Cursor(bytes, 0, bytes.length);
    while (request.next()) {
      Cursor group = request.child(1);
      while (group != null && group.next()) {
        Cursor scope = group.child(2);
        while (scope != null && scope.next()) {
          Cursor item = scope.child(2);
          if (item != null) {
            return ofRecord(item);
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Signal> ofRecord(Cursor item) {
    boolean span = true;
    boolean log = true;
    boolean metric = true;
    boolean metricData = false;
    while (item.next()) {
      span &= fits(SPAN, item) && (item.field != 1 || item.length == 16 || item.length == 0);
      log &= fits(LOG_RECORD, item);
      metric &= fits(METRIC, item) && (item.field != 1 || item.isPrintable());
      metricData |= item.field >= 5 && item.field <= 11;
    }
    if (item.malformed) {
      return Optional.empty();
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
    return log ? Optional.of(Signal.LOGS) : metric ? Optional.of(Signal.METRICS) : Optional.empty();
  }

  private static boolean fits(int[] message, Cursor at) {
    return at.field >= message.length
        || message[at.field] == NONE
        || message[at.field] == at.wireType;
  }

  /** Steps over the fields of one message; stops, marked malformed, at the first that is none. */
  private static final class Cursor {

    private final byte[] bytes;
    private final int end;
    private int at;

    int field;
    int wireType;
    int start;
    int length;
    boolean malformed;

    Cursor(byte[] bytes, int start, int end) {
      this.bytes = bytes;
      this.at = start;
      this.end = end;
    }

    boolean next() {
      if (malformed || at >= end) {
        return false;
      }
      long tag = varint();
      field = (int) (tag >>> 3);
      wireType = (int) (tag & 7);
      length = 0;
      switch (wireType) {
        case VARINT -> varint();
        case FIXED64 -> skip(8);
        case FIXED32 -> skip(4);
        case BYTES -> {
          long size = varint();
          start = at;
          length = (int) Math.min(size, Integer.MAX_VALUE);
          skip(size);
        }
        default -> malformed = true;
      }
      return !malformed && field != 0;
    }

    /** The message in the field just read; null if it is another field. */
    Cursor child(int number) {
      return field == number && wireType == BYTES ? new Cursor(bytes, start, start + length) : null;
    }

    boolean isPrintable() {
      for (int i = start; i < start + length; i++) {
        if (bytes[i] < ' ') {
          return false;
        }
      }
      return true;
    }

    private void skip(long size) {
      if (size < 0 || size > end - at) {
        malformed = true;
      } else {
        at += (int) size;
      }
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; shift < 64 && at < end; shift += 7) {
        byte b = bytes[at++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
      malformed = true;
      return 0;
    }
  }
}
