package dev.tallyspan.collector.config;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.config.ReceiverConfig.Cors;
import dev.tallyspan.collector.config.ReceiverConfig.Grpc;
import dev.tallyspan.collector.config.ReceiverConfig.Http;
import dev.tallyspan.collector.config.ReceiverConfig.KeepAlive;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.scoreapi.ScoreApi;
import dev.tallyspan.collector.scoreapi.ScoreEndpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a receiver {@code otlp}. */
final class ReceiverReader {

  /** What the Collector accepts in addition. */
  private static final List<String> UNSUPPORTED_ALGORITHMS =
      List.of("snappy", "lz4", "x-snappy-framed");

  private static final String HEADER_NAME = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

  private ReceiverReader() {}

  /**
   * @param auths the extensions that authenticate, by id; null for one with a fault
   */
  static ReceiverConfig read(
      String id, Section section, Map<String, @Nullable AuthSettings> auths) {
    Section protocols = section.section("protocols");
    section.end();
    if (protocols == null) {
      section.error("protocols is missing: set grpc, http or both");
      return new ReceiverConfig(id, Grpc.DEFAULT, Http.DEFAULT);
    }
    Section grpc = protocols.section("grpc");
    Section http = protocols.section("http");
    protocols.end();
    if (grpc == null && http == null) {
      protocols.error("has no protocol: set grpc, http or both");
    }
    return new ReceiverConfig(
        id, grpc == null ? null : grpc(grpc, auths), http == null ? null : http(http, auths));
  }

  private static Grpc grpc(Section section, Map<String, @Nullable AuthSettings> auths) {
    Grpc otherwise = Grpc.DEFAULT;
    Grpc grpc =
        new Grpc(
            endpoint(section, otherwise.endpoint()),
            (int)
                    orDefault(
                        section.number("max_recv_msg_size_mib", 0, 2047, 0),
                        otherwise.maxRequestBytes() >> 20)
                << 20,
            (int)
                orDefault(
                    section.number("max_concurrent_streams", 0, Integer.MAX_VALUE, 0),
                    otherwise.maxConcurrentStreams()),
            AuthReader.of(section, /* receiver= */ true, auths),
            maxConnections(section, otherwise.maxConnections()),
            section.duration("read_timeout", otherwise.readTimeout()),
            keepAlive(section.section("keepalive")),
            ServerTlsReader.read(section.section("tls")));
    common(section);
    section.withoutEffect("read_buffer_size", "Netty sizes its buffers itself");
    section.withoutEffect("write_buffer_size", "Netty sizes its buffers itself");
    section.end();
    return grpc;
  }

  private static KeepAlive keepAlive(@Nullable Section section) {
    KeepAlive otherwise = KeepAlive.DEFAULT;
    if (section == null) {
      return otherwise;
    }
    Section server = section.section("server_parameters");
    Section policy = section.section("enforcement_policy");
    section.end();
    Duration idle = otherwise.maxConnectionIdle();
    Duration age = otherwise.maxConnectionAge();
    Duration grace = otherwise.maxConnectionAgeGrace();
    Duration time = otherwise.time();
    Duration timeout = otherwise.timeout();
    if (server != null) {
      idle = server.duration("max_connection_idle", idle);
      age = server.duration("max_connection_age", age);
      grace = server.duration("max_connection_age_grace", grace);
      time = server.duration("time", time);
      timeout = server.duration("timeout", timeout);
      server.end();
    }
    Duration minTime = otherwise.minTime();
    boolean permit = otherwise.permitWithoutStream();
    if (policy != null) {
      minTime = policy.duration("min_time", minTime);
      permit = policy.bool("permit_without_stream", permit);
      policy.end();
    }
    return new KeepAlive(idle, age, grace, time, timeout, minTime, permit);
  }

  private static Http http(Section section, Map<String, @Nullable AuthSettings> auths) {
    Http otherwise = Http.DEFAULT;
    Map<Signal, String> paths = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      String key = signal.id() + "_url_path";
      String path = section.text(key, signal.httpPath());
      if (!path.startsWith("/")) {
        section.error(key, section.name(key) + ": must begin with a slash");
      }
      paths.put(signal, path);
    }
    Set<ScoreApi> scoreApis = scoreApis(section, otherwise.scoreApis());
    for (ScoreApi api : scoreApis) {
      for (ScoreEndpoint endpoint : ScoreEndpoint.of(api)) {
        paths.forEach(
            (signal, path) -> {
              if (path.equals(endpoint.path())) {
                String key = signal.id() + "_url_path";
                section.error(
                    key,
                    section.name(key)
                        + ": is a path for scores: leave "
                        + api.id()
                        + " out of score_apis, or choose another one");
              }
            });
      }
    }
    Http http =
        new Http(
            endpoint(section, otherwise.endpoint()),
            paths,
            (int)
                orDefault(
                    section.number("max_request_body_size", 0, Integer.MAX_VALUE, 0),
                    otherwise.maxRequestBytes()),
            scoreApis,
            cors(section.section("cors")),
            compressionAlgorithms(section),
            responseHeaders(section),
            AuthReader.of(section, /* receiver= */ true, auths),
            maxConnections(section, otherwise.maxConnections()),
            section.bool("keep_alives_enabled", otherwise.keepAlives()),
            section.duration("read_header_timeout", otherwise.readHeaderTimeout()),
            section.duration("read_timeout", otherwise.readTimeout()),
            section.duration("write_timeout", otherwise.writeTimeout()),
            section.duration("idle_timeout", otherwise.idleTimeout()),
            ServerTlsReader.read(section.section("tls")));
    common(section);
    section.end();
    return http;
  }

  private static Set<ScoreApi> scoreApis(Section section, Set<ScoreApi> otherwise) {
    String key = "score_apis";
    if (!section.has(key)) {
      return otherwise;
    }
    Set<ScoreApi> apis = EnumSet.noneOf(ScoreApi.class);
    for (String id : section.texts(key)) {
      ScoreApi found = null;
      for (ScoreApi api : ScoreApi.values()) {
        found = api.id().equals(id) ? api : found;
      }
      if (found == null) {
        section.error(key, section.name(key) + ": must be a list of langfuse and phoenix");
      } else {
        apis.add(found);
      }
    }
    return apis;
  }

  /** As in the Collector, 0 stands for the default. */
  private static long orDefault(long number, long otherwise) {
    return number == 0 ? otherwise : number;
  }

  private static void common(Section section) {
    if (section.bool("include_metadata", false)) {
      section.withoutEffect("include_metadata", "request headers are not forwarded");
    }
    if (!section.text("transport", "tcp").equals("tcp")) {
      section.error(
          "transport",
          section.name("transport")
              + ": must be tcp: Unix sockets are not supported, use localhost:4317");
    }
    section.unsupported("middlewares", "there are no extensions of this kind");
  }

  private static int maxConnections(Section section, int otherwise) {
    return (int) section.number("max_connections", 0, Integer.MAX_VALUE, otherwise);
  }

  private static List<String> compressionAlgorithms(Section section) {
    String key = "compression_algorithms";
    if (!section.has(key)) {
      return Http.COMPRESSION_ALGORITHMS;
    }
    List<String> names = new ArrayList<>();
    for (String name : section.texts(key)) {
      if (Http.COMPRESSION_ALGORITHMS.contains(name)) {
        names.add(name);
      } else if (UNSUPPORTED_ALGORITHMS.contains(name)) {
        section.warning(
            key, section.name(key) + ": " + name + " is not supported: such requests are refused");
      } else {
        section.error(
            key,
            section.name(key)
                + ": must be a list of gzip, zstd, zlib, deflate, and an empty string for no"
                + " compression");
      }
    }
    return names;
  }

  private static Map<String, String> responseHeaders(Section section) {
    Map<String, String> headers = new LinkedHashMap<>();
    Section listed = section.section("response_headers");
    if (listed == null) {
      return headers;
    }
    for (String name : listed.keys()) {
      String value = listed.text(name, "");
      if (!name.matches(HEADER_NAME) || !value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
        listed.error(name, listed.name(name) + ": must be a header of printable ASCII");
      } else {
        headers.put(name, value);
      }
    }
    return headers;
  }

  private static ListenEndpoint endpoint(Section section, ListenEndpoint otherwise) {
    String text = section.text("endpoint");
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    try {
      return ListenEndpoint.parse(text);
    } catch (IllegalArgumentException e) {
      section.error("endpoint", e);
      return otherwise;
    }
  }

  private static @Nullable Cors cors(@Nullable Section section) {
    if (section == null) {
      return null;
    }
    List<String> origins = section.texts("allowed_origins");
    Cors cors =
        new Cors(
            origins,
            section.texts("allowed_headers"),
            section.texts("exposed_headers"),
            // Seconds, not a duration, as in the Collector.
            Duration.ofSeconds(section.number("max_age", 0, 86_400, 0)));
    section.end();
    return origins.isEmpty() ? null : cors;
  }
}
