package dev.tallyspan.collector.mcp;

import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceReports;
import dev.tallyspan.collector.output.recent.TraceViews;
import dev.tallyspan.collector.viewer.ViewerServer;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A viewer with an endpoint for agents, and clients of the real SDK. */
final class McpServerFixture implements AutoCloseable {

  /** A hundred seconds after the spans of the tests. */
  static final InstantSource NOW = InstantSource.fixed(Instant.ofEpochSecond(1_795_000_100));

  /** The first request loads the SDK, on a machine that may be busy. */
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final RecentTraces traces = RecentTraces.builder().build();
  final RecentOutput output;
  private final McpEndpoint endpoint;
  final ViewerServer server;

  McpServerFixture(@Nullable ContentPolicy policy, @Nullable Path ledger, @Nullable String token)
      throws IOException {
    output = RecentOutput.on(Runnable::run, traces, policy);
    endpoint = new McpEndpoint(new TraceReports(traces, NOW), ledger, "1.2.3");
    ViewerServer.Builder builder =
        ViewerServer.builder(new TraceViews(traces, output::skippedSpans, NOW), traces)
            .addresses(ListenAddresses.of("127.0.0.1", 0))
            .mcp(endpoint);
    if (token != null) {
      builder.token(token);
    }
    server = builder.start();
  }

  McpSyncClient client(String... header) {
    HttpRequest.Builder request = HttpRequest.newBuilder();
    if (header.length > 0) {
      request.headers(header);
    }
    return McpClient.sync(
            HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + server.port())
                .requestBuilder(request)
                .build())
        .requestTimeout(TIMEOUT)
        .initializationTimeout(TIMEOUT)
        .build();
  }

  @Override
  public void close() {
    server.close();
    endpoint.close();
  }
}
