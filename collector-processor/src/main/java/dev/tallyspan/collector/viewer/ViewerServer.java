package dev.tallyspan.collector.viewer;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.listen.CannotListenException;
import dev.tallyspan.collector.listen.SmallHttpServer;
import dev.tallyspan.collector.mcp.McpEndpoint;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The viewer: pages about recent traces, over HTTP. Runs on its own thread, so that receivers do
 * not wait for it.
 */
public final class ViewerServer implements AutoCloseable {

  /** The shortest token that is not easily guessed. */
  public static final int MIN_TOKEN_LENGTH = 16;

  private final SmallHttpServer server;
  private final @Nullable String token;
  private final @Nullable LedgerCharts ledger;

  private ViewerServer(
      SmallHttpServer server, @Nullable String token, @Nullable LedgerCharts ledger) {
    this.server = server;
    this.token = token;
    this.ledger = ledger;
  }

  /**
   * @param views what the pages show
   * @param traces tells when that changes
   */
  public static Builder builder(TraceViews views, RecentTraces traces) {
    return new Builder(views, traces);
  }

  public int port() {
    return server.port();
  }

  /** Returns the token that a browser needs; null if it needs none. */
  public @Nullable String token() {
    return token;
  }

  @Override
  public void close() {
    server.close();
    if (ledger != null) {
      ledger.close();
    }
  }

  /** Builds and starts a {@link ViewerServer}. */
  public static final class Builder {
    private final TraceViews views;
    private final RecentTraces traces;
    private List<InetSocketAddress> addresses = List.of();
    private @Nullable String token;
    private final Map<String, String> links = new LinkedHashMap<>();
    private String version = "";
    private String content = "full";
    private @Nullable McpEndpoint mcp;
    private @Nullable Path ledgerData;

    Builder(TraceViews views, RecentTraces traces) {
      this.views = requireNonNull(views, "views");
      this.traces = requireNonNull(traces, "traces");
    }

    /** Where to listen. Required. */
    public Builder addresses(List<InetSocketAddress> addresses) {
      this.addresses = List.copyOf(addresses);
      return this;
    }

    /**
     * What a browser must know to read the pages, at least 16 characters. Default: on loopback
     * addresses none; on others, a random one.
     */
    public Builder token(String token) {
      this.token = requireNonNull(token, "token");
      return this;
    }

    /**
     * Adds a link from each trace to the same trace elsewhere.
     *
     * @param name what the link says
     * @param template a URL of http or https with {@code {traceId}} in place of the id
     */
    public Builder link(String name, String template) {
      links.put(requireNonNull(name, "name"), requireNonNull(template, "template"));
      return this;
    }

    /** The version that the pages show. Default: none. */
    public Builder version(String version) {
      this.version = requireNonNull(version, "version");
      return this;
    }

    /** The mode of the content policy, which the pages name. Default: full. */
    public Builder content(String mode) {
      content = requireNonNull(mode, "mode");
      return this;
    }

    /** Answers MCP clients at {@code /mcp}; its owner closes it. Default: there is none. */
    public Builder mcp(McpEndpoint endpoint) {
      mcp = requireNonNull(endpoint, "endpoint");
      return this;
    }

    /**
     * The data directory of a server that has a ledger, from which charts of longer times come.
     * Default: none.
     */
    public Builder ledger(Path data) {
      ledgerData = requireNonNull(data, "data");
      return this;
    }

    /**
     * Starts to listen. Blocks until the addresses are bound.
     *
     * @throws IOException if an address is in use or does not belong to this machine
     * @throws IllegalArgumentException if there is no address, the token is short, or a link is not
     *     a URL with {@code {traceId}}
     */
    public ViewerServer start() throws IOException {
      check();
      boolean open =
          addresses.stream()
              .allMatch(at -> at.getAddress() != null && at.getAddress().isLoopbackAddress());
      String needed = token != null ? token : open ? null : randomToken();
      LedgerCharts ledger = ledgerData == null ? null : new LedgerCharts(ledgerData);
      byte[] about = TraceViews.about(version, content, ledger != null, links);
      ViewerPages pages = new ViewerPages(views, about, ledger);
      Access access = new Access(needed);
      try {
        return new ViewerServer(
            SmallHttpServer.start(
                "viewer",
                addresses,
                uri -> mcp != null && ViewerHandler.isMcp(uri),
                loop -> {
                  LiveStreams streams = new LiveStreams(loop);
                  traces.onChange(streams::changed);
                  return () -> new ViewerHandler(pages, access, streams, mcp);
                }),
            needed,
            ledger);
      } catch (CannotListenException e) {
        throw new IOException("viewer endpoint=" + e.getMessage(), e);
      }
    }

    private void check() {
      if (addresses.isEmpty()) {
        throw new IllegalArgumentException("addresses=[]: at least one is required");
      }
      if (token != null && token.length() < MIN_TOKEN_LENGTH) {
        throw new IllegalArgumentException(
            "token: must have at least " + MIN_TOKEN_LENGTH + " characters");
      }
      links.forEach(
          (name, template) -> {
            if (!template.matches("(?i)https?://.*") || !template.contains("{traceId}")) {
              throw new IllegalArgumentException(
                  "link " + name + "=" + template + ": must be a URL that contains {traceId}");
            }
          });
    }

    private static String randomToken() {
      byte[] random = new byte[16];
      new SecureRandom().nextBytes(random);
      return HexFormat.of().formatHex(random);
    }
  }
}
