package dev.tallyspan.collector.receiver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.google.rpc.Status;
import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.auth.Authenticator;
import dev.tallyspan.collector.auth.BasicSettings;
import dev.tallyspan.collector.auth.BearerSettings;
import dev.tallyspan.collector.auth.Secret;
import dev.tallyspan.collector.flow.Sender;
import dev.tallyspan.collector.flow.StatusCode;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuthenticationTest {

  private static final AuthSettings TOKENS =
      new BearerSettings(
          "bearertokenauth",
          "Authorization",
          "Bearer",
          List.of(
              new BearerSettings.Token("team-a", new Secret.Text("s3cret"), "acme"),
              new BearerSettings.Token("team-b", new Secret.Text("other"), null)),
          null);

  private static final AuthSettings BCRYPT =
      new BasicSettings(
          "basicauth",
          List.of(),
          null,
          "ann:" + BCrypt.withDefaults().hashToString(6, "secret".toCharArray()),
          null);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private ReceiverFixture fixture;
  private Authenticator authenticator;
  private ManagedChannel channel;

  @AfterEach
  void close() {
    if (channel != null) {
      channel.shutdownNow();
    }
    fixture.close();
    authenticator.close();
  }

  @Test
  void senderIsKnownOverHttp() throws Exception {
    start(TOKENS);
    assertThat(post("Bearer s3cret", "application/x-protobuf", span()).statusCode()).isEqualTo(200);
    assertThat(post("Bearer other", "application/x-protobuf", span()).statusCode()).isEqualTo(200);

    assertThat(fixture.intake.senders())
        .containsExactly(
            Optional.of(new Sender("team-a", "acme")), Optional.of(new Sender("team-b", null)));
  }

  @Test
  void senderIsKnownOverGrpc() throws Exception {
    start(TOKENS);
    export("Bearer s3cret", Requests.spans(2));

    assertThat(fixture.intake.senders()).containsExactly(Optional.of(new Sender("team-a", "acme")));
  }

  @Test
  void wrongTokenIsRefusedOverHttp() throws Exception {
    start(TOKENS);
    HttpResponse<byte[]> response = post("Bearer guess", "application/x-protobuf", span());

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer realm=\"otlp\"");
    assertThat(response.headers().firstValue("content-type")).contains("application/x-protobuf");
    Status status = Status.parseFrom(response.body());
    assertThat(status.getCode()).isEqualTo(StatusCode.UNAUTHENTICATED.number());
    assertThat(status.getMessage()).isEqualTo("the credentials are not valid");
    assertThat(fixture.intake.requests()).isEmpty();
    fixture.awaitCounts(entry("requests{http,refused,unauthenticated}", 1L));
  }

  @Test
  void missingTokenIsRefusedInTheEncodingOfTheRequest() throws Exception {
    start(TOKENS);
    HttpResponse<byte[]> response = post(null, "application/json", "not even JSON".getBytes(UTF_8));

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(new String(response.body(), UTF_8))
        .isEqualTo(
            "{\"code\":16,\"message\":\"credentials are missing: send them in the header"
                + " authorization\"}");
  }

  @Test
  void unknownPathIsNotRevealed() throws Exception {
    start(TOKENS);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(fixture.http("/v1/secret"))).GET().build();

    assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(401);
  }

  @Test
  void wrongTokenIsRefusedOverGrpc() throws Exception {
    start(TOKENS);
    assertThatThrownBy(() -> export("Bearer guess", Requests.spans(1)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused -> {
              assertThat(refused.getStatus().getCode())
                  .isEqualTo(io.grpc.Status.Code.UNAUTHENTICATED);
              assertThat(refused.getStatus().getDescription())
                  .isEqualTo("the credentials are not valid");
            });
    assertThatThrownBy(() -> export(null, Requests.spans(1)))
        .hasMessageContaining("credentials are missing");

    assertThat(fixture.intake.requests()).isEmpty();
    fixture.awaitCounts(entry("requests{grpc,refused,unauthenticated}", 2L));
    export("Bearer other", Requests.spans(1));
  }

  @Test
  void connectionSurvivesASmallRefusedRequest() throws Exception {
    start(TOKENS);
    try (Socket socket = new Socket("localhost", fixture.receiver.httpPort())) {
      socket.setSoTimeout(60_000);
      send(socket, head("", span().length), span());
      assertThat(status(socket)).isEqualTo(401);
      send(socket, head("Authorization: Bearer s3cret\r\n", span().length), span());
      assertThat(status(socket)).isEqualTo(200);
    }
  }

  @Test
  void largeBodyIsNotReadBeforeTheAnswer() throws Exception {
    start(TOKENS);
    try (Socket socket = new Socket("localhost", fixture.receiver.httpPort())) {
      socket.setSoTimeout(60_000);
      send(socket, head("", 50 << 20));
      assertThat(status(socket)).isEqualTo(401);
    }
    fixture.awaitNothingInFlight();
  }

  @Test
  void expectContinueIsAnsweredWithTheRefusal() throws Exception {
    start(TOKENS);
    try (Socket socket = new Socket("localhost", fixture.receiver.httpPort())) {
      socket.setSoTimeout(60_000);
      send(socket, head("Expect: 100-continue\r\n", span().length));
      assertThat(status(socket)).isEqualTo(401);
    }
  }

  @Test
  void preflightNeedsNoCredentials() throws Exception {
    authenticator = TOKENS.authenticator();
    fixture =
        new ReceiverFixture(
            settings ->
                settings
                    .httpAuthenticator(authenticator)
                    .httpCors(
                        new Cors(
                            List.of("https://app"),
                            List.of("Authorization"),
                            List.of("X-Id"),
                            Duration.ZERO)));
    HttpRequest preflight =
        HttpRequest.newBuilder(URI.create(fixture.http("/v1/traces")))
            .method("OPTIONS", BodyPublishers.noBody())
            .header("origin", "https://app")
            .header("access-control-request-method", "POST")
            .build();
    HttpRequest sent =
        HttpRequest.newBuilder(URI.create(fixture.http("/v1/traces")))
            .header("origin", "https://app")
            .POST(BodyPublishers.ofByteArray(span()))
            .build();

    assertThat(client.send(preflight, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
    HttpResponse<Void> refused = client.send(sent, BodyHandlers.discarding());
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("access-control-allow-origin")).contains("https://app");
    assertThat(refused.headers().firstValue("access-control-expose-headers")).contains("X-Id");
  }

  @Test
  void slowHashIsCheckedOffTheEventLoop() throws Exception {
    start(BCRYPT);
    String right = "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(UTF_8));
    String wrong = "Basic " + Base64.getEncoder().encodeToString("ann:wrong".getBytes(UTF_8));

    assertThat(post(wrong, "application/x-protobuf", span()).statusCode()).isEqualTo(401);
    assertThatThrownBy(() -> export(wrong, Requests.spans(1))).hasMessageContaining("not valid");
    assertThat(post(right, "application/x-protobuf", span()).statusCode()).isEqualTo(200);
    export(right, Requests.spans(1));
    byte[] large = Requests.ofSize(8 << 20).toByteArray();
    assertThat(post(right, "application/x-protobuf", large).statusCode()).isEqualTo(200);
    assertThat(fixture.intake.senders())
        .hasSize(3)
        .containsOnly(Optional.of(new Sender("ann", null)));
  }

  @Test
  void bodyThatArrivesDuringASlowCheckIsNotLost() throws Exception {
    start(BCRYPT);
    String right = Base64.getEncoder().encodeToString("ann:secret".getBytes(UTF_8));
    byte[] body = Requests.ofSize(300_000).toByteArray();
    try (Socket socket = new Socket("localhost", fixture.receiver.httpPort())) {
      socket.setSoTimeout(60_000);
      byte[] head = head("Authorization: Basic " + right + "\r\n", body.length);
      // Two requests in one go, before anything is answered.
      send(socket, head, body, head, body);
      assertThat(status(socket)).isEqualTo(200);
      assertThat(status(socket)).isEqualTo(200);
    }
  }

  private void start(AuthSettings auth) throws IOException {
    authenticator = auth.authenticator();
    fixture =
        new ReceiverFixture(
            settings -> settings.httpAuthenticator(authenticator).grpcAuthenticator(authenticator));
  }

  private void export(String credentials, ExportTraceServiceRequest request) {
    if (channel == null) {
      channel =
          NettyChannelBuilder.forAddress("localhost", fixture.receiver.grpcPort())
              .usePlaintext()
              .build();
    }
    Metadata headers = new Metadata();
    if (credentials != null) {
      headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), credentials);
    }
    TraceServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .export(request);
  }

  private HttpResponse<byte[]> post(String credentials, String type, byte[] body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(fixture.http("/v1/traces")))
            .header("content-type", type)
            .POST(BodyPublishers.ofByteArray(body));
    if (credentials != null) {
      request.header("authorization", credentials);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static byte[] span() {
    return Requests.spans(1).toByteArray();
  }

  private static byte[] head(String headers, int length) {
    return ("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
            + headers
            + "Content-Length: "
            + length
            + "\r\n\r\n")
        .getBytes(ISO_8859_1);
  }

  private static void send(Socket socket, byte[]... parts) throws IOException {
    OutputStream out = socket.getOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
    out.flush();
  }

  /** Reads one response. */
  private static int status(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) next);
    }
    String length =
        head.toString()
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
            .findFirst()
            .orElse("content-length: 0");
    socket.getInputStream().readNBytes(Integer.parseInt(length.substring(16).trim()));
    return Integer.parseInt(head.substring(9, 12));
  }
}
