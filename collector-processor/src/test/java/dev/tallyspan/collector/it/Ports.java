package dev.tallyspan.collector.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Random;

/** Ports for servers that must be reached on the same one after a restart. */
final class Ports {

  private Ports() {}

  /**
   * Returns a port of the loopback that nothing listens on, and that the system does not choose for
   * the near end of a connection: while nothing listens, a client on this machine could connect to
   * itself.
   */
  static int free(Random random) {
    while (true) {
      int port = 10_000 + random.nextInt(20_000);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (IOException e) {
        // In use.
      }
    }
  }
}
