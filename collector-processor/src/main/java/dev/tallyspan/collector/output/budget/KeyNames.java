package dev.tallyspan.collector.output.budget;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How the values of keys are shown. A user id is personal data, so by default it is shown as the
 * first 12 hex digits of its SHA-256.
 */
public enum KeyNames {
  HASHED,
  PLAIN;

  private static final int HASH_BYTES = 6;

  String shown(String key) {
    return this == PLAIN ? key : hash(key);
  }

  private static String hash(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }
}
