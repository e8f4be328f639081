package dev.tallyspan.collector.config;

import dev.tallyspan.collector.config.ReceiverConfig.Cors;
import dev.tallyspan.collector.config.ReceiverConfig.Grpc;
import dev.tallyspan.collector.config.ReceiverConfig.Http;
import dev.tallyspan.collector.config.ReceiverConfig.KeepAlive;
import dev.tallyspan.collector.config.ReceiverConfig.ServerTls;
import dev.tallyspan.collector.flow.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a receiver {@code otlp}. */
final class ReceiverReader {

  private ReceiverReader() {}

  static ReceiverConfig read(String id, Section section) {
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
        id, grpc == null ? null : grpc(grpc), http == null ? null : http(http));
  }

  private static Grpc grpc(Section section) {
    Grpc otherwise = Grpc.DEFAULT;
    Grpc grpc =
        new Grpc(
            endpoint(section, otherwise.endpoint()),
            (int)
                    section.number(
                        "max_recv_msg_size_mib", 1, 2047, otherwise.maxRequestBytes() >> 20)
                << 20,
            (int)
                section.number(
                    "max_concurrent_streams",
                    1,
                    Integer.MAX_VALUE,
                    otherwise.maxConcurrentStreams()),
            section.duration("read_timeout", otherwise.readTimeout()),
            keepAlive(section.section("keepalive")),
            tls(section.section("tls")));
    common(section);
    section.unsupported("read_buffer_size", "Netty sizes its buffers itself");
    section.unsupported("write_buffer_size", "Netty sizes its buffers itself");
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

  private static Http http(Section section) {
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
    Http http =
        new Http(
            endpoint(section, otherwise.endpoint()),
            paths,
            (int)
                section.number(
                    "max_request_body_size", 1, Integer.MAX_VALUE, otherwise.maxRequestBytes()),
            cors(section.section("cors")),
            section.duration("read_timeout", otherwise.readTimeout()),
            section.duration("write_timeout", otherwise.writeTimeout()),
            section.duration("idle_timeout", otherwise.idleTimeout()),
            tls(section.section("tls")));
    common(section);
    section.unsupported("compression_algorithms", "gzip and none are always accepted");
    section.unsupported("response_headers", "responses have the headers that OTLP requires");
    section.end();
    return http;
  }

  private static void common(Section section) {
    section.unsupported("auth", "put an authenticating proxy in front of it");
    section.unsupported("include_metadata", "request headers are not forwarded");
    section.unsupported("transport", "it is always tcp");
  }

  private static ListenEndpoint endpoint(Section section, ListenEndpoint otherwise) {
    String text = section.text("endpoint");
    if (text == null) {
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
            // Seconds, not a duration, as in the Collector.
            Duration.ofSeconds(section.number("max_age", 0, 86_400, 0)));
    section.unsupported("exposed_headers", "responses have no headers to expose");
    section.end();
    return origins.isEmpty() ? null : cors;
  }

  private static @Nullable ServerTls tls(@Nullable Section section) {
    if (section == null) {
      return null;
    }
    Path cert = section.file("cert_file");
    Path key = section.file("key_file");
    Path clientCa = section.file("client_ca_file");
    section.unsupported("min_version", "it is always 1.2");
    section.unsupported("reload_interval", "restart to read new certificates");
    section.end();
    if (cert == null || key == null) {
      section.error("cert_file and key_file are both required");
      return null;
    }
    return new ServerTls(cert, key, clientCa);
  }
}
