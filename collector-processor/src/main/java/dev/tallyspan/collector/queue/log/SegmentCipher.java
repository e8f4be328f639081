package dev.tallyspan.collector.queue.log;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the payloads of one segment with AES-256-GCM and a key of its own. Thread-safe.
 *
 * <p>The nonce of a record is its group and its sequence. No two records that are ever encrypted
 * with the segment's key share both: a write that is repeated after a failure has a new group.
 */
final class SegmentCipher {

  static final int TAG_BYTES = 16;

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;

  private final SecretKey key;

  private SegmentCipher(SecretKey key) {
    this.key = key;
  }

  /** The cipher of a new segment, and its key as the segment's header stores it. */
  record Created(SegmentCipher cipher, byte[] wrappedKey) {}

  static Created create(SecretKey masterKey, long salt, SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] encrypted = crypt(Cipher.ENCRYPT_MODE, masterKey, nonce, saltBytes(salt), key);
      byte[] wrapped =
          ByteBuffer.allocate(NONCE_BYTES + encrypted.length).put(nonce).put(encrypted).array();
      return new Created(new SegmentCipher(new SecretKeySpec(key, "AES")), wrapped);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not available", e);
    }
  }

  /** Returns the cipher of an existing segment; null if the master key is not the right one. */
  static @Nullable SegmentCipher unwrap(SecretKey masterKey, SegmentHeader header) {
    byte[] wrapped = header.wrappedKey();
    if (wrapped.length != NONCE_BYTES + KEY_BYTES + TAG_BYTES) {
      return null;
    }
    byte[] nonce = new byte[NONCE_BYTES];
    byte[] encrypted = new byte[wrapped.length - NONCE_BYTES];
    ByteBuffer.wrap(wrapped).get(nonce).get(encrypted);
    try {
      byte[] key =
          crypt(Cipher.DECRYPT_MODE, masterKey, nonce, saltBytes(header.salt()), encrypted);
      return new SegmentCipher(new SecretKeySpec(key, "AES"));
    } catch (AEADBadTagException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not available", e);
    }
  }

  byte[] encrypt(RecordHeader header, byte[] payload) {
    try {
      return crypt(Cipher.ENCRYPT_MODE, key, nonce(header), header.authenticated(), payload);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not available", e);
    }
  }

  /** Returns null if the payload, or what its header says, is not what was encrypted. */
  byte @Nullable [] decrypt(RecordHeader header, byte[] payload) {
    try {
      return crypt(Cipher.DECRYPT_MODE, key, nonce(header), header.authenticated(), payload);
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private static byte[] nonce(RecordHeader header) {
    return ByteBuffer.allocate(NONCE_BYTES)
        .putInt(header.group())
        .putLong(header.sequence())
        .array();
  }

  private static byte[] saltBytes(long salt) {
    return ByteBuffer.allocate(Long.BYTES).putLong(salt).array();
  }

  private static byte[] crypt(
      int mode, SecretKey key, byte[] nonce, byte[] authenticated, byte[] input)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(authenticated);
    return cipher.doFinal(input);
  }
}
