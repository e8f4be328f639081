package dev.tallyspan.pricing;

import dev.tallyspan.pricing.Reloader.RefusedException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * An Ed25519 public key, by which one can tell who wrote a catalog. The signature lies beside the
 * catalog under its name and {@code .sig}: 64 bytes (RFC 8032), as {@code openssl pkeyutl -sign
 * -rawin} writes them, or the same in base64. Immutable, thread-safe.
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
   * @param text PEM, as {@code openssl pkey -pubout} writes it, or its base64 alone
   * @throws IllegalArgumentException if it is no Ed25519 public key
   */
  public static SignatureKey parse(String text) {
    String base64 = text.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
    try {
      byte[] encoded = Base64.getDecoder().decode(base64);
      KeyFactory keys = KeyFactory.getInstance("Ed25519");
      return new SignatureKey(keys.generatePublic(new X509EncodedKeySpec(encoded)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "is no Ed25519 public key; openssl pkey -in KEY -pubout writes one", e);
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
      // Refused as any other that does not fit.
    }
    throw new RefusedException("does not have the signature of the given key in its .sig");
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
