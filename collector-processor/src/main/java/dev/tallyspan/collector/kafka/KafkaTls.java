package dev.tallyspan.collector.kafka;

import dev.tallyspan.collector.exporter.TlsClient;
import dev.tallyspan.collector.exporter.TlsSettings;
import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * Connects clients of Kafka's library with the TLS settings of exporters, which know more than the
 * library's own: system CAs in addition to others, a certificate that is read again. The library
 * creates it by its name.
 */
public final class KafkaTls implements SslEngineFactory {

  /** The property that holds the {@link TlsSettings}. */
  static final String SETTINGS = "tallyspan.tls";

  private @Nullable TlsClient client;

  public KafkaTls() {}

  @Override
  public void configure(Map<String, ?> properties) {
    if (!(properties.get(SETTINGS) instanceof TlsSettings settings)) {
      throw new IllegalArgumentException(SETTINGS + " is missing");
    }
    client = TlsClient.of(settings);
  }

  @Override
  public SSLEngine createClientSslEngine(
      String peerHost, int peerPort, String endpointIdentification) {
    if (client == null) {
      throw new IllegalStateException("not configured");
    }
    SSLEngine engine = client.engine(peerHost, peerPort);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(endpointIdentification);
    engine.setSSLParameters(parameters);
    return engine;
  }

  @Override
  public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
    throw new UnsupportedOperationException();
  }

  /** A certificate that is read again needs no new context. */
  @Override
  public boolean shouldBeRebuilt(Map<String, Object> nextProperties) {
    return false;
  }

  @Override
  public Set<String> reconfigurableConfigs() {
    return Set.of();
  }

  @Override
  public @Nullable KeyStore keystore() {
    return null;
  }

  @Override
  public @Nullable KeyStore truststore() {
    return null;
  }

  @Override
  public void close() {}
}
