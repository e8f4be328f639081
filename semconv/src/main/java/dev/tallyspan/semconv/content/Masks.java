package dev.tallyspan.semconv.content;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What stands for a value that must not be seen: {@code [EMAIL]}, or with a key a pseudonym, {@code
 * [EMAIL#hgkbcpaodmfn]}, which is the same for the same value and says nothing without the key.
 *
 * <p>A pseudonym consists of letters only, so that no detector takes it for a number, and has no
 * colon, which would make it an assignment.
 */
final class Masks {

  /** The kind of what a rule masks. */
  static final String BY_RULE = "MASKED";

  private static final int BLOCK = 64;
  private static final int LETTERS = 12;
  private static final int LONGEST = 64;

  private final byte @Nullable [] key;

  /**
   * @param key the key of pseudonyms; null = no pseudonyms
   */
  Masks(byte @Nullable [] key) {
    this.key = key;
  }

  String mask(String kind, String value) {
    return key == null ? "[" + kind + "]" : "[" + kind + "#" + pseudonym(key, value) + "]";
  }

  /** The hash of a text, for summaries; null without a key. */
  @Nullable String hash(String value) {
    return key == null ? null : pseudonym(key, value);
  }

  private static String pseudonym(byte[] key, String value) {
    byte[] hash = hmac(key, plain(value).getBytes(StandardCharsets.UTF_8));
    StringBuilder letters = new StringBuilder(LETTERS);
    for (int i = 0; i < LETTERS / 2; i++) {
      letters.append((char) ('a' + (hash[i] >> 4 & 15))).append((char) ('a' + (hash[i] & 15)));
    }
    return letters.toString();
  }

  /** HMAC-SHA256, as in RFC 2104; javax.crypto is more than this library depends on. */
  private static byte[] hmac(byte[] key, byte[] message) {
    byte[] block = Arrays.copyOf(key.length > BLOCK ? sha256(key) : key, BLOCK);
    byte[] inner = new byte[BLOCK];
    byte[] outer = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      inner[i] = (byte) (block[i] ^ 0x36);
      outer[i] = (byte) (block[i] ^ 0x5c);
    }
    return sha256(outer, sha256(inner, message));
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  /** The value without what differs between notations of the same value: case, separators. */
  private static String plain(String value) {
    StringBuilder plain = new StringBuilder(value.length());
    String lower = value.toLowerCase(Locale.ROOT);
    for (int i = 0; i < lower.length(); i++) {
      char c = lower.charAt(i);
      if (c > ' ' && "-./()\u00A0\u202F\u2011".indexOf(c) < 0) {
        plain.append(c);
      }
    }
    return plain.length() == 0 ? value : plain.toString();
  }

  /** Whether the text is one mask and nothing else. */
  static boolean isMask(String text) {
    int end = text.length() - 1;
    if (end < 3 || end > LONGEST || text.charAt(0) != '[' || text.charAt(end) != ']') {
      return false;
    }
    int at = 1;
    while (at < end && isKind(text.charAt(at))) {
      at++;
    }
    if (at == end) {
      return true;
    }
    if (at == 1 || text.charAt(at) != '#' || end - at - 1 != LETTERS) {
      return false;
    }
    for (at++; at < end; at++) {
      if (text.charAt(at) < 'a' || text.charAt(at) > 'p') {
        return false;
      }
    }
    return true;
  }

  static boolean isKind(char c) {
    return (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
  }
}
