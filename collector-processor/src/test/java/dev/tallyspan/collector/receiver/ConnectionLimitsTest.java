package dev.tallyspan.collector.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {

  private final List<Socket> sockets = new ArrayList<>();
  private ReceiverFixture fixture;

  @AfterEach
  void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    fixture.close();
  }

  @Test
  void connectionAboveTheLimitIsClosedAtOnce() throws Exception {
    start(settings -> settings.httpMaxConnections(2).grpcMaxConnections(1));
    Socket first = connect(fixture.receiver.httpPort());
    Socket second = connect(fixture.receiver.httpPort());
    assertThat(post(first)).isEqualTo(200);
    assertThat(post(second)).isEqualTo(200);
    assertThat(isClosed(connect(fixture.receiver.httpPort()))).isTrue();
    Socket grpc = connect(fixture.receiver.grpcPort());
    assertThat(grpc.getInputStream().read()).isZero();
    assertThat(isClosed(connect(fixture.receiver.grpcPort()))).isTrue();

    assertThat(fixture.counts())
        .contains(
            entry("tallyspan_receiver_rejected_connections{http}", 1L),
            entry("tallyspan_receiver_rejected_connections{grpc}", 1L));
    assertThat(post(first)).isEqualTo(200);
    second.close();
    await().ignoreExceptions().until(() -> post(connect(fixture.receiver.httpPort())) == 200);
  }

  @Test
  void zeroIsNoLimit() throws Exception {
    start(settings -> settings.httpMaxConnections(0));
    for (int i = 0; i < 50; i++) {
      assertThat(post(connect(fixture.receiver.httpPort()))).isEqualTo(200);
    }
  }

  @Test
  void slowHeadIsCutOff() throws Exception {
    start(settings -> settings.httpReadHeaderTimeout(Duration.ofMillis(300)));
    Socket socket = connect(fixture.receiver.httpPort());
    assertThat(post(socket)).isEqualTo(200);
    long begun = System.nanoTime();
    // A byte at a time: the time counts from the first one.
    socket.setSoTimeout(50);
    boolean open = true;
    try {
      for (int i = 0; i < 400 && open; i++) {
        socket.getOutputStream().write('A');
        try {
          open = socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
          // Still open.
        }
      }
    } catch (SocketException e) {
      open = false;
    }
    assertThat(open).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(250));
  }

  @Test
  void idleConnectionIsNotCutOffByTheTimeoutOfTheHead() throws Exception {
    start(settings -> settings.httpReadHeaderTimeout(Duration.ofMillis(1)));
    Socket socket = connect(fixture.receiver.httpPort());
    assertThat(post(socket)).isEqualTo(200);
    socket.setSoTimeout(100);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void connectionServesOneRequestWithoutKeepAlive() throws Exception {
    start(
        settings ->
            settings.httpKeepAlives(false).httpResponseHeaders(Map.of("X-Served-By", "tallyspan")));
    Socket socket = connect(fixture.receiver.httpPort());
    send(socket);
    String response = new String(socket.getInputStream().readAllBytes(), US_ASCII);

    assertThat(response)
        .startsWith("HTTP/1.1 200")
        .containsIgnoringCase("connection: close")
        .contains("X-Served-By: tallyspan");
  }

  private void start(UnaryOperator<OtlpReceiverBuilder> settings) throws IOException {
    fixture = new ReceiverFixture(settings);
  }

  private Socket connect(int port) throws IOException {
    Socket socket = new Socket("localhost", port);
    socket.setSoTimeout(60_000);
    sockets.add(socket);
    return socket;
  }

  private static boolean isClosed(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  private static void send(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            ("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                    + "Content-Length: 0\r\n\r\n")
                .getBytes(US_ASCII));
  }

  /** Sends an empty request. Its response has no body. */
  private static int post(Socket socket) throws IOException {
    send(socket);
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("closed");
      }
      head.append((char) next);
    }
    return Integer.parseInt(head.substring(9, 12));
  }
}
