package dev.tallyspan.collector.offload;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests for S3 with the whole content in one chunk.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">AWS
 *     Signature Version 4</a>
 */
final class S3Signature {

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private S3Signature() {}

  /**
   * Returns the headers of a signed request, {@code Host} excepted, which the client sets.
   *
   * @param uri has no query, and no characters in its path that need escapes
   * @param contentHash the SHA-256 of the content, as lowercase hex digits
   * @param headers to sign as well, by lowercase names
   */
  static Map<String, String> headers(
      S3Settings settings,
      String method,
      URI uri,
      String contentHash,
      Map<String, String> headers,
      Instant now) {
    String time = TIME.format(now);
    Map<String, String> signed = new TreeMap<>(headers);
    signed.put("x-amz-content-sha256", contentHash);
    signed.put("x-amz-date", time);
    @Nullable String token = settings.sessionToken();
    if (token != null) {
      signed.put("x-amz-security-token", token);
    }
    signed.put("host", uri.getRawAuthority());
    StringBuilder canonical = new StringBuilder(method + "\n" + uri.getRawPath() + "\n\n");
    signed.forEach((name, value) -> canonical.append(name + ":" + value.strip() + "\n"));
    String names = String.join(";", signed.keySet());
    canonical.append("\n" + names + "\n" + contentHash);
    String day = time.substring(0, 8);
    String scope = day + "/" + settings.region() + "/s3/aws4_request";
    String toSign =
        String.join("\n", ALGORITHM, time, scope, ContentHash.of(bytes(canonical.toString())));
    byte[] key = bytes("AWS4" + settings.secretAccessKey());
    for (String part : new String[] {day, settings.region(), "s3", "aws4_request"}) {
      key = hmac(key, part);
    }
    signed.remove("host");
    signed.put(
        "authorization",
        ALGORITHM
            + " Credential="
            + settings.accessKeyId()
            + "/"
            + scope
            + ", SignedHeaders="
            + names
            + ", Signature="
            + HexFormat.of().formatHex(hmac(key, toSign)));
    return signed;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] hmac(byte[] key, String message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(bytes(message));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
    }
  }
}
