package dev.tallyspan.collector.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** A password as it is stored: in plain text, or as a hash. Does not show itself in text. */
sealed interface StoredPassword {

  /** Compares a password. May take a tenth of a second for {@link Bcrypt}. */
  boolean matches(String password);

  /** Plain text. */
  record Plain(String text) implements StoredPassword {
    @Override
    public boolean matches(String password) {
      return MessageDigest.isEqual(sha256(text), sha256(password));
    }

    private static byte[] sha256(String text) {
      return SaltedDigest.algorithm("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "Plain";
    }
  }

  /** A SHA-1 hash with a salt, which may be empty. */
  final class Sha1 implements StoredPassword {

    private final byte[] hash;
    private final byte[] salt;

    private Sha1(byte[] hash, byte[] salt) {
      this.hash = hash;
      this.salt = salt;
    }

    /** Splits the bytes of a hash, which are followed by its salt. */
    static Sha1 of(byte[] bytes, int length) {
      return new Sha1(
          Arrays.copyOf(bytes, length), Arrays.copyOfRange(bytes, length, bytes.length));
    }

    @Override
    public boolean matches(String password) {
      MessageDigest digest = SaltedDigest.algorithm("SHA-1");
      digest.update(password.getBytes(StandardCharsets.UTF_8));
      digest.update(salt);
      return MessageDigest.isEqual(hash, digest.digest());
    }
  }

  /** A bcrypt hash. */
  record Bcrypt(String hash) implements StoredPassword {

    /**
     * @throws IllegalArgumentException if it is not one
     */
    static Bcrypt of(String hash) {
      if (!hash.matches("\\$2[aby]\\$(0[4-9]|1[0-9])\\$[./A-Za-z0-9]{53}")) {
        throw new IllegalArgumentException(
            "has a bcrypt hash that is not valid, or has a cost of more than 19");
      }
      return new Bcrypt(hash);
    }

    @Override
    public boolean matches(String password) {
      try {
        return BCrypt.verifyer()
            .verify(
                password.getBytes(StandardCharsets.UTF_8), hash.getBytes(StandardCharsets.UTF_8))
            .verified;
      } catch (IllegalArgumentException e) {
        // Longer than bcrypt supports: 72 bytes.
        return false;
      }
    }

    @Override
    public String toString() {
      return "Bcrypt";
    }
  }
}
