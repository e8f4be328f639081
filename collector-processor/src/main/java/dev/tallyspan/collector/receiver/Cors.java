package dev.tallyspan.collector.receiver;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The web pages that may send telemetry from a browser. Components are named as in the Collector's
 * configuration.
 *
 * @param allowedOrigins {@code allowed_origins}: origins such as {@code https://app.example.com};
 *     {@code *} matches any text
 * @param allowedHeaders {@code allowed_headers}: request headers to allow in addition to
 *     Content-Type and those that every page may send; {@code *} = all
 * @param exposedHeaders {@code exposed_headers}: response headers that the page may read
 * @param maxAge {@code max_age}: how long a browser may cache the response to its preflight
 *     request; zero = the browser's default
 */
public record Cors(
    List<String> allowedOrigins,
    List<String> allowedHeaders,
    List<String> exposedHeaders,
    Duration maxAge) {

  public Cors {
    allowedOrigins = List.copyOf(allowedOrigins);
    allowedHeaders = List.copyOf(allowedHeaders);
    exposedHeaders = List.copyOf(exposedHeaders);
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("max_age=" + maxAge + ": must not be negative");
    }
  }

  boolean allows(String origin) {
    String lower = origin.toLowerCase(Locale.ROOT);
    return allowedOrigins.stream().anyMatch(allowed -> matches(allowed, lower));
  }

  /**
   * Returns the value of Access-Control-Allow-Headers; {@code requested} is what the browser asked
   * for.
   */
  String headers(@Nullable String requested) {
    if (allowedHeaders.contains("*") && requested != null) {
      return requested;
    }
    return allowedHeaders.isEmpty()
        ? "Content-Type"
        : "Content-Type, " + String.join(", ", allowedHeaders);
  }

  private static boolean matches(String allowed, String origin) {
    String lower = allowed.toLowerCase(Locale.ROOT);
    int star = lower.indexOf('*');
    if (star < 0) {
      return lower.equals(origin);
    }
    String[] literals = lower.split("\\*", -1);
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < literals.length; i++) {
      regex.append(i == 0 ? "" : ".*").append(Pattern.quote(literals[i]));
    }
    return Pattern.matches(regex.toString(), origin);
  }
}
