package dev.tallyspan.collector.config;

import dev.tallyspan.collector.exporter.Endpoint;
import dev.tallyspan.collector.exporter.Protocol;
import dev.tallyspan.collector.exporter.TlsSettings;
import dev.tallyspan.collector.kafka.KafkaClientSettings;
import dev.tallyspan.collector.kafka.KafkaEncoding;
import dev.tallyspan.collector.kafka.Sasl;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what exporters and receivers {@code kafka} have in common. */
final class KafkaClientReader {

  private static final Map<String, KafkaEncoding> ENCODINGS =
      Arrays.stream(KafkaEncoding.values())
          .collect(Collectors.toUnmodifiableMap(KafkaEncoding::word, each -> each));

  private static final Map<String, Sasl.Mechanism> MECHANISMS =
      Arrays.stream(Sasl.Mechanism.values())
          .collect(
              Collectors.toUnmodifiableMap(
                  each -> each.word().toLowerCase(Locale.ROOT), each -> each));

  private static final int PORT = 9092;

  private KafkaClientReader() {}

  static KafkaClientSettings read(Section section) {
    KafkaClientSettings otherwise = KafkaClientSettings.DEFAULT;
    List<String> brokers = brokers(section, otherwise.brokers());
    section.text("protocol_version"); // Clients and brokers agree on the newest that both have.
    if (section.bool("resolve_canonical_bootstrap_servers_only", false)) {
      section.unsupported(
          "resolve_canonical_bootstrap_servers_only", "list the names of the brokers");
    }
    Section auth = section.section("auth");
    Section metadata = section.section("metadata");
    Duration refresh = otherwise.metadataRefresh();
    if (metadata != null) {
      refresh = metadata.duration("refresh_interval", refresh);
      metadata.has("full"); // As in the Collector, without effect.
      metadata.withoutEffect("retry", "the client tries again for as long as it takes");
      metadata.end();
    }
    TlsSettings tls = tls(section);
    Sasl sasl = null;
    if (auth != null) {
      tls = tls == null ? tls(auth) : tls;
      sasl = sasl(auth, tls);
      auth.end();
    }
    return new KafkaClientSettings(
        brokers,
        section.text("client_id", otherwise.clientId()),
        section.duration("conn_idle_timeout", otherwise.idleTimeout()),
        refresh,
        sasl,
        tls);
  }

  private static List<String> brokers(Section section, List<String> otherwise) {
    if (!section.has("brokers")) {
      return otherwise;
    }
    List<String> brokers = section.texts("brokers");
    if (brokers.isEmpty()) {
      section.error("brokers", section.name("brokers") + ": is empty: list the brokers");
      return otherwise;
    }
    for (String each : brokers) {
      try {
        Endpoint broker = Endpoint.parse(each, PORT);
        if (!broker.scheme().isEmpty() || !broker.path().isEmpty()) {
          section.error(
              "brokers", section.name("brokers") + ": must be a list of brokers as host:port");
          return otherwise;
        }
      } catch (IllegalArgumentException e) {
        section.error("brokers", e);
        return otherwise;
      }
    }
    return brokers.stream().map(each -> Endpoint.parse(each, PORT).authority()).toList();
  }

  private static @Nullable TlsSettings tls(Section section) {
    return section.section("tls") == null
        ? null
        : ExporterTlsReader.read(section, Protocol.HTTP_PROTOBUF);
  }

  private static @Nullable Sasl sasl(Section auth, @Nullable TlsSettings tls) {
    auth.unsupported("kerberos", "use sasl with PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, or tls");
    Section plain = auth.section("plain_text");
    Section sasl = auth.section("sasl");
    Sasl read = null;
    if (plain != null) {
      auth.warning(
          "plain_text",
          auth.name("plain_text") + ": is deprecated, use sasl with the mechanism PLAIN");
      read = credentials(plain, Sasl.Mechanism.PLAIN);
      plain.end();
    }
    if (sasl != null) {
      Sasl.Mechanism mechanism = sasl.choice("mechanism", MECHANISMS);
      if (mechanism == null && !sasl.has("mechanism")) {
        sasl.error("mechanism is missing: set PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512");
      }
      sasl.number("version", 0, 1, 0);
      sasl.unsupported("aws_msk", "use the mechanism SCRAM-SHA-512, which Amazon MSK has as well");
      sasl.unsupported("oauthbearer_token_source", "use SCRAM-SHA-512 or PLAIN");
      read = credentials(sasl, mechanism == null ? Sasl.Mechanism.PLAIN : mechanism);
      sasl.end();
    }
    if (read != null && (tls == null || tls.insecure())) {
      auth.warning(
          sasl != null ? "sasl" : "plain_text",
          auth.name(sasl != null ? "sasl" : "plain_text")
              + ": "
              + (read.mechanism() == Sasl.Mechanism.PLAIN
                  ? "the password is sent without TLS"
                  : "without TLS, only the password is protected"));
    }
    return read;
  }

  private static @Nullable Sasl credentials(Section section, Sasl.Mechanism mechanism) {
    String username = section.text("username", "");
    String password = section.text("password", "");
    if (username.isEmpty() || password.isEmpty()) {
      section.error((username.isEmpty() ? "username" : "password") + " is missing or empty");
      return null;
    }
    return new Sasl(mechanism, username, password);
  }

  static KafkaEncoding encoding(Section section, KafkaEncoding otherwise) {
    return section.choice("encoding", ENCODINGS, otherwise);
  }

  /** Returns a topic's name; {@code otherwise} if the key is missing, or the name is not valid. */
  static String topic(Section section, String key, String otherwise) {
    String topic = section.text(key, otherwise);
    return isTopic(section, key, topic) ? topic : otherwise;
  }

  /** Whether a topic can have this name; reports it if not. */
  static boolean isTopic(Section section, String key, String topic) {
    if (topic.startsWith("^")) {
      section.error(
          key, section.name(key) + ": regular expressions are not supported: list the topics");
      return false;
    }
    // Kafka's rule.
    if (!topic.matches("[a-zA-Z0-9._-]{1,249}") || topic.equals(".") || topic.equals("..")) {
      section.error(
          key,
          section.name(key)
              + ": is not the name of a topic: use letters, digits, dots, underscores and hyphens");
      return false;
    }
    return true;
  }

  /** Warns of a key that newer versions of the Collector have elsewhere. */
  static void deprecated(Section section, String key, String instead) {
    if (section.has(key)) {
      section.warning(key, section.name(key) + ": is deprecated, use " + instead);
    }
  }
}
