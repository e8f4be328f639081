package dev.tallyspan.collector.exporter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP relay before a sink whose connections can be made to die in the ways that they do. */
final class FaultyWire implements AutoCloseable {
  private enum Fault {
    NONE,
    /** Nothing arrives any more, and nobody says so. */
    SILENT,
    /** The next bytes from the client are answered by closing. */
    CUT,
    /** The next bytes from the client are answered by a reset. */
    RESET
  }

  private static final class Link {
    volatile Fault fault = Fault.NONE;
    final Socket client;

    Link(Socket client) {
      this.client = client;
    }
  }

  final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket server;
  private int target; // Guarded by this.
  private final Set<Link> links = ConcurrentHashMap.newKeySet();

  private volatile Fault first = Fault.NONE;

  /**
   * @param target the port of the sink; 0 = there is none, and connections are closed immediately
   */
  FaultyWire(int target) throws IOException {
    this.target = target;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Background.start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Ends all connections, and relays new ones to another port; 0 = to none. */
  synchronized void redirect(int target) throws IOException {
    this.target = target;
    for (Link link : links) {
      link.client.close();
    }
  }

  void silenceConnections() {
    links.forEach(link -> link.fault = Fault.SILENT);
  }

  void cutConnections() {
    links.forEach(link -> link.fault = Fault.CUT);
  }

  /** Whether new connections are reset when the client has sent something. */
  void resetNewConnections(boolean reset) {
    first = reset ? Fault.RESET : Fault.NONE;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      connections.incrementAndGet();
      connect(client);
    }
  }

  /** Excludes {@link #redirect}, so that no connection to the earlier port is left afterwards. */
  private synchronized void connect(Socket client) throws IOException {
    if (target == 0) {
      client.close();
      return;
    }
    Link link = new Link(client);
    link.fault = first;
    links.add(link);
    Socket sink = new Socket(InetAddress.getLoopbackAddress(), target);
    Background.start(() -> relay(link, client, sink));
    Background.start(() -> relay(link, sink, client));
  }

  private static void relay(Link link, Socket from, Socket to) throws IOException {
    byte[] buffer = new byte[8192];
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    try (from;
        to) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (link.fault == Fault.RESET && from == link.client) {
          from.setSoLinger(true, 0);
          return;
        }
        if (link.fault == Fault.CUT && from == link.client) {
          return;
        }
        if (link.fault == Fault.NONE) {
          out.write(buffer, 0, n);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Link link : links) {
      link.client.close();
    }
  }
}
