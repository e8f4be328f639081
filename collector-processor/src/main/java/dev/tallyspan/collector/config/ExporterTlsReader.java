package dev.tallyspan.collector.config;

import dev.tallyspan.collector.exporter.Protocol;
import dev.tallyspan.collector.exporter.TlsPem;
import dev.tallyspan.collector.exporter.TlsSettings;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Reads {@code tls} of an exporter. */
final class ExporterTlsReader {

  /** The versions that the Collector knows, by the older of which Java refuses connections. */
  private static final Map<String, Integer> VERSIONS =
      Map.of("1.0", 0, "1.1", 1, "1.2", 2, "1.3", 3);

  private final Section tls;

  private ExporterTlsReader(Section tls) {
    this.tls = tls;
  }

  static TlsSettings read(Section exporter, Protocol protocol) {
    Section tls = exporter.section("tls");
    return tls == null ? TlsSettings.DEFAULT : new ExporterTlsReader(tls).read(protocol);
  }

  private TlsSettings read(Protocol protocol) {
    boolean insecure = tls.bool("insecure", false);
    boolean skipVerify = tls.bool("insecure_skip_verify", false);
    Path ca = tls.file("ca_file");
    Path cert = tls.file("cert_file");
    Path key = tls.file("key_file");
    TlsPem pem = new TlsPem(tls.text("ca_pem"), tls.text("cert_pem"), tls.text("key_pem"));
    String serverName = null;
    if (protocol == Protocol.GRPC) {
      serverName = tls.text("server_name_override");
    } else {
      tls.unsupported("server_name_override", "only otlp_grpc has it");
    }
    boolean systemCas = tls.bool("include_system_ca_certs_pool", false);
    List<String> protocols = protocols();
    List<String> cipherSuites = cipherSuites();
    Duration reload = tls.duration("reload_interval", Duration.ZERO);
    if (!reload.isZero() && cert == null) {
      tls.warning(
          "reload_interval",
          tls.name("reload_interval") + ": has no effect: there is no cert_file to read again");
    }
    ExporterReader.withoutEffect(tls, "curve_preferences", "Java chooses the curves");
    ExporterReader.withoutEffect(
        tls, "include_insecure_cipher_suites", "Java does not offer insecure ones");
    tls.unsupported("tpm", "the key must be a file, key_file");
    tls.end();
    if ((cert == null && pem.cert() == null) != (key == null && pem.key() == null)) {
      tls.error("set both cert_file and key_file: one is missing");
      return TlsSettings.DEFAULT;
    }
    try {
      return new TlsSettings(
          insecure,
          skipVerify,
          ca,
          cert,
          key,
          serverName,
          pem,
          systemCas,
          protocols,
          cipherSuites,
          reload);
    } catch (IllegalArgumentException e) {
      tls.error(e);
      return TlsSettings.DEFAULT;
    }
  }

  /** Returns the names of Java; empty = its default, which is 1.2 and 1.3. */
  private List<String> protocols() {
    Integer least = version("min_version");
    Integer most = version("max_version");
    if (most != null && most < 2) {
      tls.error(
          "max_version",
          tls.name("max_version") + ": must be 1.2 or 1.3, as Java has no older ones");
      return List.of();
    }
    if (least != null && most != null && least > most) {
      tls.error("max_version", tls.name("max_version") + ": must not be less than min_version");
      return List.of();
    }
    if (least != null && least < 2) {
      tls.warning("min_version", tls.name("min_version") + ": Java has no versions before 1.2");
    }
    boolean notOld = least != null && least == 3;
    boolean notNew = most != null && most == 2;
    if (!notOld && !notNew) {
      return List.of();
    }
    return List.of(notOld ? "TLSv1.3" : "TLSv1.2");
  }

  private @Nullable Integer version(String key) {
    return tls.has(key) ? tls.choice(key, VERSIONS) : null;
  }

  private List<String> cipherSuites() {
    List<String> suites = tls.texts("cipher_suites");
    if (suites.isEmpty()) {
      return suites;
    }
    Set<String> supported = supported();
    for (String suite : suites) {
      if (!supported.contains(suite)) {
        tls.error("cipher_suites", tls.name("cipher_suites") + ": Java does not support " + suite);
      }
    }
    return suites;
  }

  private static Set<String> supported() {
    try {
      return Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Java has no TLS", e);
    }
  }
}
