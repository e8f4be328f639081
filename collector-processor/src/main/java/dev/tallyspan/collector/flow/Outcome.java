package dev.tallyspan.collector.flow;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an OTLP request ended, independent of the transport: a receiver reports it to the sender, an
 * exporter reads it from the backend's response.
 */
public sealed interface Outcome {

  /** All of the request was accepted. */
  record Accepted() implements Outcome {}

  /**
   * The request was accepted except for {@code rejected} items. The sender must not send it again.
   *
   * @param rejected the number of items that were not accepted; with 0, the message is a warning
   * @param units the units (spans, log records, metrics) of which nothing was accepted, as far as
   *     they are known; empty = unknown, such as when a backend reports only a number
   * @param message why, in English, without any of the telemetry's content
   */
  record Partial(long rejected, UnitSet units, String message) implements Outcome {
    public Partial {
      if (rejected < 0) {
        throw new IllegalArgumentException("rejected=" + rejected + ": must not be negative");
      }
      requireNonNull(units, "units");
      requireNonNull(message, "message");
    }

    /** A partial success of which only the number of rejected items is known. */
    public Partial(long rejected, String message) {
      this(rejected, UnitSet.EMPTY, message);
    }
  }

  /**
   * Nothing of the request was accepted.
   *
   * @param code why, as a gRPC status code
   * @param message what was wrong, in English, without any of the telemetry's content
   * @param retryAfter how long the sender should wait before it tries again; null if not specified
   */
  record Refused(StatusCode code, String message, @Nullable Duration retryAfter)
      implements Outcome {
    public Refused {
      requireNonNull(code, "code");
      requireNonNull(message, "message");
    }

    /**
     * Whether the same request may be sent again. With {@code RESOURCE_EXHAUSTED}, it may only if
     * the server specified when.
     *
     * @see <a href="https://opentelemetry.io/docs/specs/otlp/#failures">OTLP, failures</a>
     */
    public boolean retryable() {
      return code == StatusCode.RESOURCE_EXHAUSTED ? retryAfter != null : code.retryable();
    }
  }

  Outcome ACCEPTED = new Accepted();

  static Outcome refused(StatusCode code, String message) {
    return new Refused(code, message, null);
  }
}
