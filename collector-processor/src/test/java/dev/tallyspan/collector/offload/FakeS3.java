package dev.tallyspan.collector.offload;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An object store on loopback that takes PUT requests to one bucket, and refuses what S3 refuses: a
 * wrong signature, content that is not what was signed, an old request, a header that must be
 * signed and is not.
 */
public final class FakeS3 implements AutoCloseable {

  public static final String KEY_ID = "AKIAIOSFODNN7EXAMPLE";
  public static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request, "
              + "SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");

  public final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  public final Map<String, String> types = new ConcurrentHashMap<>();
  public final List<String> refusals = new CopyOnWriteArrayList<>();
  public volatile int failures;
  public volatile int puts;
  private final HttpServer server;

  public FakeS3() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  S3Settings settings(String secret, long maxQueuedBytes) {
    return new S3Settings(
        endpoint(), "traces", "llm/", "eu-central-1", KEY_ID, secret, "token", maxQueuedBytes);
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    int status = 200;
    if (failures > 0) {
      failures--;
      status = 503;
    } else {
      String refusal = refusal(exchange, body);
      if (refusal != null) {
        refusals.add(refusal);
        status = 403;
      } else {
        puts++;
        objects.put(exchange.getRequestURI().getPath(), body);
        types.put(
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders().getFirst("content-type"));
      }
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static String refusal(HttpExchange exchange, byte[] body) {
    if (!exchange.getRequestMethod().equals("PUT")
        || !exchange.getRequestURI().getPath().startsWith("/traces/")) {
      return "not a PUT to the bucket";
    }
    String given = exchange.getRequestHeaders().getFirst("authorization");
    Matcher authorization = AUTHORIZATION.matcher(given == null ? "" : given);
    if (!authorization.matches() || !authorization.group(1).equals(KEY_ID)) {
      return "authorization";
    }
    List<String> signed = Arrays.asList(authorization.group(4).split(";"));
    if (!signed.equals(signed.stream().sorted().toList()) || !signed.contains("host")) {
      return "signed headers";
    }
    List<String> headers = new ArrayList<>();
    exchange.getRequestHeaders().keySet().forEach(name -> headers.add(name.toLowerCase()));
    for (String name : headers) {
      if ((name.startsWith("x-amz-") || name.equals("content-type")) && !signed.contains(name)) {
        return "not signed: " + name;
      }
    }
    String hash = HexFormat.of().formatHex(sha256(body));
    if (!hash.equals(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"))) {
      return "content";
    }
    if (!"token".equals(exchange.getRequestHeaders().getFirst("x-amz-security-token"))) {
      return "session token";
    }
    String date = exchange.getRequestHeaders().getFirst("x-amz-date");
    Instant time =
        LocalDateTime.parse(date, DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"))
            .toInstant(ZoneOffset.UTC);
    if (Duration.between(time, Instant.now()).abs().toMinutes() > 15
        || !date.startsWith(authorization.group(2))) {
      return "time";
    }
    StringBuilder request = new StringBuilder("PUT\n");
    request.append(exchange.getRequestURI().getRawPath()).append("\n\n");
    for (String name : signed) {
      request.append(name + ":" + exchange.getRequestHeaders().getFirst(name) + "\n");
    }
    request.append("\n" + authorization.group(4) + "\n" + hash);
    String scope = authorization.group(2) + "/eu-central-1/s3/aws4_request";
    String toSign =
        "AWS4-HMAC-SHA256\n"
            + date
            + "\n"
            + scope
            + "\n"
            + HexFormat.of().formatHex(sha256(utf8(request.toString())));
    byte[] key = utf8("AWS4" + SECRET);
    for (String part : scope.split("/")) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, toSign)).equals(authorization.group(5))
        ? null
        : "signature";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(utf8(message));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
