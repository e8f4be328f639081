package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.PolicyConfig;
import dev.tallyspan.collector.config.ViewerConfig;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.mcp.McpEndpoint;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.StoredTraces;
import dev.tallyspan.collector.output.recent.TraceReports;
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

  /** Opens what keeps the traces on disk. */
  @FunctionalInterface
  interface TraceStore {

    /**
     * @return null if nothing does
     * @throws IOException with a message for the user, if the directory cannot be used
     */
    @Nullable StoredTraces open(RecentTraces traces) throws IOException;
  }

  static final TraceStore IN_MEMORY = traces -> null;

  private final RecentOutput output;
  private final McpEndpoint mcp;
  private final ViewerServer server;
  private final ViewerConfig config;

  private RunningViewer(
      RecentOutput output, McpEndpoint mcp, ViewerServer server, ViewerConfig config) {
    this.output = output;
    this.mcp = mcp;
    this.server = server;
    this.config = config;
  }

  /**
   * Starts the viewer.
   *
   * @param traceUrl where the backend shows a trace, with {@code {traceId}}; empty if not known
   * @param ledger the data directory of a server that keeps a ledger; null if it keeps none
   * @param onDisk keeps the traces for the next start
   * @throws IOException if the address is in use or does not belong to this machine, or the traces
   *     cannot be kept
   */
  static RunningViewer start(
      ViewerConfig config, String traceUrl, @Nullable Path ledger, TraceStore onDisk)
      throws IOException {
    RecentTraces.Builder store = RecentTraces.builder().maxAge(config.maxAge());
    if (config.maxBytes() > 0) {
      store.maxBytes(config.maxBytes());
    }
    RecentTraces traces = store.build();
    RecentOutput output = RecentOutput.start(traces, policy(config.policy()), onDisk.open(traces));
    McpEndpoint mcp =
        new McpEndpoint(
            new TraceReports(traces, InstantSource.system()), ledger, VersionCommand.version());
    ViewerServer.Builder server =
        ViewerServer.builder(
                new TraceViews(traces, output::skippedSpans, InstantSource.system()), traces)
            .addresses(ListenAddresses.of(config.endpoint().host(), config.endpoint().port()))
            .mcp(mcp)
            .version(VersionCommand.version())
            .content(config.contentMode());
    if (ledger != null) {
      server.ledger(ledger);
    }
    if (config.token() != null) {
      server.token(config.token());
    }
    config.links().forEach(server::link);
    if (config.links().isEmpty() && !traceUrl.isEmpty()) {
      server.link("Backend", traceUrl);
    }
    try {
      return new RunningViewer(output, mcp, server.start(), config);
    } catch (IOException | RuntimeException e) {
      mcp.close();
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
    mcp.close();
    output.close();
  }
}
