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

/** Sends the sample agent's traces through a server and shows what became of them. */
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
   * @throws IOException if the server does not take the sample's spans, or does not process all of
   *     them within 15 seconds
   */
  public void run() throws IOException, InterruptedException {
    out.println("A sample travel desk sends its traces over OTLP to " + server.httpEndpoint());
    out.println("They come with tokens, some in older dialects, and without any cost.");
    out.println();
    int sent = SampleAgent.send(server.httpEndpoint(), clock.instant());
    List<SpanRow> spans = server.await(sent, TIMEOUT);
    TerminalTraces.print(out, TraceTree.of(spans), options);
    if (spans.size() < sent) {
      throw new IOException(
          "of "
              + sent
              + " spans "
              + spans.size()
              + " came back within "
              + TIMEOUT.toSeconds()
              + " s");
    }
    out.println();
    next();
  }

  private void next() {
    if (server.forwardsTo().isEmpty()) {
      out.println("See the same traces in Jaeger, or in any other OpenTelemetry backend:");
      out.println("  docker run --rm -p 16686:16686 -p 4317:4317 jaegertracing/jaeger:latest");
      out.println("  ./tallyspan demo --forward http://localhost:4317");
      out.println("  then open http://localhost:16686 and search for service travel-desk");
    } else {
      out.println("The same traces, with the same cost, went to " + server.forwardsTo());
    }
    out.println();
    out.print(
        """
        Your own application, in one of three ways:
          1  any language   ./tallyspan run, and in the application
                            OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318
          2  a Collector    an otlp exporter with endpoint localhost:4317 in its pipeline
          3  Java, inside   tallyspan-sdk-extension with the OpenTelemetry SDK or Java agent

        OTEL_EXPORTER_OTLP_ENDPOINT names the backend to ./tallyspan run, too; without it, run shows
        what it receives. Why a span costs what it costs: ./tallyspan explain FILE
        """);
  }
}
