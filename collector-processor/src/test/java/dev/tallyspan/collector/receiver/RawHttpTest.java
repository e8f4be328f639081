package dev.tallyspan.collector.receiver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.flow.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no HTTP client would send. */
class RawHttpTest {

  private static final int LIMIT = 1 << 20;
  private static final byte[] SPAN = Requests.spans(1).toByteArray();

  private ReceiverFixture fixture;
  private final List<Socket> sockets = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    if (fixture != null) {
      fixture.close();
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
    start();
    List<CompletableFuture<Outcome>> held = new CopyOnWriteArrayList<>();
    fixture.intake.answer(
        (signal, request) -> {
          held.add(new CompletableFuture<>());
          return held.get(held.size() - 1);
        });
    Connection connection = connect();
    connection.send(post("", SPAN), post("", SPAN), post("", SPAN));

    for (int i = 1; i <= 3; i++) {
      int arrived = i;
      await().until(() -> held.size() == arrived);
      held.get(i - 1).complete(new Outcome.Partial(i, ""));
      assertThat(connection.response().body()).isEqualTo(new byte[] {0x0a, 2, 8, (byte) i});
    }
  }

  @Test
  void requestInSmallPieces() throws Exception {
    start();
    Connection connection = connect();
    for (byte b : post("", SPAN)) {
      connection.send(new byte[] {b});
    }
    assertThat(connection.response().status()).isEqualTo(200);
  }

  @Test
  void chunkedBodyWithTrailers() throws Exception {
    start();
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        text(
            "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n1;ext=1\r\n"));
    request.write(SPAN[0]);
    request.writeBytes(text("\r\n" + Integer.toHexString(SPAN.length - 1) + "\r\n"));
    request.write(SPAN, 1, SPAN.length - 1);
    request.writeBytes(text("\r\n0\r\nX-Trailer: 1\r\n\r\n"));
    Connection connection = connect();
    connection.send(request.toByteArray());

    assertThat(connection.response().status()).isEqualTo(200);
    assertThat(fixture.intake.bytes()).singleElement().isEqualTo(SPAN);
  }

  @Test
  void clientMayAskBeforeItSendsTheBody() throws Exception {
    start();
    Connection connection = connect();
    byte[] request = post("Expect: 100-continue\r\n", SPAN);
    connection.send(Arrays.copyOf(request, request.length - SPAN.length));
    assertThat(connection.response().status()).isEqualTo(100);
    connection.send(SPAN);

    assertThat(connection.response().status()).isEqualTo(200);
  }

  @Test
  void clientThatAsksLearnsThatItsBodyIsTooLarge() throws Exception {
    start();
    Connection connection = connect();
    connection.send(head("Expect: 100-continue\r\nContent-Length: " + (LIMIT + 1) + "\r\n"));

    Response response = connection.response();
    assertThat(response.status()).isEqualTo(413);
    assertThat(response.header("connection")).isEqualTo("close");
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void bodyFarTooLargeIsAnsweredAtOnce() throws Exception {
    start();
    Connection connection = connect();
    connection.send(head("Content-Length: 99999999999\r\n"));
    Response response = connection.response();

    assertThat(response.status()).isEqualTo(413);
    assertThat(response.header("connection")).isEqualTo("close");
    // What it goes on to send does no harm, nor takes the answer away from it.
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void endlessChunkedBodyIsCutOff() throws Exception {
    start();
    Connection connection = connect();
    connection.send(head("Transfer-Encoding: chunked\r\n"));
    byte[] chunk = new byte[LIMIT];
    int sent = 0;
    try {
      for (; sent < 100; sent++) {
        connection.send(text(Integer.toHexString(LIMIT) + "\r\n"), chunk, text("\r\n"));
      }
    } catch (IOException e) {
      // Disconnected, as expected.
    }
    assertThat(sent).isLessThan(100);
    fixture.awaitCounts(entry("requests{http,refused,too_large}", 1L));
    fixture.awaitNothingInFlight();
  }

  @Test
  void sameConnectionWorksAfterARefusedBody() throws Exception {
    start();
    Connection connection = connect();
    connection.send(post("", new byte[3 * LIMIT]));
    assertThat(connection.response().status()).isEqualTo(413);
    connection.send(post("Content-Encoding: br\r\n", SPAN));
    assertThat(connection.response().status()).isEqualTo(415);
    connection.send(post("", new byte[] {0x0a, 100}));
    assertThat(connection.response().status()).isEqualTo(400);
    connection.send(post("Content-Encoding: gzip\r\n", SPAN));
    assertThat(connection.response().status()).isEqualTo(400);
    connection.send(post("", SPAN));
    Response last = connection.response();

    assertThat(last.status()).isEqualTo(200);
    assertThat(last.header("connection")).isEqualTo("keep-alive");
  }

  @ParameterizedTest
  @CsvSource({
    "'GARBAGE\r\n\r\n', 400",
    "'\u0016\u0003\u0001\u0002\r\n\r\n', 400",
    "'POST /v1/traces HTTP/1.1\r\nContent-Length: x\r\n\r\n', 400",
    "'POST /v1/traces HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400",
  })
  void whatIsNotHttpIsRefusedAndDisconnected(String bytes, int status) throws Exception {
    start();
    Connection connection = connect();
    connection.send(text(bytes));
    Response response = connection.response();

    assertThat(response.status()).isEqualTo(status);
    assertThat(response.header("connection")).isEqualTo("close");
    assertThat(connection.isClosed()).isTrue();
    Connection next = connect();
    next.send(post("", SPAN));
    assertThat(next.response().status()).isEqualTo(200);
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.counts()).containsEntry("requests{http,refused,bad_http}", 1L));
  }

  @Test
  void headThatIsTooLong() throws Exception {
    start();
    Connection longLine = connect();
    longLine.send(text("POST /" + "x".repeat(10_000) + " HTTP/1.1\r\n\r\n"));
    assertThat(longLine.response().status()).isEqualTo(414);
    Connection longHeader = connect();
    longHeader.send(head("X: " + "x".repeat(70_000) + "\r\n"));
    assertThat(longHeader.response().status()).isEqualTo(431);
  }

  @Test
  void http10ClientIsDisconnectedUnlessItAsks() throws Exception {
    start();
    Connection plain = connect();
    plain.send(text(new String(post("", SPAN), ISO_8859_1).replace("HTTP/1.1", "HTTP/1.0")));
    Response response = plain.response();
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("connection")).isEqualTo("close");
    assertThat(plain.isClosed()).isTrue();

    Connection asking = connect();
    asking.send(
        text(
            new String(post("Connection: keep-alive\r\n", SPAN), ISO_8859_1)
                .replace("HTTP/1.1", "HTTP/1.0")));
    assertThat(asking.response().header("connection")).isEqualTo("keep-alive");
  }

  @Test
  void disconnectedUploadGivesItsMemoryBack() throws Exception {
    start();
    Connection connection = connect();
    connection.send(head("Content-Length: " + LIMIT + "\r\n"), new byte[LIMIT / 2]);
    await().until(() -> fixture.inFlightBytes() >= LIMIT / 2);

    connection.socket.close();

    fixture.awaitNothingInFlight();
    fixture.awaitCounts(entry("requests{http,refused,cancelled}", 1L));
  }

  @Test
  void stalledUploadIsEnded() throws Exception {
    start(settings -> settings.readTimeout(Duration.ofMillis(300)));
    Connection connection = connect();
    connection.send(head("Content-Length: " + LIMIT + "\r\n"), new byte[LIMIT / 2]);
    Response response = connection.response();

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.header("retry-after")).isEqualTo("1");
    assertThat(connection.isClosed()).isTrue();
    fixture.awaitCounts(entry("requests{http,refused,timeout}", 1L));
  }

  @Test
  void stalledHeadIsDisconnected() throws Exception {
    start(settings -> settings.httpReadHeaderTimeout(Duration.ofMillis(200)));
    Connection half = connect();
    half.send(text("POST /v1/traces HT"));

    assertThat(half.isClosed()).isTrue();
  }

  @Test
  void idleConnectionIsDisconnected() throws Exception {
    start(settings -> settings.httpIdleTimeout(Duration.ofMillis(300)));
    Connection idle = connect();
    // On a busy machine, a connection may be idle for longer before it is used.
    Connection used = await().ignoreExceptions().until(this::connectAndPost, it -> true);

    assertThat(idle.isClosed()).isTrue();
    assertThat(used.isClosed()).isTrue();
  }

  private Connection connectAndPost() throws IOException {
    Connection connection = connect();
    connection.send(post("", SPAN));
    assertThat(connection.response().status()).isEqualTo(200);
    return connection;
  }

  @Test
  void manyStalledClientsCannotTakeMoreThanTheBudget() throws Exception {
    start(settings -> settings.maxInFlightBytes(2 * LIMIT));
    List<Connection> stalled = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Connection connection = connect();
      connection.send(head("Content-Length: " + LIMIT + "\r\n"), new byte[LIMIT / 2]);
      stalled.add(connection);
    }
    await().until(() -> fixture.inFlightBytes() >= LIMIT);
    assertThat(fixture.inFlightBytes()).isLessThanOrEqualTo(2 * LIMIT);
    for (Connection connection : stalled) {
      connection.socket.close();
    }
    fixture.awaitNothingInFlight();
  }

  @Test
  void requestInFlightIsAnsweredBeforeTheServerStopsAndIdleConnectionsClose() throws Exception {
    start();
    CompletableFuture<Outcome> held = new CompletableFuture<>();
    fixture.intake.answer((signal, request) -> held);
    Connection idle = connect();
    Connection busy = connect();
    busy.send(post("", SPAN));
    await().until(() -> fixture.inFlightBytes() > 0);
    CompletableFuture<Void> closed =
        CompletableFuture.runAsync(() -> fixture.receiver.close(Duration.ofSeconds(20)));
    assertThat(idle.isClosed()).isTrue();

    held.complete(Outcome.ACCEPTED);
    Response response = busy.response();

    assertThat(response.status()).isEqualTo(200);
    assertThat(busy.isClosed()).isTrue();
    closed.get();
  }

  @Test
  void clientThatGoesAwayWithdrawsItsRequest() throws Exception {
    start();
    CompletableFuture<Outcome> held = new CompletableFuture<>();
    fixture.intake.answer((signal, request) -> held);
    Connection connection = connect();
    connection.send(post("", SPAN));
    await().until(() -> fixture.inFlightBytes() > 0);
    assertThat(fixture.intake.withdrawals()).isZero();
    connection.socket.close();

    await().until(() -> fixture.intake.withdrawals() == 1);
    held.complete(Outcome.ACCEPTED);
    fixture.awaitNothingInFlight();
  }

  @Test
  void clientThatPipelinesIsSeenToGoAwayAsWell() throws Exception {
    start();
    fixture.intake.answer((signal, request) -> new CompletableFuture<>());
    Connection connection = connect();
    connection.send(post("", SPAN));
    await().until(() -> fixture.inFlightBytes() > 0);
    connection.send(post("", SPAN), Arrays.copyOf(post("", SPAN), 30));
    connection.socket.close();

    await().until(() -> fixture.intake.withdrawals() == 1);
  }

  @Test
  void requestsThatAreSentWhileAnotherIsHandledAreAnsweredAfterIt() throws Exception {
    start();
    CompletableFuture<Outcome> held = new CompletableFuture<>();
    fixture.intake.answer((signal, request) -> held);
    Connection connection = connect();
    connection.send(post("", SPAN));
    await().until(() -> fixture.inFlightBytes() > 0);
    byte[] large = Requests.ofSize(LIMIT / 2).toByteArray();
    connection.send(post("", SPAN), Arrays.copyOf(post("", large), 1000));
    held.complete(new Outcome.Partial(1, ""));
    assertThat(connection.response().status()).isEqualTo(200);
    connection.send(Arrays.copyOfRange(post("", large), 1000, post("", large).length));

    assertThat(connection.response().status()).isEqualTo(200);
    assertThat(connection.response().status()).isEqualTo(200);
    assertThat(fixture.intake.withdrawals()).isZero();
  }

  @Test
  void clientThatClosesItsSendingHalfStillGetsItsAnswer() throws Exception {
    start();
    CompletableFuture<Outcome> held = new CompletableFuture<>();
    fixture.intake.answer((signal, request) -> held);
    Connection connection = connect();
    connection.send(post("", SPAN));
    connection.socket.shutdownOutput();
    await().until(() -> fixture.intake.withdrawals() == 1);
    held.complete(Outcome.ACCEPTED);

    assertThat(connection.response().status()).isEqualTo(200);
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void idleClientThatClosesIsDisconnected() throws Exception {
    start();
    Connection connection = connect();
    connection.send(post("", SPAN));
    assertThat(connection.response().status()).isEqualTo(200);
    connection.socket.shutdownOutput();

    assertThat(connection.isClosed()).isTrue();
  }

  private void start() throws IOException {
    start(UnaryOperator.identity());
  }

  private void start(UnaryOperator<OtlpReceiverBuilder> settings) throws IOException {
    fixture = new ReceiverFixture(builder -> settings.apply(builder.maxRequestBytes(LIMIT)));
  }

  private Connection connect() throws IOException {
    Socket socket = new Socket("localhost", fixture.receiver.httpPort());
    socket.setSoTimeout(60_000);
    sockets.add(socket);
    return new Connection(socket);
  }

  private static byte[] post(String headers, byte[] body) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(head(headers + "Content-Length: " + body.length + "\r\n"));
    request.writeBytes(body);
    return request.toByteArray();
  }

  private static byte[] head(String headers) {
    return text(
        "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
            + headers
            + "\r\n");
  }

  private static byte[] text(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private record Response(int status, String head, byte[] body) {
    String header(String name) {
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).trim())
          .findFirst()
          .orElse(null);
    }
  }

  private record Connection(Socket socket) {

    void send(byte[]... parts) throws IOException {
      OutputStream out = socket.getOutputStream();
      for (byte[] part : parts) {
        out.write(part);
      }
      out.flush();
    }

    Response response() throws IOException {
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          throw new IOException("closed after: " + head);
        }
        head.append((char) next);
      }
      int status = Integer.parseInt(head.substring(9, 12));
      String length = new Response(status, head.toString(), null).header("content-length");
      byte[] body = length == null ? new byte[0] : in.readNBytes(Integer.parseInt(length));
      return new Response(status, head.toString(), body);
    }

    /** Waits until the server has closed; false if it sends something instead. */
    boolean isClosed() throws IOException {
      return socket.getInputStream().read() < 0;
    }
  }
}
