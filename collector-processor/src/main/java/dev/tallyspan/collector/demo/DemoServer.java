package dev.tallyspan.collector.demo;

import dev.tallyspan.collector.output.view.SpanRow;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The running server as the demo sees it: where to send, and what came out at the other end. */
public interface DemoServer {

  /** Where the server takes OTLP over HTTP, without {@code /v1/traces}. */
  URI httpEndpoint();

  /**
   * Waits until the server has processed {@code count} spans.
   *
   * @return all spans processed so far, as they would leave; fewer than {@code count} if {@code
   *     timeout} is over
   */
  List<SpanRow> await(int count, Duration timeout) throws InterruptedException;

  /** The backend that the server forwards to, as the user named it; empty if there is none. */
  default String forwardsTo() {
    return "";
  }
}
