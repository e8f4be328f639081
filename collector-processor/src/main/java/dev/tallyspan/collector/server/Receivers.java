package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.ReceiverConfig;
import dev.tallyspan.collector.receiver.Cors;
import dev.tallyspan.collector.receiver.OtlpReceiver;
import dev.tallyspan.collector.receiver.OtlpReceiverBuilder;
import dev.tallyspan.collector.receiver.TlsFiles;

/** Creates the receivers of a configuration. */
final class Receivers {

  private Receivers() {}

  static OtlpReceiverBuilder builder(ReceiverConfig config) {
    OtlpReceiverBuilder builder = OtlpReceiver.builder().name(config.id());
    if (config.grpc() != null) {
      grpc(builder, config.grpc());
    }
    if (config.http() != null) {
      http(builder, config.http());
    }
    return builder;
  }

  private static void grpc(OtlpReceiverBuilder builder, ReceiverConfig.Grpc grpc) {
    ReceiverConfig.KeepAlive keepAlive = grpc.keepAlive();
    builder
        .grpcEndpoint(grpc.endpoint().toString())
        .grpcMaxRequestBytes(grpc.maxRequestBytes())
        .grpcMaxConcurrentStreams(grpc.maxConcurrentStreams())
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
        .httpWriteTimeout(http.writeTimeout())
        .httpIdleTimeout(http.idleTimeout())
        .readTimeout(http.readTimeout());
    http.paths().forEach(builder::httpPath);
    if (http.cors() != null) {
      ReceiverConfig.Cors cors = http.cors();
      builder.httpCors(new Cors(cors.allowedOrigins(), cors.allowedHeaders(), cors.maxAge()));
    }
    if (http.tls() != null) {
      builder.httpTls(tls(http.tls()));
    }
  }

  private static TlsFiles tls(ReceiverConfig.ServerTls tls) {
    return new TlsFiles(tls.certFile(), tls.keyFile(), tls.clientCaFile());
  }
}
