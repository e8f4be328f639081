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
 * Resolves a host to the addresses to listen on. {@code localhost} means both 127.0.0.1 and ::1, as
 * far as the machine has them, because clients may try either first, and some try only one.
 */
public final class ListenAddresses {

  private static final List<InetAddress> LOCALHOST = localhost();

  private ListenAddresses() {}

  /**
   * Returns the addresses of a host, unresolved if the host cannot be resolved.
   *
   * @param host a name, or an address without brackets; empty = all interfaces
   * @param port 0 = any free port
   */
  public static List<InetSocketAddress> of(String host, int port) {
    if (host.isEmpty()) {
      return List.of(new InetSocketAddress(port));
    }
    return host.equalsIgnoreCase("localhost")
        ? LOCALHOST.stream().map(address -> new InetSocketAddress(address, port)).toList()
        : List.of(new InetSocketAddress(host, port));
  }

  /**
   * Returns the host as it is announced to users: {@code localhost} only if the machine has both of
   * its addresses.
   */
  public static String shown(String host) {
    if (host.isEmpty()) {
      return "0.0.0.0";
    }
    boolean oneFamily = host.equalsIgnoreCase("localhost") && LOCALHOST.size() == 1;
    String shown = oneFamily ? LOCALHOST.get(0).getHostAddress() : host;
    return shown.indexOf(':') >= 0 ? "[" + shown + "]" : shown;
  }

  /** Does not use the resolver, which often returns only one of the two addresses. */
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
