package dev.tallyspan.collector.receiver;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.auth.Authenticator;
import dev.tallyspan.collector.flow.Heap;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.scoreapi.ScoreApi;
import dev.tallyspan.collector.scoreapi.ScoreEndpoint;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link OtlpReceiver}. Names in {@code code font} are the keys of the Collector's
 * configuration. Defaults are those of the Collector, except for the sizes, which OTLP 1.11.0
 * raised to 64 MiB, and for timeouts that the Collector does not have. Not thread-safe.
 */
public final class OtlpReceiverBuilder {

  private static final int DEFAULT_MAX_REQUEST_BYTES = 64 << 20;

  private static final int DEFAULT_MAX_CONNECTIONS = 10_000;

  /** Where Langfuse's SDKs send spans to, in OTLP. They have one address for spans and scores. */
  private static final String LANGFUSE_TRACES = "/api/public/otel/v1/traces";

  private String name = "otlp";
  private @Nullable String grpcEndpoint;
  private @Nullable String httpEndpoint;
  private int grpcMaxRequestBytes = DEFAULT_MAX_REQUEST_BYTES;
  private int httpMaxRequestBytes = DEFAULT_MAX_REQUEST_BYTES;
  private long maxInFlightBytes;
  private int grpcMaxConcurrentStreams = 1000;
  private Duration grpcMaxConnectionIdle = Duration.ZERO;
  private Duration grpcMaxConnectionAge = Duration.ZERO;
  private Duration grpcMaxConnectionAgeGrace = Duration.ZERO;
  private Duration grpcKeepAliveTime = Duration.ofHours(2);
  private Duration grpcKeepAliveTimeout = Duration.ofSeconds(20);
  private Duration grpcMinPingInterval = Duration.ofMinutes(5);
  private boolean grpcPermitPingsWithoutStreams;
  private @Nullable Authenticator grpcAuthenticator;
  private int grpcMaxConnections = DEFAULT_MAX_CONNECTIONS;
  private @Nullable ServerTls grpcTls;
  private final Map<Signal, String> httpPaths = new EnumMap<>(Signal.class);
  private Set<ScoreApi> httpScoreApis = EnumSet.allOf(ScoreApi.class);
  private InstantSource clock = InstantSource.system();
  private @Nullable Cors httpCors;
  private Duration httpWriteTimeout = Duration.ofSeconds(30);
  private Duration httpIdleTimeout = Duration.ofMinutes(1);
  private Set<ContentEncoding> httpEncodings = EnumSet.allOf(ContentEncoding.class);
  private Map<String, String> httpResponseHeaders = Map.of();
  private @Nullable Authenticator httpAuthenticator;
  private int httpMaxConnections = DEFAULT_MAX_CONNECTIONS;
  private boolean httpKeepAlives = true;
  private Duration httpReadHeaderTimeout = Duration.ofMinutes(1);
  private @Nullable ServerTls httpTls;
  private Duration readTimeout = Duration.ofMinutes(1);
  private @Nullable Intake intake;
  private Meter meter = MeterProvider.noop().get("tallyspan");

  OtlpReceiverBuilder() {
    for (Signal signal : Signal.values()) {
      httpPaths.put(signal, signal.httpPath());
    }
  }

  /** The receiver's id in metrics. Default: {@code otlp}. */
  public OtlpReceiverBuilder name(String name) {
    this.name = requireNonNull(name, "name");
    return this;
  }

  /**
   * Enables OTLP/gRPC: {@code protocols.grpc.endpoint}, as {@code host:port}; port 0 = any free
   * port. Default: off.
   */
  public OtlpReceiverBuilder grpcEndpoint(String endpoint) {
    this.grpcEndpoint = requireNonNull(endpoint, "endpoint");
    return this;
  }

  /**
   * Enables OTLP/HTTP: {@code protocols.http.endpoint}, as {@code host:port}; port 0 = any free
   * port. Default: off.
   */
  public OtlpReceiverBuilder httpEndpoint(String endpoint) {
    this.httpEndpoint = requireNonNull(endpoint, "endpoint");
    return this;
  }

  /** The maximum size of a request in bytes, after decompression, for both protocols. */
  public OtlpReceiverBuilder maxRequestBytes(int bytes) {
    return grpcMaxRequestBytes(bytes).httpMaxRequestBytes(bytes);
  }

  /**
   * {@code max_recv_msg_size_mib}: the maximum size of a request in bytes, after decompression.
   * Default: 64 MiB.
   */
  public OtlpReceiverBuilder grpcMaxRequestBytes(int bytes) {
    this.grpcMaxRequestBytes = bytes;
    return this;
  }

  /**
   * {@code max_request_body_size}: the maximum size of a request in bytes, after decompression.
   * Default: 64 MiB.
   */
  public OtlpReceiverBuilder httpMaxRequestBytes(int bytes) {
    this.httpMaxRequestBytes = bytes;
    return this;
  }

  /**
   * The maximum memory for all requests in flight together, from their first byte to their outcome.
   * Further requests are refused temporarily: {@code UNAVAILABLE} with RetryInfo, 503 with
   * Retry-After. A request that is alone is accepted even if it is larger. Default: 0 = a quarter
   * of the maximum heap.
   */
  public OtlpReceiverBuilder maxInFlightBytes(long bytes) {
    this.maxInFlightBytes = bytes;
    return this;
  }

  /**
   * {@code max_concurrent_streams}: the maximum number of concurrent calls on one connection.
   * Default: 1000.
   */
  public OtlpReceiverBuilder grpcMaxConcurrentStreams(int streams) {
    this.grpcMaxConcurrentStreams = streams;
    return this;
  }

  /**
   * {@code keepalive.server_parameters.max_connection_idle}: how long a connection may be idle.
   * Default: 0 = no limit.
   */
  public OtlpReceiverBuilder grpcMaxConnectionIdle(Duration idle) {
    this.grpcMaxConnectionIdle = requireNonNull(idle, "idle");
    return this;
  }

  /**
   * {@code keepalive.server_parameters.max_connection_age}: the maximum age of a connection. A
   * limit makes clients reconnect, and so redistribute over several servers. Default: 0 = no limit.
   */
  public OtlpReceiverBuilder grpcMaxConnectionAge(Duration age) {
    this.grpcMaxConnectionAge = requireNonNull(age, "age");
    return this;
  }

  /**
   * {@code keepalive.server_parameters.max_connection_age_grace}: how long calls in flight may
   * continue after the maximum age. Default: 0 = no limit.
   */
  public OtlpReceiverBuilder grpcMaxConnectionAgeGrace(Duration grace) {
    this.grpcMaxConnectionAgeGrace = requireNonNull(grace, "grace");
    return this;
  }

  /**
   * {@code keepalive.server_parameters.time}: how long a client may be silent before the server
   * pings it. Default: 2 hours.
   */
  public OtlpReceiverBuilder grpcKeepAliveTime(Duration time) {
    this.grpcKeepAliveTime = requireNonNull(time, "time");
    return this;
  }

  /**
   * {@code keepalive.server_parameters.timeout}: how long a client may take to answer a ping.
   * Default: 20 s.
   */
  public OtlpReceiverBuilder grpcKeepAliveTimeout(Duration timeout) {
    this.grpcKeepAliveTimeout = requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * {@code keepalive.enforcement_policy.min_time}: the minimum interval between a client's pings; a
   * client that pings more often is disconnected. Default: 5 minutes.
   */
  public OtlpReceiverBuilder grpcMinPingInterval(Duration interval) {
    this.grpcMinPingInterval = requireNonNull(interval, "interval");
    return this;
  }

  /**
   * {@code keepalive.enforcement_policy.permit_without_stream}: whether a client may ping while it
   * has no calls. Default: false.
   */
  public OtlpReceiverBuilder grpcPermitPingsWithoutStreams(boolean permit) {
    this.grpcPermitPingsWithoutStreams = permit;
    return this;
  }

  /** {@code protocols.grpc.auth}: who may send. Default: anyone. The caller closes it. */
  public OtlpReceiverBuilder grpcAuthenticator(Authenticator authenticator) {
    this.grpcAuthenticator = requireNonNull(authenticator, "authenticator");
    return this;
  }

  /**
   * {@code protocols.grpc.max_connections}: above it, a new connection is closed at once. Default:
   * 10,000. 0 = no limit.
   */
  public OtlpReceiverBuilder grpcMaxConnections(int connections) {
    this.grpcMaxConnections = connections;
    return this;
  }

  /** {@code protocols.grpc.tls}. Default: no TLS. */
  public OtlpReceiverBuilder grpcTls(ServerTls tls) {
    this.grpcTls = requireNonNull(tls, "tls");
    return this;
  }

  /**
   * {@code traces_url_path}, {@code logs_url_path}, {@code metrics_url_path}. Default: {@link
   * Signal#httpPath()}.
   */
  public OtlpReceiverBuilder httpPath(Signal signal, String path) {
    httpPaths.put(requireNonNull(signal, "signal"), requireNonNull(path, "path"));
    return this;
  }

  /**
   * {@code score_apis}: the APIs whose scores are received as log records. With that of Langfuse,
   * traces are also received at the path where its SDKs send them. Default: all.
   */
  public OtlpReceiverBuilder httpScoreApis(Collection<ScoreApi> apis) {
    Set<ScoreApi> chosen = EnumSet.noneOf(ScoreApi.class);
    chosen.addAll(apis);
    this.httpScoreApis = chosen;
    return this;
  }

  /** The time of scores that have none. Default: the system's clock. */
  public OtlpReceiverBuilder clock(InstantSource clock) {
    this.clock = requireNonNull(clock, "clock");
    return this;
  }

  /** {@code protocols.http.cors}. Default: none; preflight requests are answered with 405. */
  public OtlpReceiverBuilder httpCors(Cors cors) {
    this.httpCors = requireNonNull(cors, "cors");
    return this;
  }

  /** {@code write_timeout}: how long a client may take to read a response. Default: 30 s. */
  public OtlpReceiverBuilder httpWriteTimeout(Duration timeout) {
    this.httpWriteTimeout = requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * {@code idle_timeout}: how long a connection may be without a request. Default: 1 minute. 0 = no
   * limit.
   */
  public OtlpReceiverBuilder httpIdleTimeout(Duration timeout) {
    this.httpIdleTimeout = requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * {@code read_header_timeout}: how long the head of a request may take from its first byte.
   * Default: 1 minute. 0 = {@link #httpIdleTimeout} alone limits it.
   */
  public OtlpReceiverBuilder httpReadHeaderTimeout(Duration timeout) {
    this.httpReadHeaderTimeout = requireNonNull(timeout, "timeout");
    return this;
  }

  /** {@code keep_alives_enabled}: whether a connection serves several requests. Default: true. */
  public OtlpReceiverBuilder httpKeepAlives(boolean enabled) {
    this.httpKeepAlives = enabled;
    return this;
  }

  /**
   * {@code compression_algorithms}: the accepted values of Content-Encoding; an empty string = no
   * compression. Default: all that are supported.
   *
   * @throws IllegalArgumentException if one is not supported
   */
  public OtlpReceiverBuilder httpCompressionAlgorithms(Collection<String> names) {
    Set<ContentEncoding> encodings = EnumSet.noneOf(ContentEncoding.class);
    for (String name : names) {
      ContentEncoding encoding = ContentEncoding.of(name);
      check(encoding != null, "compression_algorithms: " + name + " is not supported");
      encodings.add(requireNonNull(encoding));
    }
    this.httpEncodings = encodings;
    return this;
  }

  /** {@code response_headers}: added to responses that do not have them. Default: none. */
  public OtlpReceiverBuilder httpResponseHeaders(Map<String, String> headers) {
    this.httpResponseHeaders = Map.copyOf(headers);
    return this;
  }

  /** {@code protocols.http.auth}: who may send. Default: anyone. The caller closes it. */
  public OtlpReceiverBuilder httpAuthenticator(Authenticator authenticator) {
    this.httpAuthenticator = requireNonNull(authenticator, "authenticator");
    return this;
  }

  /**
   * {@code protocols.http.max_connections}: above it, a new connection is closed at once. Default:
   * 10,000. 0 = no limit.
   */
  public OtlpReceiverBuilder httpMaxConnections(int connections) {
    this.httpMaxConnections = connections;
    return this;
  }

  /** {@code protocols.http.tls}. Default: no TLS. */
  public OtlpReceiverBuilder httpTls(ServerTls tls) {
    this.httpTls = requireNonNull(tls, "tls");
    return this;
  }

  /**
   * {@code read_timeout}: how long a request may take to arrive after its head, for both protocols,
   * so that slow senders cannot occupy memory. Default: 1 minute (the Collector has no limit). 0 =
   * no limit.
   */
  public OtlpReceiverBuilder readTimeout(Duration timeout) {
    this.readTimeout = requireNonNull(timeout, "timeout");
    return this;
  }

  /** The destination of requests. Required. */
  public OtlpReceiverBuilder intake(Intake intake) {
    this.intake = requireNonNull(intake, "intake");
    return this;
  }

  /** The meter for the receiver's own metrics. Default: no metrics. */
  public OtlpReceiverBuilder meter(Meter meter) {
    this.meter = requireNonNull(meter, "meter");
    return this;
  }

  /**
   * Creates a receiver that does not listen yet.
   *
   * @throws IllegalArgumentException if a value is invalid; the message names it
   */
  public OtlpReceiver build() {
    if (intake == null) {
      throw new IllegalArgumentException("intake=null: is required");
    }
    check(
        grpcEndpoint != null || httpEndpoint != null,
        "protocols: neither grpc nor http has an endpoint; configure at least one");
    check(maxInFlightBytes >= 0, "maxInFlightBytes=" + maxInFlightBytes + ": must not be negative");
    long budget = maxInFlightBytes > 0 ? maxInFlightBytes : Heap.share(4);
    return new OtlpReceiver(
        grpcEndpoint == null ? null : grpc(grpcEndpoint),
        httpEndpoint == null ? null : http(httpEndpoint),
        intake,
        budget,
        meter,
        name);
  }

  private GrpcSettings grpc(String endpoint) {
    size("grpcMaxRequestBytes", grpcMaxRequestBytes);
    check(
        grpcMaxConcurrentStreams > 0,
        "grpcMaxConcurrentStreams=" + grpcMaxConcurrentStreams + ": must be positive");
    positive("grpcKeepAliveTime", grpcKeepAliveTime);
    positive("grpcKeepAliveTimeout", grpcKeepAliveTimeout);
    notNegative("grpcMinPingInterval", grpcMinPingInterval);
    check(
        grpcMaxConnections >= 0,
        "grpcMaxConnections=" + grpcMaxConnections + ": must not be negative");
    notNegative("grpcMaxConnectionIdle", grpcMaxConnectionIdle);
    notNegative("grpcMaxConnectionAge", grpcMaxConnectionAge);
    notNegative("grpcMaxConnectionAgeGrace", grpcMaxConnectionAgeGrace);
    notNegative("readTimeout", readTimeout);
    return new GrpcSettings(
        ListenAddress.parse("grpcEndpoint", endpoint),
        grpcMaxRequestBytes,
        grpcMaxConcurrentStreams,
        grpcAuthenticator,
        grpcMaxConnections,
        grpcMaxConnectionIdle,
        grpcMaxConnectionAge,
        grpcMaxConnectionAgeGrace,
        grpcKeepAliveTime,
        grpcKeepAliveTimeout,
        grpcMinPingInterval,
        grpcPermitPingsWithoutStreams,
        readTimeout,
        grpcTls);
  }

  private HttpSettings http(String endpoint) {
    size("httpMaxRequestBytes", httpMaxRequestBytes);
    notNegative("readTimeout", readTimeout);
    notNegative("httpReadHeaderTimeout", httpReadHeaderTimeout);
    check(
        httpMaxConnections >= 0,
        "httpMaxConnections=" + httpMaxConnections + ": must not be negative");
    notNegative("httpWriteTimeout", httpWriteTimeout);
    notNegative("httpIdleTimeout", httpIdleTimeout);
    Map<String, HttpEndpoint> byPath = new HashMap<>();
    httpPaths.forEach(
        (signal, path) -> {
          check(
              path.startsWith("/") && path.indexOf('?') < 0,
              "httpPath=" + path + ": must start with / and have no query");
          HttpEndpoint other = byPath.put(path, new HttpEndpoint.Otlp(signal));
          check(other == null, "httpPath=" + path + ": is configured for two signals");
        });
    for (ScoreApi api : httpScoreApis) {
      for (ScoreEndpoint scores : ScoreEndpoint.of(api)) {
        HttpEndpoint other = byPath.put(scores.path(), new HttpEndpoint.Scores(scores));
        check(
            other == null,
            "httpPath=" + scores.path() + ": is a path of httpScoreApis=" + api.id());
      }
    }
    if (httpScoreApis.contains(ScoreApi.LANGFUSE)) {
      byPath.putIfAbsent(LANGFUSE_TRACES, new HttpEndpoint.Otlp(Signal.TRACES));
    }
    return new HttpSettings(
        ListenAddress.parse("httpEndpoint", endpoint),
        httpMaxRequestBytes,
        Map.copyOf(byPath),
        httpCors,
        Set.copyOf(httpEncodings),
        httpResponseHeaders,
        httpAuthenticator,
        httpMaxConnections,
        httpKeepAlives,
        httpReadHeaderTimeout,
        readTimeout,
        httpWriteTimeout,
        httpIdleTimeout,
        httpTls,
        clock);
  }

  /** Arrays cannot be larger than about 2 GiB, so a limit above 1 GiB is no useful limit. */
  private static void size(String name, int bytes) {
    check(bytes > 0 && bytes <= 1 << 30, name + "=" + bytes + ": must be 1 to " + (1 << 30));
  }

  private static void positive(String name, Duration value) {
    check(!value.isNegative() && !value.isZero(), name + "=" + value + ": must be positive");
  }

  private static void notNegative(String name, Duration value) {
    check(!value.isNegative(), name + "=" + value + ": must not be negative");
  }

  private static void check(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
