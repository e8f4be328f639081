package dev.tallyspan.collector.viewer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may read the viewer.
 *
 * <p>On a loopback address, other users' browsers cannot reach it, but a page that this user's
 * browser shows could try to: by a request from its own origin, or after it rebound its own name to
 * 127.0.0.1. So the host must be a loopback name, and an origin must be the viewer itself. On any
 * other address, everyone needs the token, once as a parameter and then as a cookie; a name that
 * was rebound has no cookie.
 */
final class Access {

  /** Where the request is from and for whom is not right; the text says what is expected. */
  record Refusal(int status, String text) {}

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  private final @Nullable String token;
  private final String cookieValue;

  /**
   * @param token null if the viewer listens on loopback addresses only, and needs none
   */
  Access(@Nullable String token) {
    this.token = token;
    cookieValue = token == null ? "" : digest(token);
  }

  /**
   * @param page whether the request is for a page that a link of another site may open
   * @return null if the request may be answered
   */
  @Nullable Refusal check(HttpHeaders headers, int port, boolean page) {
    String host = headers.get(HttpHeaderNames.HOST, "");
    if (token == null && !LOOPBACK.matcher(withoutPort(host)).matches()) {
      return new Refusal(403, "the viewer answers to localhost only\n");
    }
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    if (origin != null && !isHost(origin, host)) {
      return new Refusal(403, "requests of other sites are refused\n");
    }
    // Browsers say where a request is from even if they send no origin.
    String site = headers.get("sec-fetch-site", "none");
    boolean own = site.equals("same-origin") || site.equals("none");
    boolean link = page && "navigate".equals(headers.get("sec-fetch-mode"));
    if (!own && !link) {
      return new Refusal(403, "requests of other sites are refused\n");
    }
    if (token != null && !hasToken(headers, port)) {
      return new Refusal(401, "open the URL that tallyspan printed: it contains the token\n");
    }
    return null;
  }

  /** Whether this is the token that is needed; false if none is. */
  boolean isToken(String given) {
    return token != null && MessageDigest.isEqual(token.getBytes(UTF_8), given.getBytes(UTF_8));
  }

  /** Returns the cookie that a browser sends in place of the token from then on. */
  String cookie(int port) {
    return cookieName(port) + "=" + cookieValue + "; Path=/; HttpOnly; SameSite=Lax";
  }

  private boolean hasToken(HttpHeaders headers, int port) {
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    if (authorization.regionMatches(/* ignoreCase= */ true, 0, "Bearer ", 0, 7)) {
      return isToken(authorization.substring(7).trim());
    }
    for (String header : headers.getAll(HttpHeaderNames.COOKIE)) {
      for (Cookie cookie : ServerCookieDecoder.LAX.decode(header)) {
        if (cookie.name().equals(cookieName(port))
            && MessageDigest.isEqual(cookie.value().getBytes(UTF_8), cookieValue.getBytes(UTF_8))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Cookies are shared by all ports of a host. */
  private static String cookieName(int port) {
    return "tallyspan_viewer_" + port;
  }

  private static boolean isHost(String origin, String host) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority != null && authority.equalsIgnoreCase(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String withoutPort(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]{1,5}$", "");
  }

  private static String digest(String token) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
