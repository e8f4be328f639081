package dev.tallyspan.collector.kafka;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.TlsSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client reaches a Kafka cluster. Names and defaults are those of the Collector's components
 * {@code kafka}.
 *
 * @param brokers the first brokers to ask, as {@code host:port}; default {@code localhost:9092}
 * @param clientId what brokers call this client in their logs and quotas; default {@code
 *     otel-collector}
 * @param idleTimeout after which an unused connection is closed; default 9 minutes
 * @param metadataRefresh the time after which topics and their leaders are asked for again; default
 *     10 minutes
 * @param sasl null = no authentication, the default
 * @param tls null = no TLS, the default
 */
public record KafkaClientSettings(
    List<String> brokers,
    String clientId,
    Duration idleTimeout,
    Duration metadataRefresh,
    @Nullable Sasl sasl,
    @Nullable TlsSettings tls) {

  public static final KafkaClientSettings DEFAULT =
      new KafkaClientSettings(
          List.of("localhost:9092"),
          "otel-collector",
          Duration.ofMinutes(9),
          Duration.ofMinutes(10),
          /* sasl= */ null,
          /* tls= */ null);

  /** Clients of Kafka try a broker that is down up to once a second, and log each attempt. */
  private static final Duration RECONNECT_BACKOFF_MAX = Duration.ofSeconds(5);

  /**
   * @throws IllegalArgumentException if there is no broker
   */
  public KafkaClientSettings {
    brokers = List.copyOf(brokers);
    requireNonNull(clientId, "clientId");
    requireNonNull(idleTimeout, "idleTimeout");
    requireNonNull(metadataRefresh, "metadataRefresh");
    if (brokers.isEmpty()) {
      throw new IllegalArgumentException("brokers=[]: must not be empty");
    }
  }

  /** Returns new properties for a client of Kafka's library, which may be added to. */
  public Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", brokers);
    properties.put("client.id", clientId);
    properties.put("connections.max.idle.ms", idleTimeout.toMillis());
    properties.put("metadata.max.age.ms", metadataRefresh.toMillis());
    properties.put("reconnect.backoff.max.ms", RECONNECT_BACKOFF_MAX.toMillis());
    boolean encrypted = tls != null && !tls.insecure();
    properties.put(
        "security.protocol", (sasl == null ? "" : "SASL_") + (encrypted ? "SSL" : "PLAINTEXT"));
    if (sasl != null) {
      sasl.addTo(properties);
    }
    if (tls != null && encrypted) {
      properties.put("ssl.engine.factory.class", KafkaTls.class);
      properties.put(KafkaTls.SETTINGS, tls);
      properties.put(
          "ssl.endpoint.identification.algorithm", tls.insecureSkipVerify() ? "" : "https");
    }
    // Metrics of the library would be registered with JMX, once for each client id.
    properties.put("auto.include.jmx.reporter", false);
    properties.put("metric.reporters", List.of());
    // Brokers can ask clients for their metrics (KIP-714); ours are at service.telemetry.
    properties.put("enable.metrics.push", false);
    return properties;
  }
}
