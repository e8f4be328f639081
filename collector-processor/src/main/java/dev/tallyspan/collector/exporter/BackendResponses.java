package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads the relevant fields of backends' responses: {@code Export*ServiceResponse}, which has the
 * same fields for all signals, and {@code google.rpc.Status}.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-proto/blob/main/docs/specification.md">OTLP,
 *     responses</a>
 */
final class BackendResponses {
  private static final String RETRY_INFO = "/google.rpc.RetryInfo";

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private int at;
  private int end;

  private BackendResponses(byte[] bytes) {
    this.bytes = bytes;
    end = bytes.length;
  }

  /**
   * Returns the outcome of a successful response. A response that cannot be read still counts as
   * success, because what was accepted must not be sent again.
   */
  static Outcome success(byte[] exportResponse) {
    if (exportResponse.length == 0) {
      return Outcome.ACCEPTED;
    }
    try {
      return new BackendResponses(exportResponse).readExportResponse();
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return new Outcome.Partial(
          0, "the backend accepted, but its response cannot be read; is it an OTLP endpoint?");
    }
  }

  /** Returns the delay of the RetryInfo in a Status's details, or null if there is none. */
  static @Nullable Duration retryDelay(byte[] status) {
    try {
      return new BackendResponses(status).readStatus();
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return null;
    }
  }

  /** Returns the message of a Status; empty if there is none or it cannot be read. */
  static String statusMessage(byte[] status) {
    try {
      return new BackendResponses(status).readText(2);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return "";
    }
  }

  /** Returns the message of a partial success; empty if there is none. */
  static String partialMessage(byte[] exportResponse) {
    try {
      BackendResponses response = new BackendResponses(exportResponse);
      for (int tag = response.tag(); tag != 0; tag = response.tag()) {
        if (tag == (1 << 3 | LENGTH_DELIMITED)) {
          response.enter();
          return response.readText(2);
        }
        response.skip(tag);
      }
      return "";
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return "";
    }
  }

  /** Returns the first string field with a number; empty if there is none. */
  private String readText(int field) {
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == (field << 3 | LENGTH_DELIMITED)) {
        int length = length();
        return new String(bytes, at, length, StandardCharsets.UTF_8);
      }
      skip(tag);
    }
    return "";
  }

  private Outcome readExportResponse() {
    long rejected = 0;
    boolean warning = false;
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag != (1 << 3 | LENGTH_DELIMITED)) {
        skip(tag);
        continue;
      }
      int outer = enter();
      for (int inner = tag(); inner != 0; inner = tag()) {
        if (inner == (1 << 3 | VARINT)) {
          rejected = varint();
        } else if (inner == (2 << 3 | LENGTH_DELIMITED)) {
          int length = length();
          at += length;
          warning |= length > 0;
        } else {
          skip(inner);
        }
      }
      end = outer;
    }
    if (rejected <= 0 && !warning) {
      return Outcome.ACCEPTED;
    }
    return new Outcome.Partial(Math.max(rejected, 0), "the backend accepted with a warning");
  }

  private @Nullable Duration readStatus() {
    Duration delay = null;
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag != (3 << 3 | LENGTH_DELIMITED)) {
        skip(tag);
        continue;
      }
      int outer = enter();
      Duration found = readDetail();
      delay = found == null ? delay : found;
      end = outer;
    }
    return delay;
  }

  /**
   * Reads a {@code google.protobuf.Any}. Returns null unless it is a RetryInfo with a positive
   * delay.
   */
  private @Nullable Duration readDetail() {
    boolean retryInfo = false;
    int valueAt = -1;
    int valueEnd = -1;
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag == (1 << 3 | LENGTH_DELIMITED)) {
        int length = length();
        retryInfo = new String(bytes, at, length, StandardCharsets.UTF_8).endsWith(RETRY_INFO);
        at += length;
      } else if (tag == (2 << 3 | LENGTH_DELIMITED)) {
        int length = length();
        valueAt = at;
        at += length;
        valueEnd = at;
      } else {
        skip(tag);
      }
    }
    if (!retryInfo || valueAt < 0) {
      return null;
    }
    int detailEnd = end;
    at = valueAt;
    end = valueEnd;
    long seconds = 0;
    long nanos = 0;
    for (int tag = tag(); tag != 0; tag = tag()) {
      if (tag != (1 << 3 | LENGTH_DELIMITED)) {
        skip(tag);
        continue;
      }
      int retryInfoEnd = enter();
      for (int inner = tag(); inner != 0; inner = tag()) {
        if (inner == (1 << 3 | VARINT)) {
          seconds = varint();
        } else if (inner == (2 << 3 | VARINT)) {
          nanos = varint();
        } else {
          skip(inner);
        }
      }
      end = retryInfoEnd;
    }
    at = detailEnd;
    boolean positive = seconds >= 0 && nanos >= 0 && seconds + nanos > 0;
    return positive ? Duration.ofSeconds(seconds, nanos) : null;
  }

  /** Reads the next field's tag. Returns 0 at the end of the message. */
  private int tag() {
    if (at == end) {
      return 0;
    }
    int tag = (int) varint();
    if (tag == 0) {
      throw new IllegalArgumentException();
    }
    return tag;
  }

  /**
   * Enters the message that starts here.
   *
   * @return the end of the enclosing message
   */
  private int enter() {
    int length = length();
    int outer = end;
    end = at + length;
    return outer;
  }

  private int length() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw new IllegalArgumentException();
    }
    return (int) length;
  }

  private void skip(int tag) {
    int length =
        switch (tag & 7) {
          case FIXED64 -> 8;
          case FIXED32 -> 4;
          case LENGTH_DELIMITED -> length();
          case VARINT -> {
            varint();
            yield 0;
          }
          default -> throw new IllegalArgumentException();
        };
    if (length > end - at) {
      throw new IllegalArgumentException();
    }
    at += length;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end) {
        throw new IllegalArgumentException();
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException();
  }
}
