package dev.tallyspan.collector.config;

/**
 * An address to listen on.
 *
 * @param host name or address without brackets; empty for all interfaces
 * @param port 0 for any free port
 */
public record ListenEndpoint(String host, int port) {

  /**
   * Reads {@code localhost:4317}, {@code 0.0.0.0:4317}, {@code [::1]:4317} or {@code :4317}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static ListenEndpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    String digits = colon < 0 ? "" : text.substring(colon + 1);
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    boolean number = digits.matches("[0-9]{1,5}") && Integer.parseInt(digits) <= 65535;
    if (!number || (!bracketed && host.indexOf(':') >= 0) || host.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not a valid address to listen on: use host:port");
    }
    return new ListenEndpoint(
        bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(digits));
  }

  /** Returns {@code host:port}, with an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
