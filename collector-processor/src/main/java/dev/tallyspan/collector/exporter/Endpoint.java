package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Signal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The endpoint of a backend.
 *
 * @param scheme {@code http}, {@code https}, or empty if the text had none
 * @param host a name or an address; an IPv6 address without brackets
 * @param port never 0
 * @param path empty, or starts with a slash; includes the query, if there is one
 */
public record Endpoint(String scheme, String host, int port, String path) {

  /**
   * Parses {@code http://host:port}, {@code https://host}, {@code host:port} or {@code
   * dns:///host:port}.
   *
   * @param defaultPort for texts with neither port nor scheme
   * @throws IllegalArgumentException if the text has another format; the message does not repeat
   *     the text, because it may contain a password
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
    String scheme =
        uri.getScheme() == null || !hasScheme ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
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
          "must not contain user and password: use the header Authorization");
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
   * Returns the signal whose default path this path ends with, or null if there is none. Such an
   * endpoint is for one signal, and probably not intended as a base URL.
   */
  public @Nullable Signal endsInPathOf() {
    String base = base();
    for (Signal signal : Signal.values()) {
      if (base.endsWith(signal.httpPath())) {
        return signal;
      }
    }
    return null;
  }

  /**
   * Returns this base URL with the path of a signal, which replaces a signal's path that is already
   * there.
   */
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

  /** Returns the path without the query and trailing slashes. */
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

  /** Returns {@code host:port}, with an IPv6 address in brackets. */
  public String authority() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
