package dev.tallyspan.collector.demo;

import dev.tallyspan.collector.output.view.SpanRow;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The running server for the demo: the endpoint to send to, and the processed spans. */
public interface DemoServer {

  /** Returns the OTLP/HTTP endpoint of the server, without {@code /v1/traces}. */
  URI httpEndpoint();

  /**
   * Waits until the server has processed {@code count} spans.
   *
   * @return all spans processed so far, as they are forwarded; fewer than {@code count} after
   *     {@code timeout}
   */
  List<SpanRow> await(int count, Duration timeout) throws InterruptedException;

  /**
   * Returns the backend that the server forwards to, as set by the user; empty if there is none.
   */
  default String forwardsTo() {
    return "";
  }

  /**
   * Returns where that backend shows a trace, with {@code {traceId}} in place of the id; empty if
   * that is not known.
   */
  default String traceUrl() {
    return "";
  }
}
