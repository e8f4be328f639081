package dev.tallyspan.collector.config;

import dev.tallyspan.collector.telemetry.OtlpPush;
import dev.tallyspan.collector.telemetry.OtlpPush.Protocol;
import dev.tallyspan.collector.telemetry.OtlpPush.Temporality;
import dev.tallyspan.collector.telemetry.OtlpPush.TlsFiles;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a reader {@code periodic} of the collector's own metrics, in the forms of both generations
 * of OpenTelemetry's declarative configuration: the exporter {@code otlp} with a protocol, and the
 * exporters {@code otlp_http} and {@code otlp_grpc}.
 */
final class OtlpPushReader {

  private static final Map<String, Protocol> PROTOCOLS =
      Map.of("http/protobuf", Protocol.HTTP, "grpc", Protocol.GRPC, "grpc/protobuf", Protocol.GRPC);
  private static final Map<String, Boolean> COMPRESSIONS = Map.of("gzip", true, "none", false);
  private static final Map<String, Boolean> HISTOGRAMS =
      Map.of("explicit_bucket_histogram", false, "base2_exponential_bucket_histogram", true);
  private static final Map<String, Temporality> TEMPORALITIES =
      Map.of(
          "cumulative",
          Temporality.CUMULATIVE,
          "delta",
          Temporality.DELTA,
          "low_memory",
          Temporality.LOW_MEMORY,
          "lowmemory",
          Temporality.LOW_MEMORY);

  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private OtlpPushReader() {}

  /** Returns null if the reader has no valid exporter, which is reported. */
  static @Nullable OtlpPush read(Section periodic) {
    Duration interval = millis(periodic, "interval", 60_000);
    Duration timeout = millis(periodic, "timeout", 10_000);
    OwnMetricsReader.noEffect(periodic);
    Section exporter = periodic.section("exporter");
    periodic.end();
    if (exporter == null) {
      periodic.error("exporter is missing");
      return null;
    }
    exporter.withoutEffect(
        "console", "read the metrics at the Prometheus address, or use otlp_http");
    exporter.withoutEffect("otlp_file/development", "use otlp_http");
    Section otlp = exporter.section("otlp");
    Section http = exporter.section("otlp_http");
    Section grpc = exporter.section("otlp_grpc");
    exporter.end();
    if (otlp != null) {
      Protocol protocol = otlp.choice("protocol", PROTOCOLS, Protocol.HTTP);
      return push(otlp, protocol, interval, timeout);
    }
    if (http != null) {
      String encoding = http.text("encoding");
      if (encoding != null && !encoding.equals("protobuf")) {
        http.error("encoding", http.name("encoding") + ": must be protobuf");
      }
      return push(http, Protocol.HTTP, interval, timeout);
    }
    if (grpc != null) {
      return push(grpc, Protocol.GRPC, interval, timeout);
    }
    if (!exporter.has("console") && !exporter.has("otlp_file/development")) {
      exporter.error("must have otlp, otlp_http or otlp_grpc");
    }
    return null;
  }

  private static Duration millis(Section section, String key, long otherwise) {
    return Duration.ofMillis(section.number(key, 1, DAY_MILLIS, otherwise));
  }

  private static OtlpPush push(
      Section section, Protocol protocol, Duration interval, Duration timeout) {
    Section tls = section.section("tls");
    boolean insecure = section.bool("insecure", false);
    TlsFiles files;
    if (tls == null) {
      files =
          new TlsFiles(
              section.file("certificate"),
              section.file("client_certificate"),
              section.file("client_key"));
    } else {
      insecure |= protocol == Protocol.GRPC && tls.bool("insecure", false);
      files = new TlsFiles(tls.file("ca_file"), tls.file("cert_file"), tls.file("key_file"));
      tls.end();
    }
    if ((files.cert() == null) != (files.key() == null)) {
      section.error("a client certificate needs its key, and a key its certificate");
    }
    OtlpPush push =
        new OtlpPush(
            protocol,
            endpoint(section, protocol, insecure),
            headers(section),
            section.choice("compression", COMPRESSIONS, false),
            interval,
            millis(section, "timeout", timeout.toMillis()),
            files,
            section.choice("temporality_preference", TEMPORALITIES, Temporality.CUMULATIVE),
            section.choice("default_histogram_aggregation", HISTOGRAMS, false));
    section.end();
    return push;
  }

  private static String endpoint(Section section, Protocol protocol, boolean insecure) {
    String otherwise =
        protocol == Protocol.GRPC ? "http://localhost:4317" : "http://localhost:4318/v1/metrics";
    String text = section.text("endpoint");
    if (text == null) {
      return otherwise;
    }
    boolean hasScheme = text.startsWith("http://") || text.startsWith("https://");
    String url = hasScheme ? text : (insecure ? "http://" : "https://") + text;
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      uri = null;
    }
    if (uri == null || uri.getHost() == null) {
      section.error("endpoint", section.name("endpoint") + ": must be a URL such as " + otherwise);
      return otherwise;
    }
    boolean noPath = uri.getPath() == null || uri.getPath().length() <= 1;
    return protocol == Protocol.HTTP && noPath ? url.replaceAll("/+$", "") + "/v1/metrics" : url;
  }

  private static Map<String, String> headers(Section section) {
    Map<String, String> headers = new LinkedHashMap<>();
    String pairs = section.text("headers_list");
    if (pairs != null) {
      TelemetryReader.pairs(section, "headers_list", pairs, headers::put);
    }
    if (section.isSection("headers")) {
      Section named = section.child("headers");
      named.keys().forEach(name -> headers.put(name, named.text(name, "")));
      return headers;
    }
    List<Section> listed = section.sections("headers");
    for (Section header : listed) {
      String name = header.text("name");
      String value = header.text("value", "");
      header.end();
      if (name == null) {
        header.error("name is missing");
      } else {
        headers.put(name, value);
      }
    }
    return headers;
  }
}
