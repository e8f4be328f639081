package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.listen.ListenAddresses;
import java.net.InetSocketAddress;
import java.util.List;

/** Parses endpoints in the format of the Collector's configuration: {@code host:port}. */
final class ListenAddress {

  /**
   * Returns the addresses of {@code localhost:4317}, {@code 0.0.0.0:4317} or {@code [::1]:4317}.
   * Without a host ({@code :4317}), returns the address of all interfaces. Port 0 = any free port.
   *
   * @throws IllegalArgumentException if the endpoint has another format, or the host cannot be
   *     resolved
   */
  static List<InetSocketAddress> parse(String name, String endpoint) {
    int colon = endpoint.lastIndexOf(':');
    int port = colon < 0 ? -1 : port(endpoint.substring(colon + 1));
    if (port < 0) {
      throw new IllegalArgumentException(
          name + "=" + endpoint + ": must be host:port, with a port of at most 65535");
    }
    String host = endpoint.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          name + "=" + endpoint + ": an IPv6 address must be in brackets, for example [::1]:4317");
    }
    List<InetSocketAddress> addresses = ListenAddresses.of(host, port);
    if (addresses.stream().anyMatch(InetSocketAddress::isUnresolved)) {
      throw new IllegalArgumentException(name + "=" + endpoint + ": the host cannot be resolved");
    }
    return addresses;
  }

  private static int port(String digits) {
    if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(ListenAddress::digit)) {
      return -1;
    }
    int port = Integer.parseInt(digits);
    return port > 65535 ? -1 : port;
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  private ListenAddress() {}
}
