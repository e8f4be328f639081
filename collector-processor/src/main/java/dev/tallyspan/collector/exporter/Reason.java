package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.StatusCode;
import java.util.function.Supplier;

/**
 * Why an attempt failed.
 *
 * @param code an HTTP status such as {@code 429}, the name of a gRPC code, or {@link #CONNECTION}
 * @param words what the backend or, if there was no answer, a library said about it. They may quote
 *     telemetry and secrets, so only {@link RefusalLog} uses them. Empty = nothing
 */
public record Reason(String code, Supplier<String> words) {

  /** The connection failed, or broke before there was an answer. */
  static final String CONNECTION = "connection";

  static final String PARTIAL_SUCCESS = "partial_success";

  public static Reason of(StatusCode code) {
    return new Reason(code.name(), () -> "");
  }

  public static Reason connection(Throwable failure) {
    return new Reason(CONNECTION, failure::toString);
  }

  /** The code, as a log line shows it. */
  String status() {
    return Character.isDigit(code.charAt(0)) ? "HTTP " + code : code;
  }
}
