package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not accepted, with what both transports need to report it.
 *
 * @param reason the value of the metric's label; one of a few words
 * @param message for the sender's developers; contains none of the request's content
 * @param retryAfter how long the sender should wait before it retries; null = not specified
 */
record Refusal(
    String reason, int httpStatus, StatusCode code, String message, @Nullable Duration retryAfter) {

  /** How long a sender should wait if the receiver is temporarily unavailable. */
  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /**
   * gRPC trailers contain the message twice, also in base64, and clients accept 8 KiB of trailers
   * by default.
   */
  private static final int MAX_MESSAGE_LENGTH = 300;

  private static final int CONTENT_TOO_LARGE = 413;

  Refusal {
    message = bounded(message);
  }

  /** Cuts a message to the length that fits into a response. */
  static String bounded(String message) {
    return message.length() > MAX_MESSAGE_LENGTH
        ? message.substring(0, MAX_MESSAGE_LENGTH)
        : message;
  }

  static Refusal of(Outcome.Refused outcome) {
    // In OTLP, this code without a retry delay means "do not retry"; HTTP's 429 cannot express
    // that.
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

  static Refusal unauthenticated(String message) {
    return new Refusal("unauthenticated", 401, StatusCode.UNAUTHENTICATED, message, null);
  }

  static Refusal malformed(String message) {
    return new Refusal("malformed", 400, StatusCode.INVALID_ARGUMENT, message, null);
  }

  static Refusal internal() {
    return new Refusal("internal", 500, StatusCode.INTERNAL, "internal error", null);
  }

  /** Returns a refusal that exists only in HTTP. */
  static Refusal http(String reason, int httpStatus, StatusCode code, String message) {
    return new Refusal(reason, httpStatus, code, message, null);
  }

  /** Whether the receiver is at fault, and not the request or its timing. */
  boolean isFailure() {
    return code == StatusCode.INTERNAL || code == StatusCode.UNKNOWN;
  }

  private static Refusal unavailable(String reason, String message) {
    return new Refusal(reason, 503, StatusCode.UNAVAILABLE, message, RETRY_AFTER);
  }
}
