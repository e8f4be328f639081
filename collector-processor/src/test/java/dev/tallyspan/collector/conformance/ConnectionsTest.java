package dev.tallyspan.collector.conformance;

import static dev.tallyspan.collector.conformance.StartedCollector.JSON;
import static dev.tallyspan.collector.conformance.StartedCollector.PROTOBUF;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.config.ReceiverConfig;
import dev.tallyspan.collector.conformance.HttpBackend.Answer;
import io.grpc.Status.Code;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports, paths, methods, types, concurrent requests. */
class ConnectionsTest {

  private static final byte[] CHAT = Requests.of(Requests.chat()).toByteArray();

  @TempDir private Path directory;
  private HttpBackend backend;
  private StartedCollector collector;

  @BeforeEach
  void start() throws Exception {
    backend = new HttpBackend();
    collector = StartedCollector.before(backend, directory);
  }

  @AfterEach
  void close() {
    collector.close();
    backend.close();
  }

  @Test
  @Item(9)
  void portsAreThoseOfOtlpByDefault() throws Exception {
    ReceiverConfig receiver =
        ConfigLoader.load(
                Files.writeString(
                    directory.resolve("default.yaml"),
                    """
                    receivers: {otlp: {protocols: {grpc: , http: }}}
                    exporters: {otlp_http: {endpoint: "http://backend.example:4318"}}
                    service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_http]}}}
                    """),
                Map.of())
            .receiver("otlp");

    assertThat(receiver.grpc().endpoint()).hasToString("localhost:4317");
    assertThat(receiver.http().endpoint()).hasToString("localhost:4318");
  }

  @Test
  @Item(9)
  @Item(10)
  void profilesAreNotImplemented() throws Exception {
    HttpResponse<byte[]> http = collector.post("/v1development/profiles", PROTOBUF, new byte[0]);

    assertThat(http.statusCode()).isEqualTo(404);
    assertThat(Status.parseFrom(http.body()).getMessage()).isEqualTo("no such path");
    assertThat(
            collector
                .refused(
                    "opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export",
                    new byte[0])
                .getStatus()
                .getCode())
        .isEqualTo(Code.UNIMPLEMENTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"})
  @Item(11)
  void otherMethodsThanPostAreNotAllowed(String method) throws Exception {
    HttpResponse<byte[]> response =
        collector.send(
            collector
                .request("/v1/traces")
                .header("content-type", PROTOBUF)
                .method(method, BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).contains("POST");
  }

  @Test
  @Item(12)
  @Item(25)
  void refusalHasTheTypeOfTheRequest() throws Exception {
    HttpResponse<byte[]> protobuf = get("/v1/traces", PROTOBUF);
    HttpResponse<byte[]> json = get("/v1/traces", JSON + ";charset=UTF-8");
    HttpResponse<byte[]> path = get("/nowhere", JSON);

    assertThat(protobuf.headers().firstValue("content-type")).contains(PROTOBUF);
    assertThat(Status.parseFrom(protobuf.body()).getMessage())
        .isEqualTo("method not allowed, use POST");
    assertThat(json.headers().firstValue("content-type")).contains(JSON);
    assertThat(new String(json.body(), UTF_8))
        .isEqualTo("{\"code\":12,\"message\":\"method not allowed, use POST\"}");
    assertThat(new String(path.body(), UTF_8))
        .isEqualTo("{\"code\":5,\"message\":\"no such path\"}");
  }

  @Test
  @Item(12)
  @Item(25)
  void requestWithoutAnEncodingOfOtlpIsAnsweredInText() throws Exception {
    HttpResponse<byte[]> method = collector.send(collector.request("/v1/traces").GET());
    HttpResponse<byte[]> type = collector.post("/v1/traces", "application/octet-stream", CHAT);
    HttpResponse<byte[]> none =
        collector.send(collector.request("/v1/traces").POST(BodyPublishers.ofByteArray(CHAT)));

    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(type.statusCode()).isEqualTo(415);
    assertThat(none.statusCode()).isEqualTo(415);
    for (HttpResponse<byte[]> response : List.of(method, type, none)) {
      assertThat(response.headers().firstValue("content-type"))
          .contains("text/plain; charset=utf-8");
      assertThat(new String(response.body(), UTF_8)).matches("[ -~]{20,}\n");
    }
  }

  @Test
  @Item(13)
  void responsesAreNeverCompressed() throws Exception {
    backend.rule = arrival -> Answer.status(400);
    HttpResponse<byte[]> response =
        collector.send(
            collector
                .request("/v1/traces")
                .header("content-type", JSON)
                .header("accept-encoding", "gzip")
                .POST(BodyPublishers.ofString("{\"resourceSpans\":0}")));

    assertThat(response.headers().firstValue("content-encoding")).isEmpty();
    assertThat(new String(response.body(), UTF_8)).startsWith("{\"code\":3,");
  }

  @Test
  @Item(14)
  void numberOfConcurrentRequestsIsConfigurable() throws Exception {
    collector.close();
    collector =
        new StartedCollector(
            directory,
            """
            exporters:
              otlp_http: {endpoint: %s, sending_queue: {num_consumers: 3}}
            service:
              pipelines:
                traces: {receivers: [otlp], exporters: [otlp_http]}
            """
                .formatted(backend.url()));
    CountDownLatch three = new CountDownLatch(3);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    backend.rule =
        arrival -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          three.countDown();
          boolean parallel = three.await(60, TimeUnit.SECONDS);
          now.decrementAndGet();
          return parallel ? Answer.ACCEPTED : Answer.status(400);
        };

    List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      answers.add(collector.postAsync(CHAT));
    }

    for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    assertThat(most).hasValue(3);
  }

  private HttpResponse<byte[]> get(String path, String type) throws Exception {
    return collector.send(collector.request(path).header("content-type", type).GET());
  }
}
