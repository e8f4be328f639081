package dev.tallyspan.collector.telemetry;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporterBuilder;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.DefaultAggregationSelector;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A destination to which Tallyspan sends its own metrics over OTLP.
 *
 * @param protocol default {@link Protocol#HTTP}
 * @param endpoint a URL; for HTTP with the path, such as {@code /v1/metrics}
 * @param headers of every request
 * @param gzip whether requests are compressed; default false
 * @param interval the time between two requests; default 60 s
 * @param timeout of a request; default 10 s
 * @param tls the files of a connection by TLS
 * @param temporality default {@link Temporality#CUMULATIVE}
 * @param exponentialHistograms whether histograms have exponential buckets; default false
 */
public record OtlpPush(
    Protocol protocol,
    String endpoint,
    Map<String, String> headers,
    boolean gzip,
    Duration interval,
    Duration timeout,
    TlsFiles tls,
    Temporality temporality,
    boolean exponentialHistograms) {

  /** How requests are transported; their encoding is protobuf. */
  public enum Protocol {
    HTTP,
    GRPC
  }

  /** Whether values count from the start of the process, or from the last request. */
  public enum Temporality {
    CUMULATIVE,
    DELTA,
    LOW_MEMORY
  }

  /**
   * Files in the PEM format; each may be null.
   *
   * @param ca certificates that sign the server's; null for those of the JVM
   * @param cert the client's certificate; null if the client has none
   * @param key of the client's certificate
   */
  public record TlsFiles(@Nullable Path ca, @Nullable Path cert, @Nullable Path key) {
    public static final TlsFiles NONE = new TlsFiles(null, null, null);
  }

  public OtlpPush {
    requireNonNull(protocol, "protocol");
    requireNonNull(endpoint, "endpoint");
    headers = Map.copyOf(headers);
    requireNonNull(interval, "interval");
    requireNonNull(timeout, "timeout");
    requireNonNull(tls, "tls");
    requireNonNull(temporality, "temporality");
  }

  /**
   * Returns a reader that sends the metrics from now on.
   *
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if a value is not valid
   */
  public MetricReader reader() throws IOException {
    MetricExporter exporter = protocol == Protocol.GRPC ? grpc() : http();
    return PeriodicMetricReader.builder(exporter).setInterval(interval).build();
  }

  private MetricExporter http() throws IOException {
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(endpoint)
            .setTimeout(timeout)
            .setCompression(compression())
            .setAggregationTemporalitySelector(temporalities())
            .setDefaultAggregationSelector(aggregations());
    headers.forEach(builder::addHeader);
    if (tls.ca != null) {
      builder.setTrustedCertificates(Files.readAllBytes(tls.ca));
    }
    if (tls.key != null && tls.cert != null) {
      builder.setClientTls(Files.readAllBytes(tls.key), Files.readAllBytes(tls.cert));
    }
    return builder.build();
  }

  private MetricExporter grpc() throws IOException {
    OtlpGrpcMetricExporterBuilder builder =
        OtlpGrpcMetricExporter.builder()
            .setEndpoint(endpoint)
            .setTimeout(timeout)
            .setCompression(compression())
            .setAggregationTemporalitySelector(temporalities())
            .setDefaultAggregationSelector(aggregations());
    headers.forEach(builder::addHeader);
    if (tls.ca != null) {
      builder.setTrustedCertificates(Files.readAllBytes(tls.ca));
    }
    if (tls.key != null && tls.cert != null) {
      builder.setClientTls(Files.readAllBytes(tls.key), Files.readAllBytes(tls.cert));
    }
    return builder.build();
  }

  private String compression() {
    return gzip ? "gzip" : "none";
  }

  private AggregationTemporalitySelector temporalities() {
    return switch (temporality) {
      case CUMULATIVE -> AggregationTemporalitySelector.alwaysCumulative();
      case DELTA -> AggregationTemporalitySelector.deltaPreferred();
      case LOW_MEMORY -> AggregationTemporalitySelector.lowMemory();
    };
  }

  private DefaultAggregationSelector aggregations() {
    DefaultAggregationSelector selector = DefaultAggregationSelector.getDefault();
    return exponentialHistograms
        ? selector.with(InstrumentType.HISTOGRAM, Aggregation.base2ExponentialBucketHistogram())
        : selector;
  }

  /** Leaves out the headers, which may hold secrets. */
  @Override
  public String toString() {
    return "OtlpPush[" + protocol + " " + endpoint + "]";
  }
}
