package dev.tallyspan.collector.config;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.scoreapi.ScoreApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A receiver {@code otlp}. At least one of its protocols is on.
 *
 * @param id {@code otlp} or {@code otlp/name}
 * @param grpc null if the protocol is off
 * @param http null if the protocol is off
 */
public record ReceiverConfig(String id, @Nullable Grpc grpc, @Nullable Http http)
    implements AnyReceiverConfig {

  /** The largest request that OTLP recommends to accept, counted after decompression. */
  static final int DEFAULT_MAX_REQUEST_BYTES = 64 << 20;

  static final int DEFAULT_MAX_CONNECTIONS = 10_000;

  /**
   * {@code protocols.grpc}.
   *
   * @param maxRequestBytes {@code max_recv_msg_size_mib} in bytes, after decompression; default 64
   *     MiB
   * @param maxConcurrentStreams concurrent calls on one connection; default 1000
   * @param auth who may send; null, the default, for anyone
   * @param maxConnections zero = no limit; default 10,000
   * @param readTimeout the longest time for a request to arrive; zero = no limit; default 1 minute
   * @param tls null for no TLS
   */
  public record Grpc(
      ListenEndpoint endpoint,
      int maxRequestBytes,
      int maxConcurrentStreams,
      @Nullable AuthSettings auth,
      int maxConnections,
      Duration readTimeout,
      KeepAlive keepAlive,
      @Nullable ServerTls tls) {

    static final Grpc DEFAULT =
        new Grpc(
            new ListenEndpoint("localhost", 4317),
            DEFAULT_MAX_REQUEST_BYTES,
            1000,
            /* auth= */ null,
            DEFAULT_MAX_CONNECTIONS,
            Duration.ofMinutes(1),
            KeepAlive.DEFAULT,
            /* tls= */ null);

    Grpc withEndpoint(ListenEndpoint endpoint) {
      return new Grpc(
          endpoint,
          maxRequestBytes,
          maxConcurrentStreams,
          auth,
          maxConnections,
          readTimeout,
          keepAlive,
          tls);
    }
  }

  /**
   * {@code keepalive} of a gRPC server.
   *
   * @param maxConnectionIdle zero, the default, means no limit
   * @param maxConnectionAge zero, the default, means no limit
   * @param maxConnectionAgeGrace zero, the default, means no limit
   * @param time how long a client may be silent before it is pinged; default 2 h
   * @param timeout the longest time for the answer to a ping; default 20 s
   * @param minTime the shortest interval between pings of a client; default 5 min
   * @param permitWithoutStream whether a client may ping without an active call; default false
   */
  public record KeepAlive(
      Duration maxConnectionIdle,
      Duration maxConnectionAge,
      Duration maxConnectionAgeGrace,
      Duration time,
      Duration timeout,
      Duration minTime,
      boolean permitWithoutStream) {

    static final KeepAlive DEFAULT =
        new KeepAlive(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofHours(2),
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            /* permitWithoutStream= */ false);
  }

  /**
   * {@code protocols.http}.
   *
   * @param paths {@code traces_url_path}, {@code logs_url_path}, {@code metrics_url_path}; has all
   *     signals
   * @param maxRequestBytes {@code max_request_body_size}, after decompression; default 64 MiB
   * @param scoreApis {@code score_apis}: the APIs whose scores are received; default all
   * @param cors null for no CORS
   * @param compressionAlgorithms the accepted compressions; an empty string = none; default all
   * @param responseHeaders added to responses; default none
   * @param auth who may send; null, the default, for anyone
   * @param maxConnections zero = no limit; default 10,000
   * @param keepAlives whether a connection may be used for several requests; default true
   * @param readHeaderTimeout the longest time for the head of a request; zero = only the idle
   *     timeout limits it; default 1 minute
   * @param readTimeout the longest time for a request to arrive; zero = no limit; default 1 minute
   * @param writeTimeout the longest time for a client to read its response; default 30 s
   * @param idleTimeout the longest time that a connection may be without a request; zero = no
   *     limit; default 1 minute
   * @param tls null for no TLS
   */
  public record Http(
      ListenEndpoint endpoint,
      Map<Signal, String> paths,
      int maxRequestBytes,
      Set<ScoreApi> scoreApis,
      @Nullable Cors cors,
      List<String> compressionAlgorithms,
      Map<String, String> responseHeaders,
      @Nullable AuthSettings auth,
      int maxConnections,
      boolean keepAlives,
      Duration readHeaderTimeout,
      Duration readTimeout,
      Duration writeTimeout,
      Duration idleTimeout,
      @Nullable ServerTls tls) {

    static final List<String> COMPRESSION_ALGORITHMS =
        List.of("", "gzip", "zstd", "zlib", "deflate");

    static final Http DEFAULT =
        new Http(
            new ListenEndpoint("localhost", 4318),
            Map.of(
                Signal.TRACES, Signal.TRACES.httpPath(),
                Signal.LOGS, Signal.LOGS.httpPath(),
                Signal.METRICS, Signal.METRICS.httpPath()),
            DEFAULT_MAX_REQUEST_BYTES,
            Set.of(ScoreApi.values()),
            /* cors= */ null,
            COMPRESSION_ALGORITHMS,
            Map.of(),
            /* auth= */ null,
            DEFAULT_MAX_CONNECTIONS,
            /* keepAlives= */ true,
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            /* tls= */ null);

    public Http {
      paths = Map.copyOf(paths);
      scoreApis = Set.copyOf(scoreApis);
      compressionAlgorithms = List.copyOf(compressionAlgorithms);
      responseHeaders = Map.copyOf(responseHeaders);
    }

    Http withEndpoint(ListenEndpoint endpoint) {
      return new Http(
          endpoint,
          paths,
          maxRequestBytes,
          scoreApis,
          cors,
          compressionAlgorithms,
          responseHeaders,
          auth,
          maxConnections,
          keepAlives,
          readHeaderTimeout,
          readTimeout,
          writeTimeout,
          idleTimeout,
          tls);
    }
  }

  /**
   * {@code cors}: which web pages may send telemetry.
   *
   * @param maxAge how long a browser may cache the response to a preflight; zero leaves it to the
   *     browser
   */
  public record Cors(
      List<String> allowedOrigins,
      List<String> allowedHeaders,
      List<String> exposedHeaders,
      Duration maxAge) {
    public Cors {
      allowedOrigins = List.copyOf(allowedOrigins);
      allowedHeaders = List.copyOf(allowedHeaders);
      exposedHeaders = List.copyOf(exposedHeaders);
    }
  }

  /**
   * {@code tls} of a receiver. Of each file and its PEM, exactly one is set.
   *
   * @param clientCaFile the CA that must have signed client certificates; null if clients need none
   * @param clientCaReload whether the CA is read again when its file changes; default false
   * @param reloadInterval how often certificate and key are read again; zero, the default, = never
   * @param protocols the versions to accept, as Java names them; default 1.2 and 1.3
   * @param cipherSuites for TLS 1.2, as Java names them; empty, the default, for safe ones
   */
  public record ServerTls(
      @Nullable Path certFile,
      @Nullable String certPem,
      @Nullable Path keyFile,
      @Nullable String keyPem,
      @Nullable Path clientCaFile,
      boolean clientCaReload,
      Duration reloadInterval,
      Set<String> protocols,
      List<String> cipherSuites) {
    public ServerTls {
      protocols = Set.copyOf(protocols);
      cipherSuites = List.copyOf(cipherSuites);
    }

    /** Leaves out the key. */
    @Override
    public String toString() {
      return "ServerTls[" + certFile + "]";
    }
  }
}
