package dev.tallyspan.collector.exporter;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Signal;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * A backend that speaks OTLP: the Collector's exporters {@code otlp_grpc} and {@code otlp_http},
 * with their names and defaults.
 *
 * <p>A request is answered when the backend has answered it, as the Collector's {@code
 * wait_for_result} has it. Until then it counts towards the queue; when the queue is full, further
 * requests are refused as {@code UNAVAILABLE}, and none is ever dropped without an answer. Failures
 * that OTLP calls retryable are retried; all others are final.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-proto/blob/main/docs/specification.md">OTLP</a>
 */
public final class OtlpExporter implements Exporter {
  private static final String VERSION = OtlpExporter.class.getPackage().getImplementationVersion();
  static final String USER_AGENT =
      "Tallyspan-Collector" + (VERSION == null ? "" : "/" + VERSION) + " OTel-OTLP-Exporter-Java";

  final SendingQueue queue;
  private final ExecutorService ownExecutor;

  private OtlpExporter(Builder builder) {
    Timer timer =
        builder.timer != null ? builder.timer : Timer.system("tallyspan-" + builder.id + "-timer");
    Executor executor = builder.executor;
    ownExecutor = executor == null ? executor(builder) : null;
    Transport transport = builder.transport;
    if (transport == null) {
      transport =
          builder.protocol == Protocol.GRPC
              ? new GrpcTransport(builder)
              : new HttpTransport(builder, timer, builder.wallClock);
    }
    queue = new SendingQueue(builder, transport, timer, executor == null ? ownExecutor : executor);
  }

  /** Compression is the work here; it takes as many threads as there are processors to do it. */
  private static ExecutorService executor(Builder builder) {
    int threads =
        Math.min(builder.queue.numConsumers(), Runtime.getRuntime().availableProcessors());
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "tallyspan-" + builder.id + "-send");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /**
   * Starts the settings of an exporter.
   *
   * @param id the component id in configuration, which names it in metrics and logs: {@code
   *     otlp_grpc/jaeger}
   */
  public static Builder builder(String id, Protocol protocol) {
    return new Builder(requireNonNull(id, "id"), requireNonNull(protocol, "protocol"));
  }

  @Override
  public void send(OtlpRequest request) {
    queue.send(request);
  }

  @Override
  public void close(Duration drain) {
    queue.close(drain);
    if (ownExecutor != null) {
      ownExecutor.shutdownNow();
    }
  }

  /** The settings of an exporter; {@link #build()} checks them together. */
  public static final class Builder {
    /** What the JDK's HTTP client does not let anybody set. */
    private static final Set<String> RESERVED_HEADERS =
        Set.of("connection", "content-length", "expect", "host", "upgrade");

    final String id;
    final Protocol protocol;
    final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<Signal, Endpoint> signalEndpoints = new EnumMap<>(Signal.class);
    Endpoint endpoint;
    Compression compression = Compression.GZIP;
    int compressionLevel = 1;
    Duration timeout;
    TlsSettings tls = TlsSettings.DEFAULT;
    RetrySettings retry = RetrySettings.DEFAULT;
    QueueSettings queue = QueueSettings.DEFAULT;
    Meter meter = OpenTelemetry.noop().getMeter("dev.tallyspan.collector");
    DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    InstantSource wallClock = InstantSource.system();
    Timer timer;
    Executor executor;
    Transport transport;

    Builder(String id, Protocol protocol) {
      this.id = id;
      this.protocol = protocol;
      timeout = Duration.ofSeconds(protocol == Protocol.GRPC ? 5 : 30);
    }

    /**
     * Where the backend listens. gRPC: {@code host:port}, which means TLS unless {@code
     * tls.insecure}, or with {@code http://} or {@code https://}, which decide; without a port
     * 4317. HTTP: a URL, to which {@code /v1/traces} and the like are appended, in place of such a
     * path if it ends in one.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public Builder endpoint(String endpoint) {
      Endpoint parsed = Endpoint.parse(endpoint, 4317);
      if (protocol == Protocol.HTTP_PROTOBUF && parsed.scheme().isEmpty()) {
        throw new IllegalArgumentException(
            "endpoint has no scheme: use http://host:port or https://host:port");
      }
      if (protocol == Protocol.GRPC && !parsed.path().isEmpty() && !parsed.path().equals("/")) {
        throw new IllegalArgumentException(
            "endpoint has a path, which OTLP/gRPC has not: use host:port");
      }
      this.endpoint = parsed;
      return this;
    }

    /**
     * The full URL for one signal, which nothing is appended to, instead of {@link #endpoint}; HTTP
     * only.
     *
     * @throws IllegalArgumentException if it is no URL with http or https
     */
    public Builder endpoint(Signal signal, String url) {
      if (protocol == Protocol.GRPC) {
        throw new IllegalArgumentException(
            signal.id() + "_endpoint is for OTLP/HTTP: use one exporter per endpoint");
      }
      Endpoint parsed = Endpoint.parse(url, 80);
      if (parsed.scheme().isEmpty()) {
        throw new IllegalArgumentException(signal.id() + "_endpoint has no scheme");
      }
      signalEndpoints.put(signal, parsed);
      return this;
    }

    /**
     * Adds a header to every request, as API keys need it; the default is none.
     *
     * @throws IllegalArgumentException if it cannot be sent; the message holds the name alone
     */
    public Builder header(String name, String value) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (name.isEmpty() || !name.chars().allMatch(Builder::isTokenChar)) {
        throw new IllegalArgumentException("header " + name + ": not a header name");
      }
      if (RESERVED_HEADERS.contains(lower) || lower.endsWith("-bin") || lower.startsWith("grpc-")) {
        throw new IllegalArgumentException("header " + name + ": cannot be set");
      }
      if (!value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
        throw new IllegalArgumentException(
            "header " + name + ": its value must be printable ASCII in one line");
      }
      headers.put(lower, value);
      return this;
    }

    /** RFC 9110, section 5.6.2. */
    private static boolean isTokenChar(int c) {
      return c < 0x7f && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    /** How bodies are compressed; the default is gzip. */
    public Builder compression(Compression compression) {
      this.compression = requireNonNull(compression, "compression");
      return this;
    }

    /**
     * The level of gzip, 1 to 9, or -1 for zlib's own default of 6. The default is 1: zlib's level
     * 6 takes three to six times as long, for traces that become a sixth smaller.
     */
    public Builder compressionLevel(int level) {
      Preconditions.that(level == -1 || (level >= 1 && level <= 9), "level", level);
      compressionLevel = level;
      return this;
    }

    /** How long one attempt may take; the default is 5 s for gRPC and 30 s for HTTP. Not zero. */
    public Builder timeout(Duration timeout) {
      Preconditions.that(timeout.compareTo(Duration.ZERO) > 0, "timeout", timeout);
      this.timeout = timeout;
      return this;
    }

    public Builder tls(TlsSettings tls) {
      this.tls = requireNonNull(tls, "tls");
      return this;
    }

    public Builder retry(RetrySettings retry) {
      this.retry = requireNonNull(retry, "retry");
      return this;
    }

    public Builder queue(QueueSettings queue) {
      this.queue = requireNonNull(queue, "queue");
      return this;
    }

    /** Where the exporter's own metrics go; the default is nowhere. */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    /**
     * Opens the exporter. No connection is made until there is something to send.
     *
     * @throws IllegalArgumentException if there is no endpoint, a file cannot be read, or settings
     *     contradict each other
     */
    public OtlpExporter build() {
      if (endpoint == null && signalEndpoints.isEmpty() && transport == null) {
        throw new IllegalArgumentException("exporter " + id + ": endpoint is missing");
      }
      if (protocol == Protocol.HTTP_PROTOBUF && tls.serverNameOverride() != null) {
        throw new IllegalArgumentException(
            "exporter " + id + ": server_name_override is for OTLP/gRPC only");
      }
      try {
        return new OtlpExporter(this);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("exporter " + id + ": " + e.getMessage(), e);
      }
    }

    /** The URL for a signal over HTTP; null if there is none. */
    Endpoint url(Signal signal) {
      Endpoint own = signalEndpoints.get(signal);
      if (own != null) {
        return own.path().isEmpty() ? own.withPath("/") : own;
      }
      return endpoint == null ? null : endpoint.ofSignal(signal);
    }
  }
}
