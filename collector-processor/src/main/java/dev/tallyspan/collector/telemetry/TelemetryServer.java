package dev.tallyspan.collector.telemetry;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.listen.CannotListenException;
import dev.tallyspan.collector.listen.SmallHttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/** Serves pages over HTTP. Runs on its own thread, so that it responds while receivers are busy. */
public final class TelemetryServer implements AutoCloseable {

  private final SmallHttpServer server;

  private TelemetryServer(SmallHttpServer server) {
    this.server = server;
  }

  /**
   * Starts to listen. Blocks until the addresses are bound.
   *
   * @param name what it is for, which messages begin with
   * @param addresses where to listen
   * @param pages called on the server's event loop
   * @throws IOException if an address is in use or does not belong to this machine
   */
  public static TelemetryServer start(String name, List<InetSocketAddress> addresses, Pages pages)
      throws IOException {
    requireNonNull(pages, "pages");
    try {
      return new TelemetryServer(
          SmallHttpServer.start("telemetry", addresses, loop -> () -> new TelemetryHandler(pages)));
    } catch (CannotListenException e) {
      throw new IOException(name + " endpoint=" + e.getMessage(), e);
    }
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.close();
  }
}
