package dev.tallyspan.collector.receiver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Reads certificates and private keys in PEM. Messages do not quote their content. */
final class PemContent {

  /** The key that the manager's only entry has. */
  static final String ALIAS = "server";

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\s]+-----END CERTIFICATE-----");

  private static final char[] NO_PASSWORD = {};

  private PemContent() {}

  /**
   * Returns a manager of one key.
   *
   * @throws IllegalArgumentException if there is no certificate or no PKCS#8 key, or if they do not
   *     belong together
   */
  static X509ExtendedKeyManager keys(String certPem, String keyPem) {
    try {
      Certificate[] chain = certificates(certPem).toArray(new Certificate[0]);
      PrivateKey key = privateKey(keyPem);
      checkPair(chain[0], key);
      KeyStore store = emptyStore();
      store.setKeyEntry(ALIAS, key, NO_PASSWORD, chain);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      for (KeyManager manager : factory.getKeyManagers()) {
        if (manager instanceof X509ExtendedKeyManager found) {
          return found;
        }
      }
      throw new IllegalStateException("the platform has no X.509 key manager");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("must hold a certificate and its key", e);
    }
  }

  /**
   * Returns what trusts the certificates that an authority has signed.
   *
   * @throws IllegalArgumentException if there is no certificate
   */
  static X509ExtendedTrustManager authority(String pem) {
    try {
      KeyStore store = emptyStore();
      for (X509Certificate certificate : certificates(pem)) {
        store.setCertificateEntry("ca" + store.size(), certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager found) {
          return found;
        }
      }
      throw new IllegalStateException("the platform has no X.509 trust manager");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("must hold certificates", e);
    }
  }

  private static List<X509Certificate> certificates(String pem) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<String> blocks = CERTIFICATE.matcher(pem).results().map(found -> found.group()).toList();
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException("has no certificate in PEM");
    }
    List<X509Certificate> certificates = new ArrayList<>();
    for (String block : blocks) {
      byte[] bytes = block.getBytes(StandardCharsets.US_ASCII);
      certificates.add(
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
    }
    return certificates;
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    Matcher block = KEY.matcher(pem);
    if (!block.find()) {
      throw new IllegalArgumentException(
          "has no PKCS#8 key (BEGIN PRIVATE KEY) without a password; convert it with"
              + " openssl pkcs8 -topk8 -nocrypt");
    }
    PKCS8EncodedKeySpec spec =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(1)));
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException e) {
        // A key of another algorithm.
      }
    }
    throw new IllegalArgumentException("has a key that is not RSA, EC or EdDSA");
  }

  /** Certificate and key may be written one after the other; in between, they do not match. */
  private static void checkPair(Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] text = ALIAS.getBytes(StandardCharsets.US_ASCII);
    // The names of both are the same, for EdDSA the name of the family.
    boolean pair = certificate.getPublicKey().getAlgorithm().equals(key.getAlgorithm());
    if (pair) {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate);
      signature.update(text);
      pair = signature.verify(signed);
    }
    if (!pair) {
      throw new IllegalArgumentException("the key is not the key of the certificate");
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
