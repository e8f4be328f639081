package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.PolicyConfig;
import dev.tallyspan.collector.config.ViewerConfig;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.viewer.ViewerServer;
import dev.tallyspan.semconv.content.ContentPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The viewer of a server: what it keeps, and its pages. */
final class RunningViewer implements AutoCloseable {

  private final RecentOutput output;
  private final ViewerServer server;
  private final ViewerConfig config;

  private RunningViewer(RecentOutput output, ViewerServer server, ViewerConfig config) {
    this.output = output;
    this.server = server;
    this.config = config;
  }

  /**
   * Starts the viewer.
   *
   * @param traceUrl where the backend shows a trace, with {@code {traceId}}; empty if not known
   * @param ledgerData the data directory of the server if it has a ledger; null if it has none
   * @throws IOException if the address is in use or does not belong to this machine
   */
  static RunningViewer start(ViewerConfig config, String traceUrl, @Nullable Path ledgerData)
      throws IOException {
    RecentTraces.Builder store = RecentTraces.builder().maxAge(config.maxAge());
    if (config.maxBytes() > 0) {
      store.maxBytes(config.maxBytes());
    }
    RecentTraces traces = store.build();
    RecentOutput output = RecentOutput.start(traces, policy(config.policy()));
    ViewerServer.Builder server =
        ViewerServer.builder(
                new TraceViews(traces, output::skippedSpans, InstantSource.system()), traces)
            .addresses(ListenAddresses.of(config.endpoint().host(), config.endpoint().port()))
            .version(VersionCommand.version())
            .content(config.contentMode());
    if (ledgerData != null) {
      server.ledger(ledgerData);
    }
    if (config.token() != null) {
      server.token(config.token());
    }
    config.links().forEach(server::link);
    if (config.links().isEmpty() && !traceUrl.isEmpty()) {
      server.link("Backend", traceUrl);
    }
    try {
      return new RunningViewer(output, server.start(), config);
    } catch (IOException | RuntimeException e) {
      output.close();
      throw e;
    }
  }

  private static @Nullable ContentPolicy policy(@Nullable PolicyConfig policy) {
    return policy == null ? null : policy.build(/* store= */ null);
  }

  Output output() {
    return output;
  }

  /**
   * Returns the URL to open. Contains the token if it was made up for this run; one that was set is
   * a secret that its owner knows.
   */
  String url() {
    String host = config.endpoint().host().isEmpty() ? "localhost" : config.endpoint().host();
    String url = "http://" + ListenAddresses.shown(host) + ":" + server.port() + "/";
    return server.token() == null || config.token() != null
        ? url
        : url + "?token=" + server.token();
  }

  @Override
  public void close() {
    server.close();
    output.close();
  }
}
