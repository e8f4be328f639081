package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Signal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a backend listens.
 *
 * @param scheme {@code http}, {@code https}, or empty if the text had none
 * @param host name or address; an IPv6 address without its brackets
 * @param port never 0
 * @param path empty or beginning with a slash, with its query if it has one
 */
public record Endpoint(String scheme, String host, int port, String path) {

  /**
   * Reads {@code http://host:port}, {@code https://host}, {@code host:port} or {@code
   * dns:///host:port}.
   *
   * @param defaultPort for texts with neither port nor scheme
   * @throws IllegalArgumentException if the text is none of these; the message does not repeat it,
   *     since it may hold a password
   */
  public static Endpoint parse(String text, int defaultPort) {
    String trimmed = text.trim();
    String rest = trimmed.startsWith("dns:///") ? trimmed.substring("dns:///".length()) : trimmed;
    boolean hasScheme = rest.contains("://");
    URI uri;
    try {
      uri = new URI(hasScheme ? rest : "none://" + rest);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not an endpoint: " + e.getReason());
    }
    String scheme = hasScheme ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
    if (!scheme.isEmpty() && !scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "scheme " + scheme + " is not supported: use http, https, or host:port");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          "has no host: use http://host:port, https://host:port or host:port");
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "must not hold user and password: use the header Authorization");
    }
    String host = uri.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : defaultPort(scheme, defaultPort);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port=" + port + ": must be from 1 to 65535");
    }
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return new Endpoint(
        scheme, host, port, uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
  }

  /**
   * The signal whose default path ends this one; null if there is none. Such an endpoint is one
   * signal's, and was probably copied from where a base URL is not meant.
   */
  public Signal endsInPathOf() {
    String base = base();
    for (Signal signal : Signal.values()) {
      if (base.endsWith(signal.httpPath())) {
        return signal;
      }
    }
    return null;
  }

  /** This base URL with the path of a signal; never with two, if it is one signal's already. */
  Endpoint ofSignal(Signal signal) {
    String base = base();
    Signal already = endsInPathOf();
    if (already != null) {
      base = base.substring(0, base.length() - already.httpPath().length());
      base = withoutSlashes(base);
    }
    int query = path.indexOf('?');
    return withPath(base + signal.httpPath() + (query < 0 ? "" : path.substring(query)));
  }

  Endpoint withPath(String path) {
    return new Endpoint(scheme, host, port, path);
  }

  /** The path without its query and without slashes at its end. */
  private String base() {
    int query = path.indexOf('?');
    return withoutSlashes(query < 0 ? path : path.substring(0, query));
  }

  private static String withoutSlashes(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  private static int defaultPort(String scheme, int otherwise) {
    return switch (scheme) {
      case "http" -> 80;
      case "https" -> 443;
      default -> otherwise;
    };
  }

  /** {@code host:port}, an IPv6 address in brackets. */
  public String authority() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
