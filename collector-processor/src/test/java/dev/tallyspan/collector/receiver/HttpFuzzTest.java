package dev.tallyspan.collector.receiver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged and cut-off requests: whatever they are, the next one works and no memory is kept. */
class HttpFuzzTest {

  private static ReceiverFixture fixture;

  @BeforeContainer
  static void start() throws IOException {
    fixture =
        new ReceiverFixture(
            settings -> settings.maxRequestBytes(10_000).readTimeout(Duration.ofSeconds(5)));
  }

  @AfterContainer
  static void close() {
    fixture.close();
  }

  @Property(tries = 300)
  void nextRequestWorks(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    byte[] bytes = request(random);
    for (int i = random.nextInt(6); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    send(bytes, random.nextInt(3) == 0 ? random.nextInt(bytes.length) : bytes.length);

    String answer = send(post("Connection: close\r\n", Requests.spans(1).toByteArray()), -1);

    assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> fixture.inFlightBytes() == 0);
    assertThat(fixture.counts().keySet()).noneMatch(count -> count.contains("failure"));
  }

  private static byte[] request(Random random) {
    byte[] spans = Requests.spans(random.nextInt(400)).toByteArray();
    return switch (random.nextInt(5)) {
      case 0 -> post("Content-Encoding: gzip\r\n", Requests.gzip(spans));
      case 1 -> post("Content-Encoding: deflate\r\n", Requests.zlib(spans));
      case 2 -> post("Content-Type: application/json\r\n", json());
      case 3 -> post("Expect: 100-continue\r\n", spans);
      default -> post("", spans);
    };
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
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes, 0, count < 0 ? bytes.length : count);
      return count < 0 ? new String(socket.getInputStream().readAllBytes(), ISO_8859_1) : "";
    }
  }
}
