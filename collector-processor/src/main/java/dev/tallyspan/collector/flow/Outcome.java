package dev.tallyspan.collector.flow;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How an OTLP request ended, as every transport has it: a receiver answers its sender with one, an
 * exporter learns one from its backend.
 */
public sealed interface Outcome {

  /** All of the request was accepted. */
  record Accepted() implements Outcome {}

  /**
   * The request was accepted but for {@code rejected} items; such a request must not be sent again.
   *
   * @param rejected items that were not accepted; 0 makes the message a warning
   * @param message why, in English; holds nothing of the telemetry's content
   */
  record Partial(long rejected, String message) implements Outcome {
    public Partial {
      if (rejected < 0) {
        throw new IllegalArgumentException("rejected=" + rejected + ": must not be negative");
      }
      requireNonNull(message, "message");
    }
  }

  /**
   * Nothing of the request was accepted.
   *
   * @param code why, as gRPC has it
   * @param message what was wrong, in English; holds nothing of the telemetry's content
   * @param retryAfter how long the sender should wait before it tries again; null if the other side
   *     did not say
   */
  record Refused(StatusCode code, String message, Duration retryAfter) implements Outcome {
    public Refused {
      requireNonNull(code, "code");
      requireNonNull(message, "message");
    }

    /**
     * Whether the same request may be sent again. RESOURCE_EXHAUSTED may only if the server said
     * when.
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
