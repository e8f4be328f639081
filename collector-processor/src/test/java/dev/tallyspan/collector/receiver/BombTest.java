package dev.tallyspan.collector.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.google.rpc.Status;
import dev.tallyspan.collector.flow.StatusCode;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With the default limit: 1 GiB in 1 MiB of gzip, and 65 MiB as they are. */
class BombTest {

  private static byte[] bomb;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ReceiverFixture fixture;
  private ManagedChannel channel;

  @BeforeAll
  static void make() {
    bomb = Requests.gzipBomb(16);
    assertThat(bomb).hasSizeLessThan(1_100_000);
  }

  @AfterAll
  static void forget() {
    bomb = null;
  }

  @BeforeEach
  void start() throws Exception {
    fixture = new ReceiverFixture();

    channel =
        NettyChannelBuilder.forAddress("localhost", fixture.receiver.grpcPort())
            .usePlaintext()
            .compressorRegistry(BrokenGzip.registry())
            .build();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    fixture.close();
  }

  @Test
  void bombOverHttp() throws Exception {
    HttpResponse<byte[]> response = post(bomb, "gzip");

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(Status.parseFrom(response.body()).getCode())
        .isEqualTo(StatusCode.RESOURCE_EXHAUSTED.number());
    assertThat(post(Requests.spans(1).toByteArray(), "identity").statusCode()).isEqualTo(200);
    counted("http");
  }

  @Test
  void bombOverGrpc() throws Exception {
    tooLarge(CallOptions.DEFAULT.withCompression("gzip"), bomb);
  }

  @Test
  void sixtyFiveMebibytesOverGrpc() throws Exception {
    tooLarge(CallOptions.DEFAULT, new byte[65 << 20]);
  }

  @Test
  void sixtyFiveMebibytesOverHttp() throws Exception {
    assertThat(post(new byte[65 << 20], "identity").statusCode()).isEqualTo(413);
    assertThat(post(Requests.spans(1).toByteArray(), "identity").statusCode()).isEqualTo(200);
    counted("http");
  }

  @Test
  void sixtyFourMebibytesAreTaken() throws Exception {
    byte[] request = Requests.ofSize(64 << 20).toByteArray();

    assertThat(post(request, "identity").statusCode()).isEqualTo(200);
    assertThat(post(Requests.gzip(request), "gzip").statusCode()).isEqualTo(200);
    fixture.awaitNothingInFlight();
  }

  private void tooLarge(CallOptions options, byte[] request) {
    MethodDescriptor<byte[], byte[]> export =
        TraceServiceGrpc.getExportMethod().toBuilder(new Bytes(), new Bytes()).build();
    assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(channel, export, options, request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.RESOURCE_EXHAUSTED);
              assertThat(StatusProto.fromThrowable(e).getDetailsList()).isEmpty();
            });
    TraceServiceGrpc.newBlockingStub(channel).export(Requests.spans(1));
    counted("grpc");
  }

  private void counted(String transport) {
    fixture.awaitNothingInFlight();
    fixture.awaitCounts(
        entry("accepted_spans{" + transport + "}", 1L),
        entry("requests{" + transport + ",success}", 1L),
        entry("requests{" + transport + ",refused,too_large}", 1L));
  }

  private HttpResponse<byte[]> post(byte[] body, String encoding) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(fixture.http("/v1/traces")))
            .header("content-type", "application/x-protobuf")
            .header("content-encoding", encoding)
            .POST(BodyPublishers.ofByteArray(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
