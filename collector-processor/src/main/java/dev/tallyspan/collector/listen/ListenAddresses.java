package dev.tallyspan.collector.listen;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The addresses to listen on for a host. {@code localhost} is both 127.0.0.1 and ::1, as far as the
 * machine has them, since a client may try either first and some try one alone.
 */
public final class ListenAddresses {

  private static final List<InetAddress> LOCALHOST = localhost();

  private ListenAddresses() {}

  /**
   * The addresses of a host; unresolved if the host cannot be resolved.
   *
   * @param host name or address without brackets; empty for all interfaces
   * @param port 0 for any free one
   */
  public static List<InetSocketAddress> of(String host, int port) {
    if (host.isEmpty()) {
      return List.of(new InetSocketAddress(port));
    }
    return host.equalsIgnoreCase("localhost")
        ? LOCALHOST.stream().map(address -> new InetSocketAddress(address, port)).toList()
        : List.of(new InetSocketAddress(host, port));
  }

  /** The host as it is announced: {@code localhost} only if both of its addresses are there. */
  public static String shown(String host) {
    if (host.isEmpty()) {
      return "0.0.0.0";
    }
    boolean oneFamily = host.equalsIgnoreCase("localhost") && LOCALHOST.size() == 1;
    String shown = oneFamily ? LOCALHOST.get(0).getHostAddress() : host;
    return shown.indexOf(':') >= 0 ? "[" + shown + "]" : shown;
  }

  /** Does not ask a resolver: its answer is often one of the two, whatever the machine has. */
  private static List<InetAddress> localhost() {
    try {
      InetAddress four = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
      byte[] one = new byte[16];
      one[15] = 1;
      InetAddress six = InetAddress.getByAddress("localhost", one);
      Set<InetAddress> present =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .filter(InetAddress::isLoopbackAddress)
              .collect(Collectors.toSet());
      List<InetAddress> found = Stream.of(four, six).filter(present::contains).toList();
      return found.isEmpty() ? List.of(four) : found;
    } catch (SocketException e) {
      return List.of(InetAddress.getLoopbackAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 4 or 16 bytes", e);
    }
  }
}
