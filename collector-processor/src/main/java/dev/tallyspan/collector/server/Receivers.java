package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.ReceiverConfig;
import dev.tallyspan.collector.receiver.Cors;
import dev.tallyspan.collector.receiver.OtlpReceiver;
import dev.tallyspan.collector.receiver.OtlpReceiverBuilder;
import dev.tallyspan.collector.receiver.ServerTls;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Creates the receivers of a configuration. */
final class Receivers {

  private Receivers() {}

  /**
   * @throws IllegalArgumentException if the credentials of an authenticator cannot be read
   */
  static OtlpReceiverBuilder builder(ReceiverConfig config, Authenticators authenticators) {
    OtlpReceiverBuilder builder = OtlpReceiver.builder().name(config.id());
    if (config.grpc() != null) {
      grpc(builder, config.grpc());
      if (config.grpc().auth() != null) {
        builder.grpcAuthenticator(authenticators.of(config.grpc().auth()));
      }
    }
    if (config.http() != null) {
      http(builder, config.http());
      if (config.http().auth() != null) {
        builder.httpAuthenticator(authenticators.of(config.http().auth()));
      }
    }
    return builder;
  }

  private static void grpc(OtlpReceiverBuilder builder, ReceiverConfig.Grpc grpc) {
    ReceiverConfig.KeepAlive keepAlive = grpc.keepAlive();
    builder
        .grpcEndpoint(grpc.endpoint().toString())
        .grpcMaxRequestBytes(grpc.maxRequestBytes())
        .grpcMaxConcurrentStreams(grpc.maxConcurrentStreams())
        .grpcMaxConnections(grpc.maxConnections())
        .grpcMaxConnectionIdle(keepAlive.maxConnectionIdle())
        .grpcMaxConnectionAge(keepAlive.maxConnectionAge())
        .grpcMaxConnectionAgeGrace(keepAlive.maxConnectionAgeGrace())
        .grpcKeepAliveTime(keepAlive.time())
        .grpcKeepAliveTimeout(keepAlive.timeout())
        .grpcMinPingInterval(keepAlive.minTime())
        .grpcPermitPingsWithoutStreams(keepAlive.permitWithoutStream())
        .readTimeout(grpc.readTimeout());
    if (grpc.tls() != null) {
      builder.grpcTls(tls(grpc.tls()));
    }
  }

  private static void http(OtlpReceiverBuilder builder, ReceiverConfig.Http http) {
    builder
        .httpEndpoint(http.endpoint().toString())
        .httpMaxRequestBytes(http.maxRequestBytes())
        .httpScoreApis(http.scoreApis())
        .httpMaxConnections(http.maxConnections())
        .httpCompressionAlgorithms(http.compressionAlgorithms())
        .httpResponseHeaders(http.responseHeaders())
        .httpKeepAlives(http.keepAlives())
        .httpReadHeaderTimeout(http.readHeaderTimeout())
        .httpWriteTimeout(http.writeTimeout())
        .httpIdleTimeout(http.idleTimeout())
        .readTimeout(http.readTimeout());
    http.paths().forEach(builder::httpPath);
    if (http.cors() != null) {
      ReceiverConfig.Cors cors = http.cors();
      builder.httpCors(
          new Cors(
              cors.allowedOrigins(), cors.allowedHeaders(), cors.exposedHeaders(), cors.maxAge()));
    }
    if (http.tls() != null) {
      builder.httpTls(tls(http.tls()));
    }
  }

  private static ServerTls tls(ReceiverConfig.ServerTls tls) {
    return new ServerTls(
        pem(tls.certFile(), tls.certPem()),
        pem(tls.keyFile(), tls.keyPem()),
        tls.clientCaFile(),
        tls.clientCaReload(),
        tls.reloadInterval(),
        tls.protocols(),
        tls.cipherSuites());
  }

  private static ServerTls.Pem pem(@Nullable Path file, @Nullable String text) {
    return file == null
        ? new ServerTls.Pem.Text(requireNonNull(text))
        : new ServerTls.Pem.InFile(file);
  }
}
