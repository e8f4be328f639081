package dev.tallyspan.collector.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * Digests of credentials, with a salt that each instance chooses. Secrets of any length become 32
 * bytes that can be compared in constant time, and that mean nothing outside this process.
 * Thread-safe.
 */
final class SaltedDigest {

  private final byte[] salt = new byte[32];

  SaltedDigest() {
    new SecureRandom().nextBytes(salt);
  }

  byte[] of(String credentials) {
    MessageDigest digest = algorithm("SHA-256");
    digest.update(salt);
    return digest.digest(credentials.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns an algorithm that every Java platform has. */
  static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
