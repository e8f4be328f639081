package dev.tallyspan.pricing.live;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * An Ed25519 public key that verifies the signature of a catalog. The signature is in a file beside
 * the catalog, with the suffix {@code .sig}: 64 bytes (RFC 8032), as written by {@code openssl
 * pkeyutl -sign -rawin}, or their base64. Immutable and thread-safe.
 */
public final class SignatureKey {
  private static final int SIGNATURE_BYTES = 64;

  private final PublicKey key;

  private SignatureKey(PublicKey key) {
    this.key = key;
  }

  /**
   * Reads a key.
   *
   * @param text PEM, as written by {@code openssl pkey -pubout}, or only its base64
   * @return the key
   * @throws IllegalArgumentException if it is not an Ed25519 public key
   */
  public static SignatureKey parse(String text) {
    String base64 = text.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
    try {
      byte[] encoded = Base64.getDecoder().decode(base64);
      KeyFactory keys = KeyFactory.getInstance("Ed25519");
      return new SignatureKey(keys.generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "is not an Ed25519 public key; create one with openssl pkey -in KEY -pubout", e);
    }
  }

  void check(String text, byte[] signature) throws RefusedException {
    byte[] raw = signature.length == SIGNATURE_BYTES ? signature : decoded(signature);
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(text.getBytes(StandardCharsets.UTF_8));
      if (raw.length == SIGNATURE_BYTES && verifier.verify(raw)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      // Rejected like any other invalid signature.
    }
    throw new RefusedException("has no valid signature of the given key in its .sig file");
  }

  private static byte[] decoded(byte[] base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignatureKey that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }
}
