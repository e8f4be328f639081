package dev.tallyspan.collector.exporter;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a gRPC status says beyond its code. Servers and grpc-java itself say some of it only in the
 * description, in English. A description is never passed on, because it may quote telemetry.
 */
final class GrpcRefusal {

  /**
   * How gRPC servers refuse a large message; the last number is the limit.
   *
   * <ul>
   *   <li>Go: {@code grpc: received message larger than max (5242880 vs. 4194304)}, or {@code ...
   *       after decompression larger than max 4194304}
   *   <li>C++ and Python: {@code Received message larger than max (5242880 vs. 4194304)}
   *   <li>Java: {@code gRPC message exceeds maximum size 4194304: 5242880}, or {@code Decompressed
   *       gRPC message exceeds maximum size 4194304}
   *   <li>Rust: {@code decoded message length too large: found 5242880 bytes, the limit is: 4194304
   *       bytes}, with the code {@code OUT_OF_RANGE}
   *   <li>.NET: {@code Received message exceeds the maximum configured message size.}
   * </ul>
   */
  private static final Pattern TOO_LARGE =
      Pattern.compile(
          "message (?:after decompression )?larger than max (?:\\(\\d+ vs\\. )?(\\d+)"
              + "|message exceeds maximum size (\\d+)"
              + "|message length too large: found \\d+ bytes, the limit is: (\\d+) bytes"
              + "|message exceeds the maximum configured message size");

  /** grpc-java's note in a status that it made of an HTTP/2 error. */
  private static final String HTTP2_ERROR = "HTTP/2 error code: ";

  private final String description;

  /** Why grpc-java could not read the response; empty if it could. */
  private final String readFailure;

  GrpcRefusal(Status status) {
    description = description(status);
    readFailure =
        status.getCause() instanceof StatusRuntimeException thrown
            ? description(thrown.getStatus())
            : "";
  }

  private static String description(Status status) {
    return status.getDescription() == null ? "" : status.getDescription();
  }

  /**
   * Returns the size above which the server refuses messages.
   *
   * @return 0 = the message was too large, but the limit is not named; -1 = the server refused for
   *     another reason
   */
  long messageLimit() {
    Matcher matcher = TOO_LARGE.matcher(description);
    if (!matcher.find()) {
      return -1;
    }
    for (int group = 1; group <= matcher.groupCount(); group++) {
      String limit = matcher.group(group);
      if (limit != null) {
        return limit.length() > 18 ? 0 : Long.parseLong(limit);
      }
    }
    return 0;
  }

  /** Whether grpc-java refused the server's response because it is larger than this. */
  boolean isOversizedResponse(int maxBytes) {
    String tooLarge = "gRPC message exceeds maximum size " + maxBytes;
    // The size of a compressed response becomes known while it is read. The status is then
    // CANCELLED, and only its cause says why.
    return description.contains(tooLarge) || readFailure.contains(tooLarge);
  }

  /** Whether the stream or its connection was reset, which is no answer to the request. */
  boolean isReset() {
    return description.contains(HTTP2_ERROR);
  }
}
