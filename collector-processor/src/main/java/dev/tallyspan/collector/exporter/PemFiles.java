package dev.tallyspan.collector.exporter;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Reads certificates and keys in PEM. */
final class PemFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private PemFiles() {}

  /**
   * @throws IllegalArgumentException if there is no certificate in the text
   */
  static List<X509Certificate> certificates(byte[] pem) {
    List<X509Certificate> certificates = new ArrayList<>();
    try {
      InputStream in = new ByteArrayInputStream(pem);
      CertificateFactory.getInstance("X.509")
          .generateCertificates(in)
          .forEach(certificate -> certificates.add((X509Certificate) certificate));
    } catch (CertificateException e) {
      throw new IllegalArgumentException("not a valid PEM certificate", e);
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("not a valid PEM certificate");
    }
    return certificates;
  }

  /**
   * @throws IllegalArgumentException if there is no key in the text, or not in PKCS #8
   */
  static PrivateKey key(byte[] pem) {
    Matcher matcher = KEY.matcher(new String(pem, US_ASCII));
    if (!matcher.find()) {
      throw new IllegalArgumentException("not a private key in PEM, PKCS #8");
    }
    PKCS8EncodedKeySpec encoded =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1)));
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      PrivateKey key = key(algorithm, encoded);
      if (key != null) {
        return key;
      }
    }
    throw new IllegalArgumentException("not a private key of the type RSA, EC or EdDSA");
  }

  private static @Nullable PrivateKey key(String algorithm, PKCS8EncodedKeySpec encoded) {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
    } catch (InvalidKeySpecException | NoSuchAlgorithmException e) {
      return null;
    }
  }

  /** The CAs that Java trusts. */
  static List<X509Certificate> systemCas() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      List<X509Certificate> certificates = new ArrayList<>();
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          certificates.addAll(Arrays.asList(x509.getAcceptedIssuers()));
        }
      }
      return certificates;
    } catch (KeyStoreException | NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("the CAs of the system cannot be read", e);
    }
  }
}
