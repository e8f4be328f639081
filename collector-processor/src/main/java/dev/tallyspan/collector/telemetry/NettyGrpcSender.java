package dev.tallyspan.collector.telemetry;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Sends the requests of one of OpenTelemetry's exporters over gRPC. Thread-safe. */
final class NettyGrpcSender implements GrpcSender {

  private final GrpcSenderConfig config;
  private final MethodDescriptor<MessageWriter, byte[]> method;
  private final CallOptions options;
  private final ManagedChannel channel;

  NettyGrpcSender(GrpcSenderConfig config) {
    this.config = config;
    this.method =
        MethodDescriptor.<MessageWriter, byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(config.getFullMethodName())
            .setRequestMarshaller(new RequestMarshaller())
            .setResponseMarshaller(new ResponseMarshaller())
            .build();
    Compressor compressor = config.getCompressor();
    this.options =
        compressor == null
            ? CallOptions.DEFAULT
            : CallOptions.DEFAULT.withCompression(compressor.getEncoding());
    this.channel = channel(config);
  }

  private static ManagedChannel channel(GrpcSenderConfig config) {
    URI endpoint = config.getEndpoint();
    boolean tls = "https".equals(endpoint.getScheme());
    String target =
        endpoint.getPort() < 0
            ? endpoint.getHost() + (tls ? ":443" : ":80")
            : endpoint.getHost() + ":" + endpoint.getPort();
    NettyChannelBuilder channel = NettyChannelBuilder.forTarget("dns:///" + target);
    RetryPolicy retry = config.getRetryPolicy();
    if (retry == null) {
      channel.disableRetry();
    } else {
      String method = config.getFullMethodName();
      channel
          .enableRetry()
          .defaultServiceConfig(serviceConfig(method.substring(0, method.indexOf('/')), retry));
    }
    if (!tls) {
      return channel.usePlaintext().build();
    }
    try {
      return channel.sslContext(sslContext(config.getSslContext())).build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("tls: cannot be set up: " + e.getMessage(), e);
    }
  }

  private static SslContext sslContext(@Nullable SSLContext own) throws SSLException {
    if (own == null) {
      return GrpcSslContexts.forClient().build();
    }
    return new JdkSslContext(
        own,
        /* isClient= */ true,
        Http2SecurityUtil.CIPHERS,
        SupportedCipherSuiteFilter.INSTANCE,
        new ApplicationProtocolConfig(
            ApplicationProtocolConfig.Protocol.ALPN,
            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2),
        ClientAuth.NONE,
        /* protocols= */ null,
        /* startTls= */ false);
  }

  /** The codes are those that OTLP declares retryable without a delay from the server. */
  private static Map<String, Object> serviceConfig(String service, RetryPolicy retry) {
    return Map.of(
        "methodConfig",
        List.of(
            Map.of(
                "name",
                List.of(Map.of("service", service)),
                "retryPolicy",
                Map.of(
                    "retryableStatusCodes",
                    List.of(
                        "CANCELLED",
                        "DEADLINE_EXCEEDED",
                        "ABORTED",
                        "OUT_OF_RANGE",
                        "UNAVAILABLE",
                        "DATA_LOSS"),
                    "maxAttempts",
                    (double) retry.getMaxAttempts(),
                    "initialBackoff",
                    retry.getInitialBackoff().toMillis() / 1000.0 + "s",
                    "maxBackoff",
                    retry.getMaxBackoff().toMillis() / 1000.0 + "s",
                    "backoffMultiplier",
                    retry.getBackoffMultiplier()))));
  }

  @Override
  public void send(
      MessageWriter message, Consumer<GrpcResponse> onResponse, Consumer<Throwable> onError) {
    Metadata metadata = new Metadata();
    config
        .getHeadersSupplier()
        .get()
        .forEach(
            (name, values) ->
                values.forEach(
                    value ->
                        metadata.put(
                            Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value)));
    ClientCall<MessageWriter, byte[]> call =
        channel.newCall(
            method, options.withDeadlineAfter(config.getTimeout().toNanos(), TimeUnit.NANOSECONDS));
    try {
      call.start(new Listener(onResponse), metadata);
      call.request(2);
      call.sendMessage(message);
      call.halfClose();
    } catch (RuntimeException e) {
      call.cancel("the request could not be written", e);
      onError.accept(e);
    }
  }

  @Override
  public CompletableResultCode shutdown() {
    channel.shutdown();
    return CompletableResultCode.ofSuccess();
  }

  private static final class Listener extends ClientCall.Listener<byte[]> {

    private final Consumer<GrpcResponse> onResponse;
    private byte[] message = new byte[0];

    Listener(Consumer<GrpcResponse> onResponse) {
      this.onResponse = onResponse;
    }

    @Override
    public void onMessage(byte[] response) {
      message = response;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      String description = status.getDescription();
      onResponse.accept(
          new Response(
              GrpcStatusCode.fromValue(status.getCode().value()),
              description == null ? "" : description,
              message));
    }
  }

  /** Not a record: its methods have other names. */
  private static final class Response implements GrpcResponse {

    private final GrpcStatusCode code;
    private final String description;
    private final byte[] message;

    Response(GrpcStatusCode code, String description, byte[] message) {
      this.code = code;
      this.description = description;
      this.message = message;
    }

    @Override
    public GrpcStatusCode getStatusCode() {
      return code;
    }

    @Override
    public String getStatusDescription() {
      return description;
    }

    @Override
    public byte[] getResponseMessage() {
      return message;
    }
  }

  private static final class RequestMarshaller
      implements MethodDescriptor.Marshaller<MessageWriter> {

    @Override
    public InputStream stream(MessageWriter message) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.getContentLength());
      try {
        message.writeMessage(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // Cannot happen: it is written in memory.
      }
      return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Override
    public MessageWriter parse(InputStream stream) {
      throw new UnsupportedOperationException("a client reads no requests");
    }
  }

  private static final class ResponseMarshaller implements MethodDescriptor.Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] message) {
      throw new UnsupportedOperationException("a client writes no responses");
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
