package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import java.time.Duration;
import java.util.Locale;

/**
 * Why a request is not accepted, as both transports need it.
 *
 * @param reason a word for the metric; one of a small number
 * @param message for the sender's developer; nothing of the request's content
 * @param retryAfter null if the sender is not told when to come again
 */
record Refusal(
    String reason, int httpStatus, StatusCode code, String message, Duration retryAfter) {

  /** What a sender that came at a bad moment is told to wait. */
  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /**
   * Error texts go into gRPC's trailers, twice and in base64, of which clients take 8 KiB by
   * default; and any response has to be bounded.
   */
  private static final int MAX_MESSAGE_LENGTH = 300;

  private static final int CONTENT_TOO_LARGE = 413;

  Refusal {
    message = bounded(message);
  }

  /** As much of a message as fits into a response. */
  static String bounded(String message) {
    return message.length() > MAX_MESSAGE_LENGTH
        ? message.substring(0, MAX_MESSAGE_LENGTH)
        : message;
  }

  static Refusal of(Outcome.Refused outcome) {
    // OTLP's way to say "never again" with this code is not to say when; HTTP's 429 has none.
    boolean tooLarge =
        outcome.code() == StatusCode.RESOURCE_EXHAUSTED && outcome.retryAfter() == null;
    return new Refusal(
        outcome.code().name().toLowerCase(Locale.ROOT),
        tooLarge ? CONTENT_TOO_LARGE : outcome.code().httpStatus(),
        outcome.code(),
        outcome.message(),
        outcome.retryAfter());
  }

  static Refusal tooLarge(int maxRequestBytes) {
    return new Refusal(
        "too_large",
        CONTENT_TOO_LARGE,
        StatusCode.RESOURCE_EXHAUSTED,
        "the request is larger than " + maxRequestBytes + " bytes, counted after decompression",
        null);
  }

  static Refusal overloaded() {
    return unavailable("overloaded", "too many requests are being handled; send it again later");
  }

  static Refusal shuttingDown() {
    return unavailable("shutting_down", "the server is shutting down; send it again");
  }

  static Refusal timedOut() {
    return unavailable("timeout", "the request did not arrive within the read timeout");
  }

  static Refusal malformed(String message) {
    return new Refusal("malformed", 400, StatusCode.INVALID_ARGUMENT, message, null);
  }

  static Refusal internal() {
    return new Refusal("internal", 500, StatusCode.INTERNAL, "internal error", null);
  }

  /** One that only HTTP knows. */
  static Refusal http(String reason, int httpStatus, StatusCode code, String message) {
    return new Refusal(reason, httpStatus, code, message, null);
  }

  /** Whether the fault is on this side and not in what was sent or in when. */
  boolean isFailure() {
    return code == StatusCode.INTERNAL || code == StatusCode.UNKNOWN;
  }

  private static Refusal unavailable(String reason, String message) {
    return new Refusal(reason, 503, StatusCode.UNAVAILABLE, message, RETRY_AFTER);
  }
}
