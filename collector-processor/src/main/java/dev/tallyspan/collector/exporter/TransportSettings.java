package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.auth.RequestHeaders;
import dev.tallyspan.collector.flow.Signal;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a transport reaches its backend.
 *
 * @param exporter the id of the exporter, for errors
 * @param endpoint of all signals; null if each signal has its own
 * @param urls the full URLs by signal, for HTTP
 * @param headers sent with every request, by lowercase name
 * @param auth headers with credentials, in addition, which each request asks for anew
 * @param compressionLevel fits the compression
 * @param timeout of one attempt
 * @param keepAlive for gRPC; null = no pings
 */
record TransportSettings(
    String exporter,
    @Nullable Endpoint endpoint,
    Map<Signal, Endpoint> urls,
    Map<String, String> headers,
    RequestHeaders auth,
    Compression compression,
    int compressionLevel,
    Duration timeout,
    TlsSettings tls,
    @Nullable KeepAliveSettings keepAlive) {

  private static final @Nullable String VERSION =
      TransportSettings.class.getPackage().getImplementationVersion();

  static final String USER_AGENT =
      "Tallyspan-Collector" + (VERSION == null ? "" : "/" + VERSION) + " OTel-OTLP-Exporter-Java";

  TransportSettings {
    Map<Signal, Endpoint> bySignal = new EnumMap<>(Signal.class);
    bySignal.putAll(urls);
    urls = Collections.unmodifiableMap(bySignal);
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** Without the values of headers, since they may be keys. */
  @Override
  public String toString() {
    return "TransportSettings[" + exporter + ", headers=" + headers.keySet() + "]";
  }
}
