package dev.tallyspan.collector.config;

import dev.tallyspan.collector.config.ReceiverConfig.ServerTls;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Reads {@code tls} of a receiver. */
final class ServerTlsReader {

  private static final Map<String, Integer> VERSIONS = Map.of("1.2", 2, "1.3", 3);

  private ServerTlsReader() {}

  static @Nullable ServerTls read(@Nullable Section section) {
    if (section == null) {
      return null;
    }
    Path certFile = section.file("cert_file");
    String certPem = section.text("cert_pem");
    Path keyFile = section.file("key_file");
    String keyPem = section.text("key_pem");
    Path clientCa = section.file("client_ca_file");
    boolean clientCaReload = section.bool("client_ca_file_reload", false);
    Duration reload = section.duration("reload_interval", Duration.ZERO);
    int min = version(section, "min_version", 2);
    int max = version(section, "max_version", 3);
    List<String> suites = suites(section);
    section.withoutEffect("curve_preferences", "Java chooses the curves");
    section.unsupported("include_insecure_cipher_suites", "insecure suites are disabled in Java");
    section.unsupported("include_system_ca_certs_pool", "put all CAs into client_ca_file");
    section.unsupported("ca_file", "use client_ca_file to check the certificates of clients");
    section.unsupported("ca_pem", "use client_ca_file to check the certificates of clients");
    section.unsupported("tpm", "use a key in a file");
    section.end();
    if (min > max) {
      section.error("min_version must not be higher than max_version");
      return null;
    }
    if ((certFile == null) == (certPem == null) || (keyFile == null) == (keyPem == null)) {
      section.error("set cert_file or cert_pem, and key_file or key_pem");
      return null;
    }
    Set<String> protocols = min == max ? Set.of("TLSv1." + min) : Set.of("TLSv1.2", "TLSv1.3");
    return new ServerTls(
        certFile, certPem, keyFile, keyPem, clientCa, clientCaReload, reload, protocols, suites);
  }

  private static int version(Section section, String key, int otherwise) {
    String text = section.text(key, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    Integer version = VERSIONS.get(text);
    if (version == null) {
      boolean old = text.equals("1.0") || text.equals("1.1");
      section.error(
          key,
          section.name(key)
              + ": must be 1.2 or 1.3"
              + (old ? "; TLS " + text + " is not secure, and Java does not support it" : ""));
      return otherwise;
    }
    return version;
  }

  /** Returns the suites as Java names them: as Go does, except for one ending. */
  private static List<String> suites(Section section) {
    List<String> listed = section.texts("cipher_suites");
    if (listed.isEmpty()) {
      return listed;
    }
    Map<String, String> supported = new TreeMap<>();
    try {
      for (String name : SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites()) {
        supported.put(name, name);
        if (name.endsWith("CHACHA20_POLY1305_SHA256")) {
          supported.put(name.replaceAll("_SHA256$", ""), name);
        }
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    List<String> suites = new ArrayList<>();
    for (String name : listed) {
      String known = supported.get(name);
      if (known == null) {
        section.error(
            "cipher_suites", section.name("cipher_suites") + ": Java does not support " + name);
      } else {
        suites.add(known);
      }
    }
    return suites;
  }
}
