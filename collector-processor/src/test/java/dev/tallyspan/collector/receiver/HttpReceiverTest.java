package dev.tallyspan.collector.receiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpReceiverTest {

  private static final int LIMIT = 1 << 20;
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ReceiverFixture fixture;

  @AfterEach
  void close() {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Test
  void everySignalIsTaken() throws Exception {
    start();
    HttpResponse<byte[]> response = post("/v1/traces", PROTOBUF, Requests.spans(2).toByteArray());
    post("/v1/logs", PROTOBUF, Requests.logs(3).toByteArray());
    post("/v1/metrics", PROTOBUF, Requests.fifteenPoints().toByteArray());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains(PROTOBUF);
    assertThat(response.body()).isEmpty();
    assertThat(fixture.intake.requests())
        .containsExactly(Requests.spans(2), Requests.logs(3), Requests.fifteenPoints());
    fixture.awaitCounts(
        entry("accepted_spans{http}", 2L),
        entry("accepted_log_records{http}", 3L),
        entry("accepted_metric_points{http}", 15L),
        entry("requests{http,success}", 3L));
  }

  @Test
  void jsonIsTakenAndAnsweredInJson() throws Exception {
    start();
    HttpResponse<byte[]> response =
        post(
            "/v1/traces",
            "application/json; charset=utf-8",
            "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"span 0\","
                + "\"traceId\":\"00000000000000000000000000000000\","
                + "\"spanId\":\"0000000000000000\"}]}]}]}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains(JSON);
    assertThat(new String(response.body(), UTF_8)).isEqualTo("{}");
    assertThat(fixture.intake.requests()).containsExactly(Requests.spans(1));
    await()
        .untilAsserted(
            () -> assertThat(fixture.counts()).containsEntry("accepted_spans{http}", 1L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-protobuf",
        "application/x-protobuf; charset=utf-8",
        "Application/X-Protobuf;proto=x"
      })
  void parametersOfTheContentTypeAreTolerated(String type) throws Exception {
    start();
    assertThat(post("/v1/traces", type, Requests.spans(1).toByteArray()).statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "deflate", "zlib", "identity"})
  void compressedBodiesAreTaken(String encoding) throws Exception {
    start();
    byte[] body = Requests.spans(1000).toByteArray();
    byte[] sent =
        switch (encoding) {
          case "identity" -> body;
          case "deflate", "zlib" -> Requests.zlib(body);
          default -> Requests.gzip(body);
        };
    assertThat(
            send(request("/v1/traces", PROTOBUF, sent).header("content-encoding", encoding))
                .statusCode())
        .isEqualTo(200);
    assertThat(fixture.intake.requests()).containsExactly(Requests.spans(1000));
  }

  @Test
  void compressedJsonAndGzipInSeveralMembersAreTaken() throws Exception {
    start();
    byte[] first = Requests.gzip("{\"resourceSpans\":".getBytes(UTF_8));
    byte[] second = Requests.gzip("[{}]}".getBytes(UTF_8));
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);

    assertThat(
            send(request("/v1/traces", JSON, both).header("content-encoding", "gzip")).statusCode())
        .isEqualTo(200);
    assertThat(fixture.intake.bytes()).singleElement().isEqualTo(new byte[] {0x0a, 0});
  }

  @ParameterizedTest
  @CsvSource({"application/x-protobuf, ''", "application/json, '{}'"})
  void emptyBodyIsSuccess(String type, String answer) throws Exception {
    start();
    HttpResponse<byte[]> response = post("/v1/traces", type, new byte[0]);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(new String(response.body(), UTF_8)).isEqualTo(answer);
  }

  @Test
  void partialSuccessIsPassedOn() throws Exception {
    start();
    fixture.intake.answer(new Outcome.Partial(2, "two \"bad\" ones"));
    byte[] protobuf = post("/v1/traces", PROTOBUF, Requests.spans(5).toByteArray()).body();
    String traces = new String(post("/v1/traces", JSON, "{\"resourceSpans\":[{}]}").body(), UTF_8);
    String logs = new String(post("/v1/logs", JSON, "{\"resourceLogs\":[{}]}").body(), UTF_8);
    String metrics =
        new String(post("/v1/metrics", JSON, "{\"resourceMetrics\":[{}]}").body(), UTF_8);

    ExportTraceServiceResponse response = ExportTraceServiceResponse.parseFrom(protobuf);
    assertThat(response.getPartialSuccess().getRejectedSpans()).isEqualTo(2);
    assertThat(traces)
        .isEqualTo(
            "{\"partialSuccess\":{\"rejectedSpans\":\"2\","
                + "\"errorMessage\":\"two \\\"bad\\\" ones\"}}");
    assertThat(logs).contains("\"rejectedLogRecords\":\"2\"");
    assertThat(metrics).contains("\"rejectedDataPoints\":\"2\"");
  }

  @ParameterizedTest
  @EnumSource(
      value = StatusCode.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OK", "RESOURCE_EXHAUSTED"})
  void refusalIsAStatusInTheRequestsEncoding(StatusCode code) throws Exception {
    start();
    fixture.intake.answer(Outcome.refused(code, "Grüße"));

    HttpResponse<byte[]> protobuf = post("/v1/traces", PROTOBUF, Requests.spans(1).toByteArray());
    HttpResponse<byte[]> json = post("/v1/traces", JSON, "{\"resourceSpans\":[{}]}");

    assertThat(protobuf.statusCode()).isEqualTo(code.httpStatus());
    assertThat(protobuf.headers().firstValue("content-type")).contains(PROTOBUF);
    assertThat(Status.parseFrom(protobuf.body()).getCode()).isEqualTo(code.number());
    assertThat(Status.parseFrom(protobuf.body()).getMessage()).isEqualTo("Grüße");
    assertThat(json.statusCode()).isEqualTo(code.httpStatus());
    assertThat(json.headers().firstValue("content-type")).contains(JSON);
    assertThat(new String(json.body(), UTF_8))
        .startsWith("{\"code\":" + code.number() + ",\"message\":\"Grüße\"");
    assertThat(protobuf.headers().firstValue("retry-after").isPresent())
        .isEqualTo(code.httpStatus() == 503);
  }

  @Test
  void throttlingIs429WithRetryAfterInWholeSeconds() throws Exception {
    start();
    fixture.intake.answer(
        new Outcome.Refused(StatusCode.RESOURCE_EXHAUSTED, "full", Duration.ofMillis(2500)));

    HttpResponse<byte[]> response = post("/v1/traces", PROTOBUF, Requests.spans(1).toByteArray());
    HttpResponse<byte[]> json = post("/v1/traces", JSON, "{\"resourceSpans\":[{}]}");

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("retry-after")).contains("3");
    RetryInfo retry = Status.parseFrom(response.body()).getDetails(0).unpack(RetryInfo.class);
    assertThat(retry.getRetryDelay().getSeconds()).isEqualTo(2);
    assertThat(new String(json.body(), UTF_8))
        .contains(
            "\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\","
                + "\"retryDelay\":\"2.500000000s\"}]");
  }

  @Test
  void exhaustionForGoodIsNotA429() throws Exception {
    start();
    fixture.intake.answer(Outcome.refused(StatusCode.RESOURCE_EXHAUSTED, "never fits"));

    assertThat(post("/v1/traces", PROTOBUF, Requests.spans(1).toByteArray()).statusCode())
        .isEqualTo(413);
  }

  @Test
  void garbageIsABadRequest() throws Exception {
    start();
    HttpResponse<byte[]> response = post("/v1/traces", PROTOBUF, new byte[] {0x0a, 100, 1});

    assertThat(response.statusCode()).isEqualTo(400);
    Status status = Status.parseFrom(response.body());
    assertThat(status.getDetails(0).unpack(BadRequest.class).getFieldViolationsCount())
        .isEqualTo(1);
    nextRequestWorks();
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.counts())
                    .containsEntry("requests{http,refused,invalid_argument}", 1L));
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/traces, resource_spans, resourceSpans",
    "/v1/logs, resource_logs, resourceLogs",
    "/v1/metrics, resource_metrics, resourceMetrics",
  })
  void contentOfWhichNothingIsKnownIsABadRequest(String path, String snake, String camel)
      throws Exception {
    start();
    HttpResponse<byte[]> other = post(path, JSON, "{\"one\":\"two\"}");
    HttpResponse<byte[]> snakeCase = post(path, JSON, "{\"" + snake + "\":[{}]}");
    HttpResponse<byte[]> empty = post(path, JSON, "{}");
    HttpResponse<byte[]> newer = post(path, JSON, "{\"one\":2,\"" + camel + "\":[{}]}");

    assertThat(other.statusCode()).isEqualTo(400);
    assertThat(new String(other.body(), UTF_8))
        .startsWith("{\"code\":3,\"message\":\"the document: has no " + camel);
    assertThat(snakeCase.statusCode()).isEqualTo(400);
    assertThat(new String(snakeCase.body(), UTF_8)).contains(snake + " must be " + camel);
    assertThat(empty.statusCode()).isEqualTo(200);
    assertThat(newer.statusCode()).isEqualTo(200);
    assertThat(fixture.intake.requests()).hasSize(1);
  }

  @Test
  void protobufOfWhichNoFieldIsKnownIsABadRequest() throws Exception {
    start();
    byte[] fieldTwo = {2 << 3 | 2, 1, 'x'};
    byte[] fieldOneAsANumber = {1 << 3, 5};
    byte[] known = Requests.spans(1).toByteArray();
    byte[] both = Arrays.copyOf(fieldTwo, fieldTwo.length + known.length);
    System.arraycopy(known, 0, both, fieldTwo.length, known.length);

    HttpResponse<byte[]> refused = post("/v1/traces", PROTOBUF, fieldTwo);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(Status.parseFrom(refused.body()).getMessage())
        .isEqualTo("the request has none of the top-level fields of an OTLP request");
    assertThat(post("/v1/traces", PROTOBUF, fieldOneAsANumber).statusCode()).isEqualTo(400);
    assertThat(post("/v1/traces", PROTOBUF, both).statusCode()).isEqualTo(200);
    assertThat(fixture.intake.requests()).hasSize(1);
  }

  @Test
  void jsonWithABadIdIsABadRequestThatNamesThePath() throws Exception {
    start();
    HttpResponse<byte[]> response =
        post(
            "/v1/traces",
            JSON,
            "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"secret\"}]}]}]}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(new String(response.body(), UTF_8))
        .isEqualTo(
            "{\"code\":3,\"message\":\"/resourceSpans/0/scopeSpans/0/spans/0/traceId: must have 32"
                + " hex digits\",\"details\":[{\"@type\":\"type.googleapis.com/google.rpc.BadRequest"
                + "\",\"fieldViolations\":[{\"description\":\"/resourceSpans/0/scopeSpans/0/spans/0"
                + "/traceId: must have 32 hex digits\"}]}]}");
    nextRequestWorks();
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.counts()).containsEntry("requests{http,refused,malformed}", 1L));
  }

  @Test
  void wrongPathMethodTypeAndEncoding() throws Exception {
    start();
    byte[] body = Requests.spans(1).toByteArray();
    HttpResponse<byte[]> path = post("/v1/trace", PROTOBUF, body);
    HttpResponse<byte[]> method =
        send(HttpRequest.newBuilder(URI.create(fixture.http("/v1/traces"))).GET());
    HttpResponse<byte[]> type = post("/v1/traces", "text/xml", body);
    HttpResponse<byte[]> encoding =
        send(request("/v1/traces", PROTOBUF, body).header("content-encoding", "br"));

    assertThat(path.statusCode()).isEqualTo(404);
    assertThat(Status.parseFrom(path.body()).getMessage()).isEqualTo("no such path");
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("allow")).contains("POST");
    assertThat(method.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
    assertThat(type.statusCode()).isEqualTo(415);
    assertThat(new String(type.body(), UTF_8))
        .isEqualTo("Content-Type must be application/x-protobuf or application/json\n");
    assertThat(encoding.statusCode()).isEqualTo(415);
    assertThat(encoding.headers().firstValue("accept-encoding"))
        .contains("gzip, zstd, deflate, zlib, identity");
    nextRequestWorks();
    fixture.awaitCounts(
        entry("accepted_spans{http}", 1L),
        entry("requests{http,success}", 1L),
        entry("requests{http,refused,unknown_path}", 1L),
        entry("requests{http,refused,method_not_allowed}", 1L),
        entry("requests{http,refused,unsupported_content_type}", 1L),
        entry("requests{http,refused,unsupported_encoding}", 1L));
  }

  @Test
  void pathsAreSettable() throws Exception {
    start(settings -> settings.httpPath(Signal.TRACES, "/otlp/v1/traces"));
    byte[] body = Requests.spans(1).toByteArray();

    assertThat(post("/otlp/v1/traces?x=y", PROTOBUF, body).statusCode()).isEqualTo(200);
    assertThat(post("/v1/traces", PROTOBUF, body).statusCode()).isEqualTo(404);
  }

  @Test
  void largestRequestIsTakenAndLargerIsNot() throws Exception {
    start();
    assertThat(post("/v1/traces", PROTOBUF, Requests.ofSize(LIMIT).toByteArray()).statusCode())
        .isEqualTo(200);
    tooLarge(request("/v1/traces", PROTOBUF, Requests.ofSize(LIMIT + 1).toByteArray()));
    tooLarge(request("/v1/traces", PROTOBUF, new byte[3 * LIMIT]));
    tooLarge(request("/v1/traces", JSON, new byte[LIMIT + 1]));
    tooLarge(
        request("/v1/traces", PROTOBUF, Requests.gzip(Requests.ofSize(LIMIT + 1).toByteArray()))
            .header("content-encoding", "gzip"));
    // Chunked: what there will be is not known beforehand.
    tooLarge(
        HttpRequest.newBuilder(URI.create(fixture.http("/v1/traces")))
            .header("content-type", PROTOBUF)
            .POST(
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[2 * LIMIT]))));
    nextRequestWorks();
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.counts()).containsEntry("requests{http,refused,too_large}", 5L));
    fixture.awaitNothingInFlight();
  }

  private void tooLarge(HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> response = send(request);
    assertThat(response.statusCode()).isEqualTo(413);
    if (response.headers().firstValue("content-type").orElse("").equals(PROTOBUF)) {
      Status status = Status.parseFrom(response.body());
      assertThat(status.getCode()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED.number());
      assertThat(status.getDetailsList()).isEmpty();
    }
    assertThat(response.headers().firstValue("retry-after")).isEmpty();
  }

  @Test
  void brokenCompressionIsABadRequest() throws Exception {
    start();
    byte[] half = Requests.gzip(Requests.spans(1000).toByteArray());
    byte[] truncated = Arrays.copyOf(half, half.length / 2);
    for (byte[] body : List.of(new byte[] {1, 2, 3}, truncated)) {
      for (String encoding : List.of("gzip", "deflate")) {
        HttpResponse<byte[]> response =
            send(request("/v1/traces", PROTOBUF, body).header("content-encoding", encoding));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Status.parseFrom(response.body()).getCode()).isEqualTo(3);
      }
    }
    nextRequestWorks();
  }

  @Test
  void failureOfTheIntakeIsInternalAndKeptToItself() throws Exception {
    start();
    fixture.intake.answer(
        (signal, request) -> {
          throw new IllegalStateException("secret");
        });

    HttpResponse<byte[]> response = post("/v1/traces", PROTOBUF, Requests.spans(4).toByteArray());

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(Status.parseFrom(response.body()).getMessage()).isEqualTo("internal error");
    fixture.awaitCounts(
        entry("failed_spans{http}", 4L), entry("requests{http,failure,internal}", 1L));
  }

  @Test
  void overBudgetIs503ForNow() throws Exception {
    CompletableFuture<Outcome> held = new CompletableFuture<>();
    start(settings -> settings.maxInFlightBytes(300_000));
    fixture.intake.answer((signal, request) -> held);
    var first =
        client.sendAsync(
            request("/v1/traces", PROTOBUF, Requests.ofSize(200_000).toByteArray()).build(),
            BodyHandlers.ofByteArray());
    await().until(() -> fixture.inFlightBytes() == 200_000);

    HttpResponse<byte[]> refused =
        post("/v1/traces", PROTOBUF, Requests.ofSize(200_000).toByteArray());
    HttpResponse<byte[]> zipped =
        send(
            request("/v1/traces", PROTOBUF, Requests.gzip(Requests.ofSize(900_000).toByteArray()))
                .header("content-encoding", "gzip"));
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).contains("1");
    assertThat(zipped.statusCode()).isEqualTo(503);

    held.complete(Outcome.ACCEPTED);
    assertThat(first.get().statusCode()).isEqualTo(200);
    fixture.intake.answer((ParsingIntake.Answer) null);
    assertThat(post("/v1/traces", PROTOBUF, Requests.ofSize(900_000).toByteArray()).statusCode())
        .isEqualTo(200);
    fixture.awaitNothingInFlight();
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.counts())
                    .containsEntry("requests{http,refused,overloaded}", 2L));
  }

  @Test
  void allowedPageMayAskAndSend() throws Exception {
    start(
        settings ->
            settings.httpCors(
                new Cors(
                    List.of("https://*.example.com"),
                    List.of("X-Key"),
                    List.of(),
                    Duration.ofHours(1))));
    HttpResponse<byte[]> asked = send(preflight("https://app.example.com"));
    HttpResponse<byte[]> sent =
        send(
            request("/v1/traces", PROTOBUF, Requests.spans(1).toByteArray())
                .header("origin", "https://app.example.com"));
    HttpResponse<byte[]> other = send(preflight("https://app.example.com.evil"));

    assertThat(asked.statusCode()).isEqualTo(204);
    assertThat(asked.headers().firstValue("access-control-allow-origin"))
        .contains("https://app.example.com");
    assertThat(asked.headers().firstValue("access-control-allow-headers"))
        .contains("Content-Type, X-Key");
    assertThat(asked.headers().firstValue("access-control-max-age")).contains("3600");
    assertThat(sent.headers().firstValue("access-control-allow-origin"))
        .contains("https://app.example.com");
    assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  @Test
  void withoutCorsAPageGetsNothing() throws Exception {
    start();
    assertThat(send(preflight("https://app.example.com")).statusCode()).isEqualTo(405);
  }

  private HttpRequest.Builder preflight(String origin) {
    return HttpRequest.newBuilder(URI.create(fixture.http("/v1/traces")))
        .method("OPTIONS", BodyPublishers.noBody())
        .header("origin", origin)
        .header("access-control-request-method", "POST");
  }

  private void nextRequestWorks() throws Exception {
    assertThat(post("/v1/traces", PROTOBUF, Requests.spans(1).toByteArray()).statusCode())
        .isEqualTo(200);
  }

  private void start() throws IOException {
    start(UnaryOperator.identity());
  }

  private void start(UnaryOperator<OtlpReceiverBuilder> settings) throws IOException {
    fixture = new ReceiverFixture(builder -> settings.apply(builder.maxRequestBytes(LIMIT)));
  }

  private HttpResponse<byte[]> post(String path, String type, String body) throws Exception {
    return post(path, type, body.getBytes(UTF_8));
  }

  private HttpResponse<byte[]> post(String path, String type, byte[] body) throws Exception {
    return send(request(path, type, body));
  }

  private HttpRequest.Builder request(String path, String type, byte[] body) {
    return HttpRequest.newBuilder(URI.create(fixture.http(path)))
        .header("content-type", type)
        .POST(BodyPublishers.ofByteArray(body));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }
}
