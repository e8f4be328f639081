package dev.tallyspan.collector.conformance;

import static dev.tallyspan.collector.conformance.StartedCollector.JSON;
import static dev.tallyspan.collector.conformance.StartedCollector.PROTOBUF;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that cannot be decoded, and data that is odd but can be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadDataTest {

  private static final byte[] CHAT = Requests.of(Requests.chat()).toByteArray();
  private static final byte[] SPAN_NAMED_GET = Requests.field(5, "GET".getBytes(UTF_8));

  private HttpBackend backend;
  private StartedCollector collector;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    backend = new HttpBackend();
    collector = StartedCollector.before(backend, directory);
  }

  @AfterEach
  void forget() {
    backend.arrivals.clear();
  }

  @AfterAll
  void close() {
    collector.close();
    backend.close();
  }

  static Stream<byte[]> notRequests() {
    return Stream.of(
        // Truncated, also within the resource and within the span.
        Arrays.copyOf(CHAT, CHAT.length - 1),
        Arrays.copyOf(CHAT, 5),
        Arrays.copyOf(CHAT, CHAT.length / 2),
        // A length that is longer than the request, a varint of eleven bytes, field number 0.
        new byte[] {0x0a, 0x7f, 0x0a},
        new byte[] {0x0a, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
        new byte[] {0x02, 0x00},
        // Wire types 6 and 7, and the end of a group that did not begin.
        new byte[] {0x0e, 0x00},
        new byte[] {0x0f, 0x00},
        new byte[] {0x0c},
        "{\"resourceSpans\":[]}".getBytes(UTF_8),
        "<html>".getBytes(UTF_8));
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("notRequests")
  @Item(24)
  @Item(25)
  @Item(26)
  void protobufThatCannotBeDecodedIsABadRequest(byte[] request) throws Exception {
    HttpResponse<byte[]> http = collector.post(request);
    StatusRuntimeException grpc = collector.refused(request);

    assertThat(http.statusCode()).isEqualTo(400);
    assertThat(http.headers().firstValue("content-type")).contains(PROTOBUF);
    assertThat(grpc.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
    Status status = Status.parseFrom(http.body());
    assertThat(status).isEqualTo(StatusProto.fromThrowable(grpc));
    assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT_VALUE);
    assertThat(status.getMessage()).isNotBlank();
    assertThat(status.getDetails(0).unpack(BadRequest.class).getFieldViolationsList())
        .extracting(BadRequest.FieldViolation::getDescription)
        .containsExactly(status.getMessage());
    assertThat(backend.arrivals).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "null",
        "\"resourceSpans\"",
        "{\"resourceSpans\":{}}",
        "{\"resourceSpans\":[7]}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"zz\"}]}]}]}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":[]}]}]}]}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"startTimeUnixNano\":\"x\"}]}]}]}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"kind\":\"CLIENT\"}]}]}]}",
      })
  @Item(24)
  @Item(25)
  void jsonThatCannotBeDecodedIsABadRequest(String json) throws Exception {
    HttpResponse<byte[]> response = collector.post("/v1/traces", JSON, json.getBytes(UTF_8));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type")).contains(JSON);
    assertThat(new String(response.body(), UTF_8))
        .startsWith("{\"code\":3,\"message\":\"")
        .contains("type.googleapis.com/google.rpc.BadRequest");
    assertThat(backend.arrivals).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd"})
  @Item(24)
  void bodyThatIsNotCompressedAsItsHeaderSaysIsABadRequest(String encoding) throws Exception {
    HttpResponse<byte[]> response =
        collector.send(
            collector
                .request("/v1/traces")
                .header("content-type", PROTOBUF)
                .header("content-encoding", encoding)
                .POST(BodyPublishers.ofByteArray(CHAT)));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Status.parseFrom(response.body()).getDetails(0).is(BadRequest.class)).isTrue();
  }

  @Test
  @Item(24)
  void knownFieldWithAnotherWireTypeIsAnUnknownField() throws Exception {
    // The name as a number, and the start time as a text.
    byte[] request =
        Requests.withSpan(
            new byte[] {5 << 3, 7}, Requests.field(7, "noon".getBytes(UTF_8)), SPAN_NAMED_GET);

    assertForwardedAsItIs(request);
  }

  @Test
  @Item(24)
  void valueNestedDeeperThanProtobufAllowsIsABadRequestIfItHasToBeRead() throws Exception {
    byte[] value = {};
    for (int i = 0; i < 60; i++) {
      value = Requests.field(5, Requests.field(1, value));
    }
    byte[] attribute = Requests.field(9, Requests.field(2, value));

    HttpResponse<byte[]> refused =
        collector.post(Requests.withSpan(Requests.chat().toByteArray(), attribute));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertForwardedAsItIs(Requests.withSpan(SPAN_NAMED_GET, attribute));
  }

  @Test
  @Item(24)
  void textThatIsNotUtf8IsForwardedAsItIs() throws Exception {
    assertForwardedAsItIs(Requests.withSpan(Requests.field(5, new byte[] {'a', -1, (byte) 0xc0})));
  }

  private void assertForwardedAsItIs(byte[] request) throws Exception {
    assertThat(collector.post(request).statusCode()).isEqualTo(200);
    assertThat(collector.call(request)).isEmpty();
    assertThat(backend.arrivals)
        .extracting(HttpBackend.Arrival::body)
        .containsExactly(request, request);
  }
}
