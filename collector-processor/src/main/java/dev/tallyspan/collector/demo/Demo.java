package dev.tallyspan.collector.demo;

import dev.tallyspan.collector.output.view.SpanRow;
import dev.tallyspan.collector.output.view.TerminalOptions;
import dev.tallyspan.collector.output.view.TerminalTraces;
import dev.tallyspan.collector.output.view.TraceTree;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Sends the traces of the sample agent through a server and shows the result. */
public final class Demo {

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final PrintStream out;
  private final DemoServer server;
  private final TerminalOptions options;
  private final InstantSource clock;

  public Demo(PrintStream out, DemoServer server, TerminalOptions options, InstantSource clock) {
    this.out = out;
    this.server = server;
    this.options = options;
    this.clock = clock;
  }

  /**
   * Runs the demo once.
   *
   * @throws IOException if the server does not accept the sample's spans, or does not process all
   *     of them within 15 seconds
   */
  public void run() throws IOException, InterruptedException {
    out.println("A sample travel desk sends its traces over OTLP to " + server.httpEndpoint());
    out.println("The spans have tokens, some in older dialects, and no cost.");
    out.println();
    int sent = send();
    List<SpanRow> spans = server.await(sent, TIMEOUT);
    TerminalTraces.print(out, TraceTree.of(spans), options);
    if (spans.size() < sent) {
      throw new IOException(
          spans.size()
              + " of "
              + sent
              + " spans were processed within "
              + TIMEOUT.toSeconds()
              + " s");
    }
    out.println();
    next(spans.get(0).traceId());
  }

  /** Sends the sample, and names the backend if it is the backend that did not accept it. */
  private int send() throws IOException {
    try {
      return SampleAgent.send(server.httpEndpoint(), clock.instant());
    } catch (IOException e) {
      if (server.forwardsTo().isEmpty()) {
        throw e;
      }
      // The exporter of the sample logs the answer, and does not return it.
      throw new IOException(
          server.forwardsTo() + " did not accept the sample's spans; the last warning says why", e);
    }
  }

  private void next(String traceId) {
    if (server.forwardsTo().isEmpty()) {
      out.println("See the same traces in Jaeger, or in any other OpenTelemetry backend:");
      out.println("  docker run --rm -p 16686:16686 -p 4317:4317 jaegertracing/jaeger:latest");
      out.println("  ./tallyspan demo --forward http://localhost:4317");
      out.println("  then open http://localhost:16686 and search for service travel-desk");
    } else {
      out.println("The same traces, with the same cost, were forwarded to " + server.forwardsTo());
      if (!server.traceUrl().isEmpty()) {
        out.println("Open the first: " + server.traceUrl().replace("{traceId}", traceId));
      }
    }
    out.println();
    out.print(
        """
        Your own application, in one of three ways:
          1  any language   ./tallyspan run, and in the application
                            OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318
          2  a Collector    an otlp exporter with endpoint localhost:4317 in its pipeline
          3  Java, inside   tallyspan-sdk-extension with the OpenTelemetry SDK or Java agent

        For ./tallyspan run, OTEL_EXPORTER_OTLP_ENDPOINT sets the backend; without it, run shows what it
        receives. ./tallyspan explain FILE explains the cost of a span.
        """);
  }
}
