package dev.tallyspan.collector.config;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.auth.HeadersSettings;
import dev.tallyspan.collector.exporter.BatchSettings;
import dev.tallyspan.collector.exporter.Compression;
import dev.tallyspan.collector.exporter.Endpoint;
import dev.tallyspan.collector.exporter.KeepAliveSettings;
import dev.tallyspan.collector.exporter.OtlpExporter;
import dev.tallyspan.collector.exporter.Protocol;
import dev.tallyspan.collector.exporter.QueueSettings;
import dev.tallyspan.collector.exporter.RetrySettings;
import dev.tallyspan.collector.exporter.Sizer;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.collector.tree.TreeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads an exporter {@code otlp_grpc} or {@code otlp_http}. */
final class ExporterReader {
  private static final Map<String, Sizer> SIZERS =
      Map.of("requests", Sizer.REQUESTS, "items", Sizer.ITEMS, "bytes", Sizer.BYTES);

  private static final String HTTP_1 = "requests are sent over HTTP/1.1";

  private ExporterReader() {}

  static ExporterConfig read(
      String id, Protocol protocol, Section section, Map<String, @Nullable AuthSettings> auths) {
    boolean http = protocol == Protocol.HTTP_PROTOBUF;
    OtlpExporter.Builder check = OtlpExporter.builder(id, protocol);
    String text = section.text("endpoint", "").strip();
    String configured = text.isEmpty() ? null : text;
    BackendChoice backend = BackendChoice.of(section, endpoints(section, configured, http));
    String endpoint =
        backend == null || configured == null && hasSignalEndpoint(section, http)
            ? configured
            : backend.endpoint(configured, protocol, section.environment());
    if (text.startsWith("unix:")) {
      section.error(
          "endpoint", section.name("endpoint") + ": Unix sockets are not supported: use host:port");
    } else if (endpoint != null) {
      check(section, "endpoint", () -> check.endpoint(endpoint));
      if (http) {
        warnOfSignalPath(section, endpoint);
      }
    }
    Map<Signal, String> signalEndpoints = new EnumMap<>(Signal.class);
    if (http) {
      for (Signal signal : Signal.values()) {
        String key = signal.id() + "_endpoint";
        String url = section.text(key);
        if (url != null) {
          check(section, key, () -> check.endpoint(signal, url));
          signalEndpoints.put(signal, url);
        }
      }
    }
    if (endpoint == null && signalEndpoints.isEmpty()) {
      section.error("endpoint is missing or empty");
    }
    AuthSettings auth = AuthReader.of(section, /* receiver= */ false, auths);
    Map<String, String> headers = headers(section, check);
    TreeSettings traces = TreeSettings.DEFAULT;
    long maxRequestBytes = 0;
    SizeLimits limits = SizeLimits.NONE;
    if (backend != null) {
      headers = headers(section, check, backend, headers, auth != null);
      traces = backend.profile().traces();
      maxRequestBytes = backend.profile().maxRequestBytes();
      limits = backend.profile().limits();
      checkProtocol(section, protocol, backend);
    }
    PolicyConfig policy = PolicyReader.read(section);
    Compression compression = compression(section, http);
    ExporterConfig exporter =
        new ExporterConfig(
            id,
            protocol,
            endpoint,
            signalEndpoints,
            headers,
            compression,
            level(section, compression),
            timeout(section, Duration.ofSeconds(http ? 30 : 5)),
            ExporterTlsReader.read(section, protocol),
            retry(section),
            isRetryLimited(section),
            queue(section),
            section.number("max_request_bytes", 0, Long.MAX_VALUE / 2, maxRequestBytes),
            ProfileReader.read(section).with(backend),
            TreeReader.read(section, traces),
            policy,
            PolicyReader.limits(section, policy, limits),
            http ? null : keepAlive(section),
            auth);
    boolean credentials = exporter.auth() != null && !(exporter.auth() instanceof HeadersSettings);
    if (credentials && sendsInTheClear(exporter)) {
      section.warning("auth", section.name("auth") + ": credentials are sent without TLS");
    }
    others(section, http);
    section.end();
    return exporter;
  }

  private static List<String> endpoints(
      Section section, @Nullable String configured, boolean http) {
    List<String> endpoints = new ArrayList<>();
    if (configured != null) {
      endpoints.add(configured);
    }
    String traces = http ? section.text(Signal.TRACES.id() + "_endpoint") : null;
    if (traces != null) {
      endpoints.add(traces);
    }
    return endpoints;
  }

  private static boolean hasSignalEndpoint(Section section, boolean http) {
    return http && Stream.of(Signal.values()).anyMatch(it -> section.has(it.id() + "_endpoint"));
  }

  /** Adds the headers of a backend, and warns of those that are missing. */
  private static Map<String, String> headers(
      Section section,
      OtlpExporter.Builder check,
      BackendChoice backend,
      Map<String, String> configured,
      boolean authorized) {
    Map<String, String> env = section.environment();
    Map<String, String> headers = backend.headers(configured, authorized, env);
    headers.forEach(
        (name, value) -> {
          if (!configured.containsKey(name)) {
            check(section, BackendChoice.KEY, () -> check.header(name, value));
          }
        });
    for (String missing : backend.missing(configured, authorized, env, name -> "headers." + name)) {
      section.warning(section.name(BackendChoice.KEY) + ": " + missing);
    }
    return headers;
  }

  private static void checkProtocol(Section section, Protocol protocol, BackendChoice backend) {
    if (!backend.profile().protocols().contains(protocol)) {
      String message =
          backend.profile().name()
              + " is not reached over "
              + (protocol == Protocol.GRPC ? "gRPC: use otlp_http" : "HTTP: use otlp_grpc");
      if (backend.byEndpoint()) {
        section.warning("endpoint", section.name("endpoint") + ": " + message);
      } else {
        section.error(BackendChoice.KEY, section.name(BackendChoice.KEY) + ": " + message);
      }
    }
  }

  private static boolean sendsInTheClear(ExporterConfig exporter) {
    List<String> endpoints = new ArrayList<>(exporter.signalEndpoints().values());
    if (exporter.endpoint() != null) {
      endpoints.add(exporter.endpoint());
    }
    boolean insecure = exporter.protocol() == Protocol.GRPC && exporter.tls().insecure();
    return endpoints.stream()
        .anyMatch(
            endpoint ->
                endpoint.startsWith("http://") || insecure && !endpoint.startsWith("https://"));
  }

  private static void warnOfSignalPath(Section section, String endpoint) {
    try {
      Signal signal = Endpoint.parse(endpoint, 4317).endsInPathOf();
      if (signal != null) {
        section.warning(
            "endpoint",
            section.name("endpoint") + SignalPath.warning(signal, signal.id() + "_endpoint"));
      }
    } catch (IllegalArgumentException e) {
      // Already reported as an error.
    }
  }

  /** Reads keys that tune Go's clients, and those of features that Tallyspan does not have. */
  private static void others(Section section, boolean http) {
    String buffers = "buffers are sized by the library";
    withoutEffect(section, "read_buffer_size", buffers);
    withoutEffect(section, "write_buffer_size", buffers);
    section.unsupported("middlewares", "there are no extensions of this kind");
    section.unsupported("insecure", "set tls: {insecure: true}");
    section.unsupported("batcher", "use sending_queue.batch");
    if (http) {
      encoding(section);
      section.unsupported("proxy_url", "set the Java system property https.proxyHost");
      withoutEffect(section, "profiles_endpoint", "profiles are not received");
      withoutEffect(section, "cookies", "backends of OTLP do not need them");
      String connections = "num_consumers limits how many connections there are";
      withoutEffect(section, "max_idle_conns", connections);
      withoutEffect(section, "max_idle_conns_per_host", connections);
      withoutEffect(section, "max_conns_per_host", connections);
      withoutEffect(section, "idle_conn_timeout", "Java closes idle connections after 30s");
      withoutEffect(section, "disable_keep_alives", "connections are always kept");
      withoutEffect(section, "force_attempt_http2", HTTP_1);
      withoutEffect(section, "http2_read_idle_timeout", HTTP_1);
      withoutEffect(section, "http2_ping_timeout", HTTP_1);
    } else {
      withoutEffect(section, "wait_for_ready", "requests wait in the queue");
      section.unsupported("authority", "set tls.server_name_override for the certificate's name");
      String balancer = section.text("balancer_name");
      if (balancer != null && !balancer.equals("round_robin")) {
        withoutEffect(section, "balancer_name", "it is always round_robin");
      }
    }
  }

  /** Reports a key of the OpenTelemetry Collector that need not be taken out. */
  static void withoutEffect(Section section, String key, String why) {
    if (section.has(key)) {
      section.warning(key, section.name(key) + ": has no effect: " + why);
    }
  }

  private static void encoding(Section section) {
    String encoding = section.text("encoding", "proto");
    if (encoding.equals("json")) {
      withoutEffect(section, "encoding", "proto is sent, which every OTLP backend accepts");
    } else if (!encoding.equals("proto")) {
      section.error("encoding", section.name("encoding") + ": must be proto");
    }
  }

  private static @Nullable KeepAliveSettings keepAlive(Section section) {
    Section keepAlive = section.section("keepalive");
    if (keepAlive == null) {
      return null;
    }
    KeepAliveSettings otherwise = KeepAliveSettings.DEFAULT;
    Duration time = keepAlive.duration("time", otherwise.time());
    Duration timeout = keepAlive.duration("timeout", otherwise.timeout());
    boolean always = keepAlive.bool("permit_without_stream", otherwise.permitWithoutStream());
    keepAlive.end();
    if (time.compareTo(otherwise.time()) < 0) {
      // As Go's client does.
      if (keepAlive.has("time")) {
        keepAlive.warning("time", keepAlive.name("time") + ": 10s is used, the minimum");
      }
      time = otherwise.time();
    }
    try {
      return new KeepAliveSettings(time, timeout, always);
    } catch (IllegalArgumentException e) {
      keepAlive.error(e);
      return otherwise;
    }
  }

  /** Reads a mapping from names to values, or a list of names and values. */
  private static Map<String, String> headers(Section section, OtlpExporter.Builder check) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (section.isList("headers")) {
      for (Section header : section.sections("headers")) {
        String name = header.text("name");
        String value = header.text("value", "");
        header.end();
        if (name == null && header.keys().isEmpty()) {
          continue;
        }
        if (name == null) {
          header.error("name is missing");
        } else {
          check(header, "value", () -> check.header(name, value));
          headers.put(name, value);
        }
      }
      return headers;
    }
    Section listed = section.section("headers");
    if (listed == null) {
      return headers;
    }
    for (String name : listed.keys()) {
      String value = listed.text(name, "");
      check(listed, name, () -> check.header(name, value));
      headers.put(name, value);
    }
    return headers;
  }

  private static Compression compression(Section section, boolean http) {
    String text = section.text("compression", "gzip").toLowerCase(Locale.ROOT);
    switch (text) {
      case "gzip":
        return Compression.GZIP;
      case "zstd":
        return Compression.ZSTD;
      case "none", "":
        return Compression.NONE;
      case "zlib", "deflate":
        if (http) {
          return text.equals("zlib") ? Compression.ZLIB : Compression.DEFLATE;
        }
        break;
      case "snappy", "lz4":
        break;
      default:
        section.error(
            "compression",
            section.name("compression")
                + ": must be one of gzip, zstd, "
                + (http ? "zlib, deflate, none" : "none"));
        return Compression.GZIP;
    }
    section.error(
        "compression",
        section.name("compression") + ": " + text + " is not supported: use gzip or zstd");
    return Compression.GZIP;
  }

  private static int level(Section section, Compression compression) {
    Section params = section.section("compression_params");
    int otherwise = compression.defaultLevel();
    if (params == null) {
      return otherwise;
    }
    int level = (int) params.number("level", -1, 22, otherwise);
    String fault = compression.levelFault(level);
    if (fault != null) {
      params.error("level", params.name("level") + ": " + fault);
      level = otherwise;
    }
    params.end();
    return level;
  }

  static Duration timeout(Section section, Duration otherwise) {
    Duration timeout = section.duration("timeout", otherwise);
    if (timeout.isZero()) {
      section.error("timeout", section.name("timeout") + ": must not be zero");
      return otherwise;
    }
    return timeout;
  }

  static RetrySettings retry(Section section) {
    RetrySettings otherwise = RetrySettings.DEFAULT;
    Section retry = section.section("retry_on_failure");
    if (retry == null) {
      return otherwise;
    }
    boolean enabled = retry.bool("enabled", otherwise.enabled());
    Duration initial = retry.duration("initial_interval", otherwise.initialInterval());
    double multiplier = retry.real("multiplier", otherwise.multiplier());
    double randomization = retry.real("randomization_factor", otherwise.randomizationFactor());
    Duration max = retry.duration("max_interval", otherwise.maxInterval());
    Duration elapsed = retry.duration("max_elapsed_time", otherwise.maxElapsedTime());
    retry.end();
    try {
      return new RetrySettings(enabled, initial, multiplier, randomization, max, elapsed);
    } catch (IllegalArgumentException e) {
      retry.error(e);
      return otherwise;
    }
  }

  static boolean isRetryLimited(Section section) {
    Section retry = section.section("retry_on_failure");
    return retry != null && retry.has("max_elapsed_time");
  }

  static QueueSettings queue(Section section) {
    QueueSettings otherwise = QueueSettings.DEFAULT;
    Section queue = section.section("sending_queue");
    if (queue == null) {
      return otherwise;
    }
    boolean enabled = queue.bool("enabled", otherwise.enabled());
    int consumers = (int) queue.number("num_consumers", 1, 10_000, otherwise.numConsumers());
    long size = queue.number("queue_size", 1, Long.MAX_VALUE / 2, otherwise.queueSize());
    long maxBytes = queue.number("max_bytes", 0, Long.MAX_VALUE / 2, otherwise.maxBytes());
    boolean sized = queue.has("sizer");
    Sizer sizer = queue.choice("sizer", SIZERS, otherwise.sizer());
    if (queue.bool("block_on_overflow", false)) {
      withoutEffect(
          queue, "block_on_overflow", "a full queue answers UNAVAILABLE, and the sender retries");
    }
    // What these two ask for depends on the pipelines of the exporter: see QueueModes.
    queue.has("storage");
    queue.has("wait_for_result");
    Section batch = queue.section("batch");
    queue.end();
    try {
      QueueSettings settings =
          new QueueSettings(enabled, consumers, size, sizer, maxBytes, /* batch= */ null);
      return batch == null
          ? settings
          : settings.withBatch(batch(batch, sized && sizer == Sizer.BYTES));
    } catch (IllegalArgumentException e) {
      queue.error(e);
      return otherwise;
    }
  }

  /**
   * @param bytes whether the queue counts bytes; a batch does the same unless it sets {@code sizer}
   */
  private static BatchSettings batch(Section batch, boolean bytes) {
    BatchSettings otherwise = BatchSettings.DEFAULT;
    Duration flush = batch.duration("flush_timeout", otherwise.flushTimeout());
    long minSize = batch.number("min_size", 0, Long.MAX_VALUE / 2, otherwise.minSize());
    long maxSize = batch.number("max_size", 0, Long.MAX_VALUE / 2, otherwise.maxSize());
    Sizer sizer = batch.choice("sizer", SIZERS, bytes ? Sizer.BYTES : otherwise.sizer());
    batch.unsupported("partition", "request headers are not forwarded");
    batch.end();
    try {
      return new BatchSettings(flush, minSize, maxSize, sizer);
    } catch (IllegalArgumentException e) {
      batch.error(e);
      return otherwise;
    }
  }

  private static void check(Section section, String key, Runnable use) {
    try {
      use.run();
    } catch (IllegalArgumentException e) {
      section.error(key, e);
    }
  }
}
