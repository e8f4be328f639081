package dev.tallyspan.collector.receiver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import dev.tallyspan.collector.fuzz.ErrorLog;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import dev.tallyspan.collector.leaks.RecordingLeakDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged and cut-off requests: whatever they are, the next one works and no memory is kept. */
@AddLifecycleHook(FuzzBudget.Sockets.class)
class HttpFuzzTest {

  private static final int MAX_REQUEST = 10_000;

  private static ReceiverFixture fixture;
  private static ErrorLog log;

  @BeforeContainer
  static void start() throws IOException {
    log = new ErrorLog();
    fixture =
        new ReceiverFixture(
            settings -> settings.maxRequestBytes(MAX_REQUEST).readTimeout(Duration.ofSeconds(5)));
  }

  @AfterContainer
  static void close() {
    fixture.close();
    log.close();
    assertThat(RecordingLeakDetector.leaks()).isEmpty();
  }

  @Property
  void nextRequestWorks(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    byte[] bytes = request(random);
    for (int i = random.nextInt(6); i > 0; i--) {
      // The head is short, and would rarely be hit.
      int bound = random.nextBoolean() ? Math.min(300, bytes.length) : bytes.length;
      bytes[random.nextInt(bound)] = (byte) random.nextInt(256);
    }
    send(bytes, random.nextInt(3) == 0 ? random.nextInt(bytes.length) : bytes.length);

    String answer = send(post("Connection: close\r\n", Requests.spans(1).toByteArray()), -1);

    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> fixture.inFlightBytes() == 0);
    assertThat(fixture.counts().keySet()).noneMatch(count -> count.contains("failure"));
    assertThat(log.errors()).isEmpty();
  }

  private static byte[] request(Random random) {
    byte[] spans = Requests.spans(random.nextInt(400)).toByteArray();
    return switch (random.nextInt(12)) {
      case 0 -> post("Content-Encoding: gzip\r\n", Requests.gzip(spans));
      case 1 -> post("Content-Encoding: deflate\r\n", Requests.zlib(spans));
      case 2 -> post("Content-Encoding: zstd\r\n", Zstd.compress(spans));
      case 3 -> post("Content-Type: application/json\r\n", json());
      case 4 ->
          post(
              "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
              Requests.gzip(json()));
      case 5 -> post("Expect: 100-continue\r\n", spans);
      case 6 -> post("Content-Encoding: gzip\r\n", Requests.gzip(new byte[100 * MAX_REQUEST]));
      case 7 -> post("Content-Encoding: zstd\r\n", Zstd.compress(new byte[100 * MAX_REQUEST]));
      case 8 -> chunked(random, spans);
      case 9 -> post(header(random) + header(random), spans);
      case 10 -> twice(post(header(random), spans));
      default -> post("", spans);
    };
  }

  private static byte[] chunked(Random random, byte[] body) {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        ("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n")
            .getBytes(ISO_8859_1));
    for (int at = 0; at < body.length; ) {
      int length = Math.min(body.length - at, 1 + random.nextInt(3000));
      request.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
      request.write(body, at, length);
      request.writeBytes("\r\n".getBytes(ISO_8859_1));
      at += length;
    }
    request.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    return request.toByteArray();
  }

  private static String header(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> "Transfer-Encoding: chunked\r\n";
      case 1 -> "Content-Length: " + (random.nextInt(100) - 50) + "\r\n";
      case 2 -> "X: " + "y".repeat(random.nextInt(100_000)) + "\r\n";
      case 3 -> "X: y\r\n".repeat(random.nextInt(500));
      case 4 -> "Content-Encoding: gzip, zstd\r\n";
      case 5 -> "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n";
      case 6 -> "Content-Type: application/x-protobuf; charset=\"\r\n";
      default -> " folded\r\n";
    };
  }

  /** Sent without waiting for the answer to the first. */
  private static byte[] twice(byte[] request) {
    byte[] both = Arrays.copyOf(request, 2 * request.length);
    System.arraycopy(request, 0, both, request.length, request.length);
    return both;
  }

  private static byte[] json() {
    return ("{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"k\",\"value\":"
            + "{\"kvlistValue\":{\"values\":[{\"key\":\"é\",\"value\":{\"doubleValue\":\"NaN\"}},"
            + "{\"key\":\"b\",\"value\":{\"bytesValue\":\"AAEC\"}}]}}}]},\"scopeSpans\":[{\"spans\":"
            + "[{\"traceId\":\"00112233445566778899aabbccddeeff\",\"kind\":3,"
            + "\"startTimeUnixNano\":\"1795364926220000000\",\"x\":[{},[],null,1.5e3]}]}]}]}")
        .getBytes(ISO_8859_1);
  }

  private static byte[] post(String headers, byte[] body) {
    String type = headers.contains("Type") ? "" : "Content-Type: application/x-protobuf\r\n";
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(
        ("POST /v1/traces HTTP/1.1\r\nHost: x\r\n"
                + type
                + headers
                + "Content-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(ISO_8859_1));
    request.writeBytes(body);
    return request.toByteArray();
  }

  /**
   * Sends so many of the bytes and hangs up; or, with -1, all of them, and waits for the answer.
   */
  private static String send(byte[] bytes, int count) throws IOException {
    try (Socket socket = new Socket("localhost", fixture.receiver.httpPort())) {
      socket.setSoTimeout(60_000);
      try {
        socket.getOutputStream().write(bytes, 0, count < 0 ? bytes.length : count);
      } catch (SocketException e) {
        // The server has answered, and does not read the rest.
      }
      return count < 0 ? new String(socket.getInputStream().readAllBytes(), ISO_8859_1) : "";
    }
  }
}
