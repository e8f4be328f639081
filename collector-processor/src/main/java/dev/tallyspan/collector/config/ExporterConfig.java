package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.exporter.Compression;
import dev.tallyspan.collector.exporter.KeepAliveSettings;
import dev.tallyspan.collector.exporter.Protocol;
import dev.tallyspan.collector.exporter.QueueSettings;
import dev.tallyspan.collector.exporter.RetrySettings;
import dev.tallyspan.collector.exporter.TlsSettings;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.collector.tree.TreeSettings;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An exporter {@code otlp_grpc} or {@code otlp_http}.
 *
 * @param id the component id, such as {@code otlp_http/langfuse}
 * @param endpoint as configured; null if every signal has its own
 * @param signalEndpoints {@code traces_endpoint}, {@code logs_endpoint}, {@code metrics_endpoint};
 *     HTTP only
 * @param compressionLevel fits the compression
 * @param timeout of one attempt
 * @param retryLimited whether {@code retry_on_failure.max_elapsed_time} is set; if not, requests in
 *     a durable queue are retried without a time limit
 * @param maxRequestBytes the largest request that the destination accepts, in bytes before
 *     compression; default 0 = unknown
 * @param profile how spans are written; the processor sets what this exporter does not
 * @param traces how the trees of traces are written; default as they are
 * @param contentPolicy what of the content leaves; null = everything as it is
 * @param limits how much of the content of spans leaves: as the policy says, else as the backend
 *     accepts
 * @param keepAlive pings, for gRPC; null = none
 * @param auth the credentials that are sent; null for none
 */
public record ExporterConfig(
    String id,
    Protocol protocol,
    @Nullable String endpoint,
    Map<Signal, String> signalEndpoints,
    Map<String, String> headers,
    Compression compression,
    int compressionLevel,
    Duration timeout,
    TlsSettings tls,
    RetrySettings retry,
    boolean retryLimited,
    QueueSettings queue,
    long maxRequestBytes,
    ProfileConfig profile,
    TreeSettings traces,
    @Nullable PolicyConfig contentPolicy,
    SizeLimits limits,
    @Nullable KeepAliveSettings keepAlive,
    @Nullable AuthSettings auth)
    implements QueuedExporterConfig {

  public ExporterConfig {
    requireNonNull(id, "id");
    requireNonNull(protocol, "protocol");
    requireNonNull(profile, "profile");
    requireNonNull(traces, "traces");
    requireNonNull(limits, "limits");
    signalEndpoints = Map.copyOf(signalEndpoints);
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  @Override
  public ExporterConfig withQueue(QueueSettings other) {
    return new ExporterConfig(
        id,
        protocol,
        endpoint,
        signalEndpoints,
        headers,
        compression,
        compressionLevel,
        timeout,
        tls,
        retry,
        retryLimited,
        other,
        maxRequestBytes,
        profile,
        traces,
        contentPolicy,
        limits,
        keepAlive,
        auth);
  }

  /** Leaves out the values of headers and the endpoints, which may contain credentials. */
  @Override
  public String toString() {
    return "ExporterConfig[" + id + ", " + protocol + ", headers=" + headers.keySet() + "]";
  }
}
