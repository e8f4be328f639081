package dev.tallyspan.collector.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.InternalMetadata;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {

  private static final int LIMIT = 1 << 20;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ReceiverFixture fixture;
  private ManagedChannel channel;

  @AfterEach
  void close() {
    if (channel != null) {
      channel.shutdownNow();
    }
    fixture.close();
  }

  @Test
  void zstdIsAcceptedOverHttp() throws Exception {
    start(UnaryOperator.identity());
    byte[] request = Requests.spans(1000).toByteArray();

    assertThat(post("zstd", zstd(request, 0)).statusCode()).isEqualTo(200);
    assertThat(fixture.intake.bytes()).containsExactly(request);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "deflate"})
  void compressionIsAcceptedOverGrpc(String encoding) throws Exception {
    start(UnaryOperator.identity());
    ExportTraceServiceRequest request = Requests.spans(1000);

    TraceServiceGrpc.newBlockingStub(channel(encoding)).withCompression(encoding).export(request);
    assertThat(fixture.intake.requests()).containsExactly(request);
  }

  @Test
  void grpcSaysWhatItAccepts() throws Exception {
    start(UnaryOperator.identity());
    ClientCall<ExportTraceServiceRequest, ExportTraceServiceResponse> call =
        channel("zstd").newCall(TraceServiceGrpc.getExportMethod(), CallOptions.DEFAULT);
    CompletableFuture<Metadata> received = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onHeaders(Metadata headers) {
            received.complete(headers);
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(Requests.spans(1));
    call.halfClose();

    byte[] accepted =
        received
            .get(60, TimeUnit.SECONDS)
            .get(
                InternalMetadata.keyOf(
                    "grpc-accept-encoding",
                    new InternalMetadata.TrustedAsciiMarshaller<byte[]>() {
                      @Override
                      public byte[] toAsciiString(byte[] value) {
                        return value;
                      }

                      @Override
                      public byte[] parseAsciiString(byte[] serialized) {
                        return serialized;
                      }
                    }));
    assertThat(new String(accepted, StandardCharsets.US_ASCII).split(","))
        .containsExactlyInAnyOrder("gzip", "zstd", "deflate");
  }

  @Test
  void zstdBombIsRefusedOverHttp() throws Exception {
    start(UnaryOperator.identity());
    byte[] bomb = zstd(new byte[64 << 20], 0);
    assertThat(bomb).hasSizeLessThan(LIMIT / 10);

    assertThat(post("zstd", bomb).statusCode()).isEqualTo(413);
    fixture.awaitNothingInFlight();
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "deflate"})
  void bombIsRefusedOverGrpc(String encoding) throws Exception {
    start(UnaryOperator.identity());
    assertThatThrownBy(
            () ->
                TraceServiceGrpc.newBlockingStub(channel(encoding))
                    .withCompression(encoding)
                    .export(Requests.ofSize(16 << 20)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused ->
                assertThat(refused.getStatus().getCode())
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    fixture.awaitNothingInFlight();
  }

  @Test
  void zstdWindowLargerThanTheStandardAllowsIsRefused() throws Exception {
    start(UnaryOperator.identity());
    assertThat(post("zstd", zstd(Requests.spans(1).toByteArray(), 27)).statusCode()).isEqualTo(400);
    assertThat(post("zstd", zstd(Requests.spans(1).toByteArray(), 23)).statusCode()).isEqualTo(200);
  }

  @Test
  void brokenZstdIsRefused() throws Exception {
    start(UnaryOperator.identity());
    byte[] whole = zstd(Requests.spans(100).toByteArray(), 0);

    assertThat(post("zstd", Arrays.copyOf(whole, whole.length / 2)).statusCode()).isEqualTo(400);
    assertThat(post("zstd", new byte[] {1, 2, 3, 4, 5}).statusCode()).isEqualTo(400);
    assertThat(post("zstd", whole).statusCode()).isEqualTo(200);
  }

  @Test
  void onlyWhatIsConfiguredIsAccepted() throws Exception {
    start(settings -> settings.httpCompressionAlgorithms(List.of("zstd", "")));
    byte[] request = Requests.spans(1).toByteArray();
    HttpResponse<byte[]> refused = post("gzip", Requests.gzip(request));

    assertThat(refused.statusCode()).isEqualTo(415);
    assertThat(refused.headers().firstValue("accept-encoding")).contains("zstd, identity");
    assertThat(com.google.rpc.Status.parseFrom(refused.body()).getMessage())
        .isEqualTo("Content-Encoding must be one of zstd, identity");
    assertThat(post("identity", request).statusCode()).isEqualTo(200);
    assertThat(post("zstd", zstd(request, 0)).statusCode()).isEqualTo(200);
  }

  private void start(UnaryOperator<OtlpReceiverBuilder> settings) throws IOException {
    fixture = new ReceiverFixture(builder -> settings.apply(builder.maxRequestBytes(LIMIT)));
  }

  private ManagedChannel channel(String encoding) {
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(new Encoder(encoding));
    channel =
        NettyChannelBuilder.forAddress("localhost", fixture.receiver.grpcPort())
            .usePlaintext()
            .compressorRegistry(compressors)
            .build();
    return channel;
  }

  private HttpResponse<byte[]> post(String encoding, byte[] body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(fixture.http("/v1/traces")))
            .header("content-type", "application/x-protobuf")
            .header("content-encoding", encoding)
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  /**
   * @param windowLog 0 = the default
   */
  private static byte[] zstd(byte[] content, int windowLog) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutputStream compressor = new ZstdOutputStream(out)) {
      if (windowLog > 0) {
        compressor.setLong(windowLog);
      }
      compressor.write(content);
    }
    return out.toByteArray();
  }

  private record Encoder(String encoding) implements Codec {
    @Override
    public String getMessageEncoding() {
      return encoding;
    }

    @Override
    public InputStream decompress(InputStream in) {
      throw new UnsupportedOperationException();
    }

    @Override
    public OutputStream compress(OutputStream out) throws IOException {
      return encoding.equals("zstd") ? new ZstdOutputStream(out) : new DeflaterOutputStream(out);
    }
  }
}
