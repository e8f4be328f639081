package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tallyspan.collector.config.ConfigLoader;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a sender with a token, through the server, to a backend that wants one too. */
class AuthServerTest {

  @TempDir private Path directory;
  private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
  private final List<String> credentials = new CopyOnWriteArrayList<>();
  private final List<String> tenants = new CopyOnWriteArrayList<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer backend;
  private Server grpcBackend;
  private CollectorServer server;

  @BeforeEach
  void startBackends() throws Exception {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          credentials.add(exchange.getRequestHeaders().getFirst("Authorization"));
          tenants.add(exchange.getRequestHeaders().getFirst("X-Scope-OrgID"));
          bodies.add(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    backend.start();
    grpcBackend =
        NettyServerBuilder.forPort(0)
            .addService(ServerInterceptors.intercept(new Traces(), new Credentials()))
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    backend.stop(0);
    grpcBackend.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "durable"})
  void tenantOfTheTokenReplacesWhatTheSenderClaims(String mode) throws Exception {
    start("bearertokenauth: {token: out}", "bearertokenauth", mode);
    assertThat(post("Bearer s3cret", claim("tenant.id", "evil"))).isEqualTo(200);

    await().until(() -> bodies.size() == 1);
    ExportTraceServiceRequest arrived = ExportTraceServiceRequest.parseFrom(bodies.get(0));
    assertThat(arrived.getResourceSpans(0).getResource().getAttributesList())
        .containsExactly(attribute("tenant.id", "acme"));
    assertThat(arrived.getResourceSpans(0).getScopeSpans(0).getSpans(0).getAttributesList())
        .isEmpty();
  }

  @Test
  void claimOfASenderWithoutATenantStays() throws Exception {
    start("bearertokenauth: {token: out}", "bearertokenauth", "direct");
    byte[] claim = claim("tenant.id", "mine");
    assertThat(post("Bearer other", claim)).isEqualTo(200);

    assertThat(bodies).containsExactly(claim);
  }

  @Test
  void senderWithoutATokenIsRefused() throws Exception {
    start("bearertokenauth: {token: out}", "bearertokenauth", "direct");
    assertThat(post("Bearer guess", claim("a", "b"))).isEqualTo(401);
    assertThat(bodies).isEmpty();
  }

  @Test
  void exporterSendsTheTokenThatTheFileHasNow() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "first\n");
    start("bearertokenauth: {filename: " + file + "}", "bearertokenauth", "direct");
    post("Bearer other", claim("a", "b"));
    Files.writeString(file, "the second\n");

    await()
        .untilAsserted(
            () -> {
              post("Bearer other", claim("a", "b"));
              assertThat(credentials).contains("Bearer the second");
            });
    assertThat(credentials.get(0)).isEqualTo("Bearer first");
  }

  @Test
  void exporterSendsUserAndPassword() throws Exception {
    start(
        "basicauth/out: {client_auth: {username: ann, password: secret}}",
        "basicauth/out",
        "direct");
    post("Bearer other", claim("a", "b"));

    // ann:secret
    assertThat(credentials).containsExactly("Basic YW5uOnNlY3JldA==");
  }

  @Test
  void grpcExporterSendsTheToken() throws Exception {
    start("bearertokenauth: {token: out}", "bearertokenauth", "direct", /* grpc= */ true);
    assertThat(post("Bearer other", claim("a", "b"))).isEqualTo(200);

    assertThat(credentials).containsExactly("Bearer out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "durable"})
  void exporterSendsTheTenantOfEachSender(String mode) throws Exception {
    startWithTenants("http", mode);

    assertThat(post("Bearer s3cret", claim("tenant.id", "evil"))).isEqualTo(200);
    assertThat(post("Bearer other", claim("a", "b"))).isEqualTo(200);

    await().until(() -> bodies.size() == 2);
    for (int i = 0; i < 2; i++) {
      ExportTraceServiceRequest arrived = ExportTraceServiceRequest.parseFrom(bodies.get(i));
      assertThat(arrived.getResourceSpans(0).getResource().getAttributesList())
          .contains(attribute("tenant.id", tenants.get(i)));
    }
    assertThat(tenants).containsExactlyInAnyOrder("acme", "other");
  }

  @Test
  void grpcExporterSendsTheTenantOfEachSender() throws Exception {
    startWithTenants("grpc", "direct");

    assertThat(post("Bearer s3cret", claim("a", "b"))).isEqualTo(200);

    assertThat(tenants).containsExactly("acme");
  }

  /** A pipeline without the processor {@code tallyspan}, whose senders have tenants. */
  private void startWithTenants(String protocol, String mode) throws Exception {
    int port = protocol.equals("grpc") ? grpcBackend.getPort() : backend.getAddress().getPort();
    Path file =
        Files.writeString(
            directory.resolve("config.yaml"),
            """
            extensions:
              bearertokenauth/in:
                tokens:
                  - {name: team-a, token: s3cret, tenant: acme}
                  - {name: team-b, token: other, tenant: other}
              headers_setter:
                headers:
                  - {action: upsert, key: X-Scope-OrgID, from_attribute: tenant}
            receivers:
              otlp:
                protocols:
                  http: {endpoint: "localhost:0", auth: {authenticator: bearertokenauth/in}}
            exporters:
              otlp_%s:
                endpoint: http://localhost:%d
                compression: none
                auth: {authenticator: headers_setter}
                sending_queue: {batch: {flush_timeout: 50ms, min_size: 1}}
            storage: {directory: %s}
            service:
              extensions: [bearertokenauth/in, headers_setter]
              telemetry: {metrics: {level: none}}
              pipelines:
                traces: {receivers: [otlp], exporters: [otlp_%s], queue: %s}
            """
                .formatted(protocol, port, directory.resolve("data"), protocol, mode));
    server = CollectorServer.builder(ConfigLoader.load(file, Map.of())).start();
  }

  @Test
  void credentialsThatCannotBeReadStopTheStart() {
    assertThatThrownBy(
            () -> start("bearertokenauth: {filename: /none}", "bearertokenauth", "direct"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("extensions.bearertokenauth of exporter otlp_http: /none");
  }

  private void start(String extension, String authenticator, String mode) throws Exception {
    start(extension, authenticator, mode, /* grpc= */ false);
  }

  private void start(String extension, String authenticator, String mode, boolean grpc)
      throws Exception {
    String endpoint =
        "http://localhost:" + (grpc ? grpcBackend.getPort() : backend.getAddress().getPort());
    String exporter = grpc ? "otlp_grpc" : "otlp_http";
    Path file =
        Files.writeString(
            directory.resolve("config.yaml"),
            """
            extensions:
              %s
              bearertokenauth/in:
                tokens:
                  - {name: team-a, token: s3cret, tenant: acme}
                  - {name: team-b, token: other}
            receivers:
              otlp:
                protocols:
                  http: {endpoint: "localhost:0", auth: {authenticator: bearertokenauth/in}}
            processors: {tallyspan: }
            exporters:
              %s:
                endpoint: %s
                compression: none
                auth: {authenticator: %s}
            storage: {directory: %s}
            service:
              extensions: [bearertokenauth/in, %s]
              telemetry: {metrics: {level: none}}
              pipelines:
                traces:
                  {receivers: [otlp], processors: [tallyspan], exporters: [%s], queue: %s}
            """
                .formatted(
                    extension,
                    exporter,
                    endpoint,
                    authenticator,
                    directory.resolve("data"),
                    authenticator,
                    exporter,
                    mode));
    server = CollectorServer.builder(ConfigLoader.load(file, Map.of())).start();
  }

  private int post(String token, byte[] body) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://localhost:" + server.httpPort("otlp") + "/v1/traces"))
                .header("content-type", "application/x-protobuf")
                .header("authorization", token)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  /** A span that has an attribute, as has its resource. */
  private static byte[] claim(String key, String value) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    var resource = request.addResourceSpansBuilder();
    resource.getResourceBuilder().addAttributes(attribute(key, value));
    resource.addScopeSpansBuilder().addSpansBuilder().addAttributes(attribute(key, value));
    return request.build().toByteArray();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> response) {
      bodies.add(request.toByteArray());
      response.onNext(ExportTraceServiceResponse.getDefaultInstance());
      response.onCompleted();
    }
  }

  private final class Credentials implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      tenants.add(headers.get(Metadata.Key.of("x-scope-orgid", Metadata.ASCII_STRING_MARSHALLER)));
      credentials.add(
          headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)));
      return next.startCall(call, headers);
    }
  }
}
