package dev.tallyspan.collector.exporter;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.auth.HeaderRule;
import dev.tallyspan.collector.auth.HeadersSettings;
import dev.tallyspan.collector.auth.RequestHeaders;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.Timer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.jspecify.annotations.Nullable;

/**
 * Exports OTLP requests to a backend, like the Collector's exporters {@code otlp_grpc} and {@code
 * otlp_http}, with their names and defaults, or over another {@link Transport}.
 *
 * <p>A request is settled when the backend has responded to it, like with the Collector's {@code
 * wait_for_result}. Until then it counts towards the queue. When the queue is full, further
 * requests are refused with {@code UNAVAILABLE}; no request is ever dropped silently. Failures that
 * OTLP defines as retryable are retried; all others are permanent.
 *
 * <p>A request that is too large for the backend is sent in parts. So is a request that the backend
 * refuses as invalid, until the invalid spans, log records or metrics are found; the others are
 * delivered.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-proto/blob/main/docs/specification.md">OTLP</a>
 */
public final class OtlpExporter implements Exporter {

  /** The size of the largest request that is sent to any backend, before compression. */
  public static final long LARGEST_REQUEST_BYTES = SizeLimit.LARGEST_BYTES;

  final SendingQueue queue;
  private final String id;

  /** Null if all requests have the same headers. */
  private final @Nullable TenantHeaders tenantHeaders;

  private final ExporterMetrics metrics;

  /** Null if the executor was supplied. */
  private final @Nullable ExecutorService ownExecutor;

  private OtlpExporter(Builder builder) {
    id = builder.id;
    tenantHeaders =
        builder.headerRules == null
            ? null
            : new TenantHeaders(builder.headerRules, builder.headers, builder.tenantAttribute);
    Timer timer =
        builder.timer != null ? builder.timer : Timer.system("tallyspan-" + builder.id + "-timer");
    Executor executor = builder.executor;
    if (executor == null) {
      ownExecutor = executor(builder);
      executor = ownExecutor;
    } else {
      ownExecutor = null;
    }
    Transport transport = builder.transport;
    if (transport == null) {
      transport =
          builder.protocol == Protocol.GRPC
              ? new GrpcTransport(builder.transportSettings(), timer)
              : new HttpTransport(builder.transportSettings(), timer, builder.wallClock);
    }
    metrics =
        builder.metricsOf != null
            ? builder.metricsOf.metrics
            : new ExporterMetrics(builder.meter, builder.id, transport::serves);
    queue =
        new SendingQueue(
            builder.id,
            new DeliverySettings(
                builder.queue, builder.retry(), builder.maxRequestBytes, builder.patient),
            metrics,
            new RefusalLog(builder.id, builder.secrets()),
            builder.random,
            transport,
            timer,
            executor);
  }

  /** The executor's work is compression, so it needs at most one thread per core. */
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
   * Returns a builder of an exporter.
   *
   * @param id the component id in the configuration, which identifies the exporter in metrics and
   *     logs: {@code otlp_grpc/jaeger}
   */
  public static Builder builder(String id, Protocol protocol) {
    return new Builder(requireNonNull(id, "id"), requireNonNull(protocol, "protocol"));
  }

  /**
   * Returns a builder of an exporter over a transport of its own, such as to Kafka. What the
   * builder says about endpoints, headers, compression, timeouts and TLS then has no effect. The
   * exporter closes the transport.
   *
   * @param id as above
   */
  public static Builder builder(String id, Transport transport) {
    Builder builder = new Builder(requireNonNull(id, "id"), Protocol.GRPC);
    builder.transport = requireNonNull(transport, "transport");
    return builder;
  }

  @Override
  public void send(OtlpRequest request) {
    if (tenantHeaders == null) {
      queue.send(request, Map.of());
    } else {
      tenantHeaders.of(request, id).forEach(it -> queue.send(it.request(), it.headers()));
    }
  }

  @Override
  public void close(Duration drain) {
    queue.close(drain);
    if (ownExecutor != null) {
      ownExecutor.shutdownNow();
    }
  }

  /** The settings of an exporter; {@link #build()} checks them together. Not thread-safe. */
  public static final class Builder {
    /** Headers that the JDK's HTTP client does not allow to set. */
    private static final Set<String> RESERVED_HEADERS =
        Set.of("connection", "content-length", "expect", "host", "upgrade");

    final String id;
    final Protocol protocol;
    final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<Signal, Endpoint> signalEndpoints = new EnumMap<>(Signal.class);
    @Nullable Endpoint endpoint;
    RequestHeaders auth = RequestHeaders.NONE;
    @Nullable HeadersSettings headerRules;
    String tenantAttribute = "tenant.id";
    Compression compression = Compression.GZIP;
    private @Nullable Integer compressionLevel;
    private @Nullable KeepAliveSettings keepAlive;
    Duration timeout;
    TlsSettings tls = TlsSettings.DEFAULT;
    QueueSettings queue = QueueSettings.DEFAULT;
    long maxRequestBytes;
    boolean patient;
    Meter meter = OpenTelemetry.noop().getMeter("dev.tallyspan.collector");
    DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
    InstantSource wallClock = InstantSource.system();

    /** Null = metrics of its own. */
    private @Nullable OtlpExporter metricsOf;

    // Null = depends on whether the exporter is patient.
    private @Nullable RetrySettings retry;

    // Null = created by build().
    @Nullable Timer timer;
    @Nullable Executor executor;
    @Nullable Transport transport;

    Builder(String id, Protocol protocol) {
      this.id = id;
      this.protocol = protocol;
      timeout = Duration.ofSeconds(protocol == Protocol.GRPC ? 5 : 30);
    }

    /**
     * The endpoint of the backend. For gRPC: {@code host:port}, with TLS unless {@code
     * tls.insecure} is set, or with {@code http://} or {@code https://}, which then decides about
     * TLS; the default port is 4317. For HTTP: a URL, to which the signal's path, such as {@code
     * /v1/traces}, is appended; if the URL ends with such a path, it is replaced.
     *
     * @throws IllegalArgumentException if the endpoint has another format
     */
    public Builder endpoint(String endpoint) {
      Endpoint parsed = Endpoint.parse(endpoint, 4317);
      if (protocol == Protocol.HTTP_PROTOBUF && parsed.scheme().isEmpty()) {
        throw new IllegalArgumentException(
            "endpoint has no scheme: use http://host:port or https://host:port");
      }
      if (protocol == Protocol.GRPC && !parsed.path().isEmpty() && !parsed.path().equals("/")) {
        throw new IllegalArgumentException(
            "endpoint has a path, which OTLP/gRPC does not support: use host:port");
      }
      this.endpoint = parsed;
      return this;
    }

    /**
     * The full URL for one signal, instead of {@link #endpoint}; nothing is appended to it. Only
     * for HTTP.
     *
     * @throws IllegalArgumentException if it is not a URL with http or https
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
     * Adds a header to every request, for example an API key. Default: none.
     *
     * @throws IllegalArgumentException if the header cannot be sent; the message contains only its
     *     name
     */
    public Builder header(String name, String value) {
      headers.put(checkName(name), checkValue(name, value));
      return this;
    }

    private static String checkName(String name) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (name.isEmpty() || !name.chars().allMatch(Builder::isTokenChar)) {
        throw new IllegalArgumentException("header " + name + ": not a header name");
      }
      if (RESERVED_HEADERS.contains(lower) || lower.endsWith("-bin") || lower.startsWith("grpc-")) {
        throw new IllegalArgumentException("header " + name + ": cannot be set");
      }
      return lower;
    }

    private static String checkValue(String name, String value) {
      if (!value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
        throw new IllegalArgumentException(
            "header " + name + ": the value must be printable ASCII on one line");
      }
      return value;
    }

    /**
     * Changes of the headers, by the tenant that data belongs to. Default: none.
     *
     * @throws IllegalArgumentException if a header cannot be sent; the message contains only its
     *     name
     */
    public Builder headerRules(HeadersSettings rules) {
      for (HeaderRule rule : rules.rules()) {
        checkName(rule.key());
        checkValue(rule.key(), rule.value() == null ? "" : rule.value());
        checkValue(rule.key(), rule.otherwise() == null ? "" : rule.otherwise());
      }
      headerRules = rules;
      return this;
    }

    /** The attribute of resources that names the tenant. Default: {@code tenant.id}. */
    public Builder tenantAttribute(String attribute) {
      tenantAttribute = requireNonNull(attribute, "attribute");
      return this;
    }

    /** RFC 9110, section 5.6.2. */
    private static boolean isTokenChar(int c) {
      return c < 0x7f && (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
    }

    /** Headers with credentials, which each request asks for anew. Default: none. */
    public Builder auth(RequestHeaders auth) {
      this.auth = requireNonNull(auth, "auth");
      return this;
    }

    /** The compression of request bodies. Default: gzip. */
    public Builder compression(Compression compression) {
      this.compression = requireNonNull(compression, "compression");
      return this;
    }

    /**
     * The level of compression. Default: {@link Compression#defaultLevel}. {@link #build} checks
     * that the compression has this level.
     */
    public Builder compressionLevel(int level) {
      compressionLevel = level;
      return this;
    }

    /** How idle connections are kept open and checked, for gRPC. Default: not at all. */
    public Builder keepAlive(@Nullable KeepAliveSettings keepAlive) {
      this.keepAlive = keepAlive;
      return this;
    }

    /** The time limit of one attempt; not zero. Default: 5 s for gRPC, 30 s for HTTP. */
    public Builder timeout(Duration timeout) {
      Preconditions.that(timeout.compareTo(Duration.ZERO) > 0, "timeout", timeout);
      this.timeout = timeout;
      return this;
    }

    public Builder tls(TlsSettings tls) {
      this.tls = requireNonNull(tls, "tls");
      return this;
    }

    /**
     * How failed requests are retried. Default: {@link RetrySettings#DEFAULT}, but without a
     * maximum time if the exporter is {@link #patient}.
     */
    public Builder retry(RetrySettings retry) {
      this.retry = requireNonNull(retry, "retry");
      return this;
    }

    public Builder queue(QueueSettings queue) {
      this.queue = requireNonNull(queue, "queue");
      return this;
    }

    /**
     * The size, before compression, up to which the backend accepts requests. Larger requests are
     * split by their spans, log records or metrics. Default: 0 = not known; the limit is then
     * learned when the backend refuses a request as too large. In any case, a request to the
     * backend is at most 64 MiB.
     *
     * @throws IllegalArgumentException if it is negative or more than 64 MiB
     */
    public Builder maxRequestBytes(long bytes) {
      Preconditions.that(
          bytes >= 0 && bytes <= SizeLimit.LARGEST_BYTES, "max_request_bytes", bytes);
      maxRequestBytes = bytes;
      return this;
    }

    /**
     * Whether requests wait for the backend as long as it takes: for callers that keep them until
     * they are delivered, and limit how many of them are pending. Default: false.
     *
     * <p>A patient exporter accepts requests even if its queue is full or the backend is down. It
     * retries without a maximum time, unless {@link #retry} sets one, and also while the backend
     * refuses all requests: with {@code UNAUTHENTICATED}, {@code PERMISSION_DENIED} or {@code
     * UNIMPLEMENTED}, or with HTTP 401, 403, 404 or a redirect. It refuses as temporary only what
     * is pending when it closes.
     */
    public Builder patient(boolean patient) {
      this.patient = patient;
      return this;
    }

    private RetrySettings retry() {
      if (retry != null) {
        return retry;
      }
      return patient ? RetrySettings.DEFAULT.withoutMaxElapsedTime() : RetrySettings.DEFAULT;
    }

    /** The meter for the exporter's own metrics. Default: no metrics. */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    /**
     * Reports the exporter's metrics together with those of another exporter with the same id,
     * instead of to {@link #meter}. Default: alone.
     */
    public Builder metricsOf(OtlpExporter other) {
      this.metricsOf = requireNonNull(other, "other");
      return this;
    }

    /**
     * Creates the exporter. It connects only when there is something to send.
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
        checkCompression();
        return new OtlpExporter(this);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("exporter " + id + ": " + e.getMessage(), e);
      }
    }

    /** What a backend may quote and a log must not: headers, and the queries of URLs. */
    private List<String> secrets() {
      List<String> secrets = new ArrayList<>(headers.values());
      for (HeaderRule rule : headerRules == null ? List.<HeaderRule>of() : headerRules.rules()) {
        if (rule.value() != null) {
          secrets.add(rule.value());
        }
      }
      List<Endpoint> endpoints = new ArrayList<>(signalEndpoints.values());
      if (endpoint != null) {
        endpoints.add(endpoint);
      }
      for (Endpoint each : endpoints) {
        int query = each.path().indexOf('?');
        if (query >= 0) {
          secrets.add(each.path().substring(query + 1));
        }
      }
      return secrets;
    }

    private void checkCompression() {
      if (protocol == Protocol.GRPC && !compression.isForGrpc()) {
        throw new IllegalArgumentException(
            "compression: " + compression.encoding() + " is for OTLP/HTTP only: use gzip or zstd");
      }
      String fault = compression.levelFault(level());
      if (fault != null) {
        throw new IllegalArgumentException("compression_params.level=" + level() + ": " + fault);
      }
      compression.load();
    }

    private int level() {
      return compressionLevel == null ? compression.defaultLevel() : compressionLevel;
    }

    private TransportSettings transportSettings() {
      Map<Signal, Endpoint> urls = new EnumMap<>(Signal.class);
      if (protocol == Protocol.HTTP_PROTOBUF) {
        for (Signal signal : Signal.values()) {
          Endpoint url = url(signal);
          if (url != null) {
            urls.put(signal, url);
          }
        }
      }
      return new TransportSettings(
          id,
          endpoint,
          urls,
          headerRules == null ? headers : Map.of(),
          auth,
          compression,
          level(),
          timeout,
          tls,
          keepAlive);
    }

    /** Returns the URL for a signal over HTTP, or null if there is none. */
    private @Nullable Endpoint url(Signal signal) {
      Endpoint own = signalEndpoints.get(signal);
      if (own != null) {
        return own.path().isEmpty() ? own.withPath("/") : own;
      }
      return endpoint == null ? null : endpoint.ofSignal(signal);
    }
  }
}
