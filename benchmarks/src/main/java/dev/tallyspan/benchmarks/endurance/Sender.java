package dev.tallyspan.benchmarks.endurance;

import java.io.Closeable;
import java.util.Locale;

/** Sends requests on one connection, one at a time. Not thread-safe. */
interface Sender extends Closeable {

  /** What became of a request. */
  enum Result {
    ACCEPTED,
    /** Refused, to be sent again. */
    RETRYABLE,
    /** Refused for good. */
    REFUSED,
    /** There was no response; the request may have been taken or not. */
    UNKNOWN
  }

  /**
   * @param delayMillis when to send again, if the server says so; otherwise -1
   * @param code the status, for a table
   */
  record Response(Result result, long delayMillis, String code) {}

  Response send(byte[] request);

  @Override
  void close();

  /** How a sender sends. */
  enum Kind {
    HTTP(false, false),
    HTTP_GZIP(false, true),
    GRPC(true, false),
    GRPC_GZIP(true, true);

    private final boolean grpc;
    private final boolean gzip;

    Kind(boolean grpc, boolean gzip) {
      this.grpc = grpc;
      this.gzip = gzip;
    }

    Sender open(ServerProcess.Ports ports) {
      return grpc ? new GrpcSender(ports.grpc(), gzip) : new HttpSender(ports.http(), gzip);
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }
}
