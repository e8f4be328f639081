package dev.tallyspan.collector.config;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.exporter.BatchSettings;
import dev.tallyspan.collector.exporter.Compression;
import dev.tallyspan.collector.exporter.Endpoint;
import dev.tallyspan.collector.exporter.OtlpExporter;
import dev.tallyspan.collector.exporter.Protocol;
import dev.tallyspan.collector.exporter.QueueSettings;
import dev.tallyspan.collector.exporter.RetrySettings;
import dev.tallyspan.collector.exporter.Sizer;
import dev.tallyspan.collector.exporter.TlsSettings;
import dev.tallyspan.collector.flow.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an exporter {@code otlp_grpc} or {@code otlp_http}. */
final class ExporterReader {
  private static final Map<String, Sizer> SIZERS =
      Map.of("requests", Sizer.REQUESTS, "items", Sizer.ITEMS, "bytes", Sizer.BYTES);

  private ExporterReader() {}

  static ExporterConfig read(
      String id, Protocol protocol, Section section, Map<String, @Nullable AuthSettings> auths) {
    boolean http = protocol == Protocol.HTTP_PROTOBUF;
    OtlpExporter.Builder check = OtlpExporter.builder(id, protocol);
    String endpoint = section.text("endpoint");
    if (endpoint != null) {
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
      section.error("endpoint is missing");
    }
    ExporterConfig exporter =
        new ExporterConfig(
            id,
            protocol,
            endpoint,
            signalEndpoints,
            headers(section, check),
            compression(section),
            level(section),
            timeout(section, Duration.ofSeconds(http ? 30 : 5)),
            tls(section, protocol),
            retry(section),
            isRetryLimited(section),
            queue(section),
            section.number("max_request_bytes", 0, Long.MAX_VALUE / 2, 0),
            ProfileReader.read(section),
            TreeReader.read(section),
            AuthReader.of(section, /* receiver= */ false, auths));
    if (exporter.auth() != null && sendsInTheClear(exporter)) {
      section.warning("auth", section.name("auth") + ": credentials are sent without TLS");
    }
    unsupported(section, http);
    section.end();
    return exporter;
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

  private static void unsupported(Section section, boolean http) {
    section.unsupported("read_buffer_size", "buffers are sized by the library");
    section.unsupported("write_buffer_size", "buffers are sized by the library");
    if (http) {
      section.unsupported("encoding", "bodies are protobuf, which every OTLP backend accepts");
      section.unsupported("proxy_url", "set the Java system property https.proxyHost");
      section.unsupported("profiles_endpoint", "profiles are not received");
    } else {
      section.unsupported("keepalive", "timeouts detect dead connections");
      section.unsupported("balancer_name", "it is always round_robin");
      section.unsupported("wait_for_ready", "requests wait in the queue");
    }
  }

  private static Map<String, String> headers(Section section, OtlpExporter.Builder check) {
    Map<String, String> headers = new LinkedHashMap<>();
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

  private static Compression compression(Section section) {
    String text = section.text("compression", "gzip");
    switch (text.toLowerCase(Locale.ROOT)) {
      case "gzip":
        return Compression.GZIP;
      case "none", "":
        return Compression.NONE;
      case "zstd", "snappy", "zlib", "deflate", "lz4":
        section.error(
            "compression",
            section.name("compression") + ": " + text + " is not supported: use gzip or none");
        return Compression.GZIP;
      default:
        section.error("compression", section.name("compression") + ": must be one of gzip, none");
        return Compression.GZIP;
    }
  }

  private static int level(Section section) {
    Section params = section.section("compression_params");
    if (params == null) {
      return 1;
    }
    int level = (int) params.number("level", -1, 9, 1);
    if (level == 0) {
      params.error(
          "level", params.name("level") + ": must be from 1 to 9, or -1 for zlib's default");
      level = 1;
    }
    params.end();
    return level;
  }

  private static Duration timeout(Section section, Duration otherwise) {
    Duration timeout = section.duration("timeout", otherwise);
    if (timeout.isZero()) {
      section.error("timeout", section.name("timeout") + ": must not be zero");
      return otherwise;
    }
    return timeout;
  }

  private static TlsSettings tls(Section section, Protocol protocol) {
    Section tls = section.section("tls");
    if (tls == null) {
      return TlsSettings.DEFAULT;
    }
    boolean insecure = tls.bool("insecure", false);
    boolean skipVerify = tls.bool("insecure_skip_verify", false);
    Path ca = tls.file("ca_file");
    Path cert = tls.file("cert_file");
    Path key = tls.file("key_file");
    String serverName = null;
    if (protocol == Protocol.GRPC) {
      serverName = tls.text("server_name_override");
    } else {
      tls.unsupported("server_name_override", "only otlp_grpc has it");
    }
    tls.unsupported("min_version", "it is always 1.2");
    tls.unsupported("reload_interval", "restart to read new certificates");
    tls.end();
    if ((cert == null) != (key == null)) {
      tls.error("set both cert_file and key_file: one is missing");
      return TlsSettings.DEFAULT;
    }
    return new TlsSettings(insecure, skipVerify, ca, cert, key, serverName);
  }

  private static RetrySettings retry(Section section) {
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

  private static boolean isRetryLimited(Section section) {
    Section retry = section.section("retry_on_failure");
    return retry != null && retry.has("max_elapsed_time");
  }

  private static QueueSettings queue(Section section) {
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
    queue.unsupported(
        "block_on_overflow", "a full queue answers UNAVAILABLE, and the sender retries");
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
