package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers decompress what they get. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CompressionTest {
  private static final Slices REQUEST = SpanRequests.request(SpanRequests.names(0, 200), 100);

  private static OtlpExporter.Builder builder(Protocol protocol, int port) {
    return OtlpExporter.builder("otlp", protocol)
        .endpoint("http://localhost:" + port)
        .retry(RetrySettings.DISABLED);
  }

  private static Outcome send(OtlpExporter exporter, Slices request) throws Exception {
    return Sending.send(exporter, Signal.TRACES, request, 200).get(60, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void httpBodyIsAsItsHeaderSays(Compression compression) throws Exception {
    try (HttpSink sink = new HttpSink();
        OtlpExporter exporter =
            builder(Protocol.HTTP_PROTOBUF, sink.port()).compression(compression).build()) {
      assertThat(send(exporter, REQUEST)).isEqualTo(Outcome.ACCEPTED);
      HttpSink.Received received = sink.take();
      String encoding = received.headers().getFirst("content-encoding");

      assertThat(encoding)
          .isEqualTo(compression == Compression.NONE ? null : compression.encoding());
      assertThat(decompressed(encoding, received.body())).isEqualTo(REQUEST.toByteArray());
      if (compression != Compression.NONE) {
        assertThat(received.body()).hasSizeLessThan((int) REQUEST.size() / 5);
      }
    }
  }

  private static byte[] decompressed(String encoding, byte[] body) throws IOException {
    if (encoding == null) {
      return body;
    }
    InputStream in = new ByteArrayInputStream(body);
    try (InputStream decompressed =
        switch (encoding) {
          case "gzip" -> new GZIPInputStream(in);
          case "zstd" -> new ZstdInputStream(in);
          case "zlib", "deflate" -> new InflaterInputStream(in);
          default -> throw new AssertionError(encoding);
        }) {
      return decompressed.readAllBytes();
    }
  }

  @Test
  void grpcMessageIsZstd() throws Exception {
    try (GrpcSink sink = zstdSink();
        OtlpExporter exporter =
            builder(Protocol.GRPC, sink.port()).compression(Compression.ZSTD).build()) {
      // Twice, so that a stream that is reused would show.
      for (int i = 0; i < 2; i++) {
        assertThat(send(exporter, REQUEST)).isEqualTo(Outcome.ACCEPTED);
        GrpcSink.Received received = sink.take();
        assertThat(received.body()).isEqualTo(REQUEST.toByteArray());
      }
    }
  }

  private static GrpcSink zstdSink() throws IOException {
    return new GrpcSink(0, CompressionTest::zstdOnly);
  }

  private static void zstdOnly(NettyServerBuilder server) {
    // Without gzip: the server refuses anything else.
    server.decompressorRegistry(DecompressorRegistry.emptyInstance().with(new ZstdCodec(), true));
  }

  /** As the OpenTelemetry Collector responds. */
  @Test
  void grpcResponseMayBeZstdAsWell() throws Exception {
    byte[] rejected =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(ExportTracePartialSuccess.newBuilder().setRejectedSpans(3))
            .build()
            .toByteArray();
    try (GrpcSink sink = new GrpcSink(0, CompressionTest::answeringInZstd);
        OtlpExporter exporter =
            builder(Protocol.GRPC, sink.port()).compression(Compression.ZSTD).build()) {
      assertThat(send(exporter, REQUEST)).isEqualTo(Outcome.ACCEPTED);
      sink.script.add(GrpcSink.Answer.message(rejected));
      assertThat(send(exporter, REQUEST))
          .isInstanceOfSatisfying(
              Outcome.Partial.class, partial -> assertThat(partial.rejected()).isEqualTo(3));
    }
  }

  private static void answeringInZstd(NettyServerBuilder server) {
    zstdOnly(server);
    CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
    compressors.register(new ZstdCodec());
    server
        .compressorRegistry(compressors)
        .intercept(
            new ServerInterceptor() {
              @Override
              public <Q, R> ServerCall.Listener<Q> interceptCall(
                  ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                call.setCompression("zstd");
                return next.startCall(call, headers);
              }
            });
  }

  @Test
  void largeRequestGoesThroughZstd() throws Exception {
    Slices large = SpanRequests.request(SpanRequests.names(0, 200), 100_000);
    try (HttpSink sink = new HttpSink();
        OtlpExporter exporter =
            builder(Protocol.HTTP_PROTOBUF, sink.port())
                .compression(Compression.ZSTD)
                .compressionLevel(1)
                .build()) {
      assertThat(send(exporter, large)).isEqualTo(Outcome.ACCEPTED);
      assertThat(decompressed("zstd", sink.take().body())).isEqualTo(large.toByteArray());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 11, 22})
  void zstdHasLevels(int level) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream compressed = Compression.ZSTD.compress(out, level)) {
      REQUEST.writeTo(compressed);
    }

    assertThat(decompressed("zstd", out.toByteArray())).isEqualTo(REQUEST.toByteArray());
  }

  @ParameterizedTest
  @CsvSource({
    "GZIP, 10, 'must be from 1 to 9, or -1 for zlib''s default'",
    "DEFLATE, 0, 'must be from 1 to 9, or -1 for zlib''s default'",
    "ZSTD, 23, must be from 1 to 22",
    "ZSTD, -1, must be from 1 to 22"
  })
  void levelThatACompressionDoesNotHaveIsNamed(Compression compression, int level, String fault) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                builder(Protocol.HTTP_PROTOBUF, 1)
                    .compression(compression)
                    .compressionLevel(level)
                    .build())
        .withMessage("exporter otlp: compression_params.level=" + level + ": " + fault);
  }

  @Test
  void compressionThatGrpcDoesNotHaveIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(Protocol.GRPC, 1).compression(Compression.DEFLATE).build())
        .withMessage("exporter otlp: compression: deflate is for OTLP/HTTP only: use gzip or zstd");
  }

  private static final class ZstdCodec implements Codec {
    @Override
    public String getMessageEncoding() {
      return "zstd";
    }

    @Override
    public InputStream decompress(InputStream in) throws IOException {
      return new ZstdInputStream(in);
    }

    @Override
    public OutputStream compress(OutputStream out) throws IOException {
      return new ZstdOutputStream(out);
    }
  }
}
