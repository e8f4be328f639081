package dev.tallyspan.collector.flow;

/**
 * The status codes of gRPC, in the order of their numbers.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otlp/#failures">OTLP, failures</a>
 */
public enum StatusCode {
  OK(200, false),
  CANCELLED(503, true),
  UNKNOWN(500, false),
  INVALID_ARGUMENT(400, false),
  DEADLINE_EXCEEDED(503, true),
  NOT_FOUND(404, false),
  ALREADY_EXISTS(409, false),
  PERMISSION_DENIED(403, false),
  RESOURCE_EXHAUSTED(429, false),
  FAILED_PRECONDITION(400, false),
  ABORTED(503, true),
  OUT_OF_RANGE(503, true),
  UNIMPLEMENTED(404, false),
  INTERNAL(500, false),
  UNAVAILABLE(503, true),
  DATA_LOSS(503, true),
  UNAUTHENTICATED(401, false);

  private final int httpStatus;
  private final boolean retryable;

  StatusCode(int httpStatus, boolean retryable) {
    this.httpStatus = httpStatus;
    this.retryable = retryable;
  }

  /** The number that represents the code on the wire. */
  public int number() {
    return ordinal();
  }

  /** Returns the code with this number, or {@code UNKNOWN} if there is none. */
  public static StatusCode of(int number) {
    StatusCode[] codes = values();
    return number >= 0 && number < codes.length ? codes[number] : UNKNOWN;
  }

  /** The HTTP status that the OpenTelemetry Collector returns for this code. */
  public int httpStatus() {
    return httpStatus;
  }

  /**
   * Whether OTLP lets a client send the same request again, regardless of the rest of the response.
   */
  public boolean retryable() {
    return retryable;
  }
}
