package dev.tallyspan.collector.receiver;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Sets up an {@link OtlpReceiver}. Names in code are the keys of the Collector's configuration; its
 * defaults are kept but for the sizes, which OTLP 1.11.0 raised to 64 MiB, and for the timeouts of
 * which it has none.
 */
public final class OtlpReceiverBuilder {

  private static final int DEFAULT_MAX_REQUEST_BYTES = 64 << 20;

  private String name = "otlp";
  private String grpcEndpoint;
  private String httpEndpoint;
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
  private TlsFiles grpcTls;
  private final Map<Signal, String> httpPaths = new EnumMap<>(Signal.class);
  private Cors httpCors;
  private Duration httpWriteTimeout = Duration.ofSeconds(30);
  private Duration httpIdleTimeout = Duration.ofMinutes(1);
  private TlsFiles httpTls;
  private Duration readTimeout = Duration.ofMinutes(1);
  private Intake intake;
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
   * Turns OTLP/gRPC on: {@code protocols.grpc.endpoint}, as {@code host:port}; port 0 is any free
   * one. Default: off.
   */
  public OtlpReceiverBuilder grpcEndpoint(String endpoint) {
    this.grpcEndpoint = requireNonNull(endpoint, "endpoint");
    return this;
  }

  /**
   * Turns OTLP/HTTP on: {@code protocols.http.endpoint}, as {@code host:port}; port 0 is any free
   * one. Default: off.
   */
  public OtlpReceiverBuilder httpEndpoint(String endpoint) {
    this.httpEndpoint = requireNonNull(endpoint, "endpoint");
    return this;
  }

  /** The most bytes that a request may have after decompression, with either protocol. */
  public OtlpReceiverBuilder maxRequestBytes(int bytes) {
    return grpcMaxRequestBytes(bytes).httpMaxRequestBytes(bytes);
  }

  /** {@code max_recv_msg_size_mib}, in bytes; counted after decompression. Default: 64 MiB. */
  public OtlpReceiverBuilder grpcMaxRequestBytes(int bytes) {
    this.grpcMaxRequestBytes = bytes;
    return this;
  }

  /** {@code max_request_body_size}, in bytes; counted after decompression. Default: 64 MiB. */
  public OtlpReceiverBuilder httpMaxRequestBytes(int bytes) {
    this.httpMaxRequestBytes = bytes;
    return this;
  }

  /**
   * The memory that all requests being handled may take together, from their first byte to their
   * outcome. What comes beyond is refused for now: UNAVAILABLE with RetryInfo, 503 with
   * Retry-After. A request that is alone is let in even if it is larger. Zero is the default: a
   * quarter of the heap that the JVM may take.
   */
  public OtlpReceiverBuilder maxInFlightBytes(long bytes) {
    this.maxInFlightBytes = bytes;
    return this;
  }

  /** {@code max_concurrent_streams}: calls at a time on one connection. Default: 1000. */
  public OtlpReceiverBuilder grpcMaxConcurrentStreams(int streams) {
    this.grpcMaxConcurrentStreams = streams;
    return this;
  }

  /** {@code keepalive.server_parameters.max_connection_idle}. Zero, the default, is for ever. */
  public OtlpReceiverBuilder grpcMaxConnectionIdle(Duration idle) {
    this.grpcMaxConnectionIdle = requireNonNull(idle, "idle");
    return this;
  }

  /**
   * {@code keepalive.server_parameters.max_connection_age}: how long a connection lives, so that
   * clients spread anew over several servers. Zero, the default, is for ever.
   */
  public OtlpReceiverBuilder grpcMaxConnectionAge(Duration age) {
    this.grpcMaxConnectionAge = requireNonNull(age, "age");
    return this;
  }

  /**
   * {@code keepalive.server_parameters.max_connection_age_grace}: what calls in flight get beyond
   * the age. Zero, the default, is for ever.
   */
  public OtlpReceiverBuilder grpcMaxConnectionAgeGrace(Duration grace) {
    this.grpcMaxConnectionAgeGrace = requireNonNull(grace, "grace");
    return this;
  }

  /** {@code keepalive.server_parameters.time}: when to ping a silent client. Default: 2 hours. */
  public OtlpReceiverBuilder grpcKeepAliveTime(Duration time) {
    this.grpcKeepAliveTime = requireNonNull(time, "time");
    return this;
  }

  /** {@code keepalive.server_parameters.timeout}: how long it may take to answer. Default: 20 s. */
  public OtlpReceiverBuilder grpcKeepAliveTimeout(Duration timeout) {
    this.grpcKeepAliveTimeout = requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * {@code keepalive.enforcement_policy.min_time}: the shortest interval of a client's pings before
   * it is disconnected. Default: 5 minutes.
   */
  public OtlpReceiverBuilder grpcMinPingInterval(Duration interval) {
    this.grpcMinPingInterval = requireNonNull(interval, "interval");
    return this;
  }

  /**
   * {@code keepalive.enforcement_policy.permit_without_stream}: whether a client may ping while it
   * has no call. Default: false.
   */
  public OtlpReceiverBuilder grpcPermitPingsWithoutStreams(boolean permit) {
    this.grpcPermitPingsWithoutStreams = permit;
    return this;
  }

  /** {@code protocols.grpc.tls}. Default: none. */
  public OtlpReceiverBuilder grpcTls(TlsFiles tls) {
    this.grpcTls = requireNonNull(tls, "tls");
    return this;
  }

  /** {@code traces_url_path} and its like. Default: {@link Signal#httpPath()}. */
  public OtlpReceiverBuilder httpPath(Signal signal, String path) {
    httpPaths.put(requireNonNull(signal, "signal"), requireNonNull(path, "path"));
    return this;
  }

  /** {@code protocols.http.cors}. Default: none, and a browser's preflight is answered with 405. */
  public OtlpReceiverBuilder httpCors(Cors cors) {
    this.httpCors = requireNonNull(cors, "cors");
    return this;
  }

  /** {@code write_timeout}: how long a client may take to read an answer. Default: 30 s. */
  public OtlpReceiverBuilder httpWriteTimeout(Duration timeout) {
    this.httpWriteTimeout = requireNonNull(timeout, "timeout");
    return this;
  }

  /**
   * {@code idle_timeout}: how long a connection may be without a request; the head of the next one
   * has to be whole within it. Default: 1 minute. Zero is for ever.
   */
  public OtlpReceiverBuilder httpIdleTimeout(Duration timeout) {
    this.httpIdleTimeout = requireNonNull(timeout, "timeout");
    return this;
  }

  /** {@code protocols.http.tls}. Default: none. */
  public OtlpReceiverBuilder httpTls(TlsFiles tls) {
    this.httpTls = requireNonNull(tls, "tls");
    return this;
  }

  /**
   * {@code read_timeout}: how long a request may take to arrive after its head, with either
   * protocol, so that nobody holds memory by sending slowly. Default: 1 minute (the Collector has
   * none). Zero is for ever.
   */
  public OtlpReceiverBuilder readTimeout(Duration timeout) {
    this.readTimeout = requireNonNull(timeout, "timeout");
    return this;
  }

  /** Where requests go. Required. */
  public OtlpReceiverBuilder intake(Intake intake) {
    this.intake = requireNonNull(intake, "intake");
    return this;
  }

  /** Who makes the receiver's own metrics. Default: nobody. */
  public OtlpReceiverBuilder meter(Meter meter) {
    this.meter = requireNonNull(meter, "meter");
    return this;
  }

  /**
   * A receiver that does not listen yet.
   *
   * @throws IllegalArgumentException if a value cannot be meant, naming it
   */
  public OtlpReceiver build() {
    check(intake != null, "intake=null: must be given");
    check(
        grpcEndpoint != null || httpEndpoint != null,
        "protocols: neither grpc nor http has an endpoint, name at least one");
    check(maxInFlightBytes >= 0, "maxInFlightBytes=" + maxInFlightBytes + ": must be positive");
    long budget = maxInFlightBytes > 0 ? maxInFlightBytes : Runtime.getRuntime().maxMemory() / 4;
    return new OtlpReceiver(
        grpcEndpoint == null ? null : grpc(),
        httpEndpoint == null ? null : http(),
        intake,
        budget,
        meter,
        name);
  }

  private GrpcSettings grpc() {
    size("grpcMaxRequestBytes", grpcMaxRequestBytes);
    check(
        grpcMaxConcurrentStreams > 0,
        "grpcMaxConcurrentStreams=" + grpcMaxConcurrentStreams + ": must be positive");
    positive("grpcKeepAliveTime", grpcKeepAliveTime);
    positive("grpcKeepAliveTimeout", grpcKeepAliveTimeout);
    notNegative("grpcMinPingInterval", grpcMinPingInterval);
    notNegative("grpcMaxConnectionIdle", grpcMaxConnectionIdle);
    notNegative("grpcMaxConnectionAge", grpcMaxConnectionAge);
    notNegative("grpcMaxConnectionAgeGrace", grpcMaxConnectionAgeGrace);
    notNegative("readTimeout", readTimeout);
    return new GrpcSettings(
        ListenAddress.parse("grpcEndpoint", grpcEndpoint),
        grpcMaxRequestBytes,
        grpcMaxConcurrentStreams,
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

  private HttpSettings http() {
    size("httpMaxRequestBytes", httpMaxRequestBytes);
    notNegative("readTimeout", readTimeout);
    notNegative("httpWriteTimeout", httpWriteTimeout);
    notNegative("httpIdleTimeout", httpIdleTimeout);
    Map<String, Signal> byPath = new HashMap<>();
    httpPaths.forEach(
        (signal, path) -> {
          check(
              path.startsWith("/") && path.indexOf('?') < 0,
              "httpPath=" + path + ": must start with / and have no query");
          Signal other = byPath.put(path, signal);
          check(other == null, "httpPath=" + path + ": is the path of two signals");
        });
    return new HttpSettings(
        ListenAddress.parse("httpEndpoint", httpEndpoint),
        httpMaxRequestBytes,
        Map.copyOf(byPath),
        httpCors,
        readTimeout,
        httpWriteTimeout,
        httpIdleTimeout,
        httpTls);
  }

  /** Arrays cannot be larger than about 2 GiB, and a limit beyond 1 GiB is none. */
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
