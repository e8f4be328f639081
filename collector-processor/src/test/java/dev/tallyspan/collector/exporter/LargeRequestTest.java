package dev.tallyspan.collector.exporter;

import static dev.tallyspan.collector.exporter.SpanRequests.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that refuse large requests by themselves, and not as a test tells them to. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeRequestTest {
  private static final int SPANS = 40;
  private static final int MIB = 1 << 20;

  /** More than 5 MiB. */
  private static Slices request() {
    return SpanRequests.request(names(0, SPANS), 140_000);
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"NONE", "GZIP"})
  void grpcServerWithASmallMessageSize(Compression compression) throws Exception {
    try (GrpcSink sink = new GrpcSink(0, server -> server.maxInboundMessageSize(MIB));
        OtlpExporter exporter =
            OtlpExporter.builder("otlp_grpc", Protocol.GRPC)
                .endpoint("http://localhost:" + sink.port())
                .compression(compression)
                .timeout(Duration.ofSeconds(30))
                .retry(Sending.RETRY_SOON)
                .build()) {
      assertThat(Sending.send(exporter, Signal.TRACES, request(), SPANS).get(60, TimeUnit.SECONDS))
          .isEqualTo(Outcome.ACCEPTED);

      List<String> names = new ArrayList<>();
      sink.received.forEach(received -> names.addAll(SpanRequests.names(received.body())));
      assertThat(names).isEqualTo(names(0, SPANS));
      // With gzip, grpc-java does not say why it refuses, so the limit is found by halving.
      assertThat(sink.received).hasSize(compression == Compression.GZIP ? 8 : 6);
    }
  }

  /** Like nginx, answers as soon as it knows the length, and then reads the rest. */
  @Test
  void httpServerThatAnswersBeforeItHasReadTheBody() throws Exception {
    try (EarlyServer server = new EarlyServer(MIB);
        OtlpExporter exporter =
            OtlpExporter.builder("otlp_http", Protocol.HTTP_PROTOBUF)
                .endpoint("http://localhost:" + server.port())
                .compression(Compression.NONE)
                .timeout(Duration.ofSeconds(30))
                .retry(Sending.RETRY_SOON)
                .build()) {
      assertThat(Sending.send(exporter, Signal.TRACES, request(), SPANS).get(60, TimeUnit.SECONDS))
          .isEqualTo(Outcome.ACCEPTED);
      assertThat(server.refused.get()).isBetween(1, 4);
    }
  }

  private static final class EarlyServer implements AutoCloseable {
    final AtomicInteger refused = new AtomicInteger();
    private final ServerSocket server;
    private final int limit;

    EarlyServer(int limit) throws IOException {
      this.limit = limit;
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (true) {
                    Socket client = server.accept();
                    try (client) {
                      answer(client);
                    } catch (IOException e) {
                      // The client has gone; others come.
                    }
                  }
                } catch (IOException e) {
                  // Closed.
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    int port() {
      return server.getLocalPort();
    }

    private void answer(Socket client) throws IOException {
      InputStream in = client.getInputStream();
      StringBuilder head = new StringBuilder();
      while (!head.toString().endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          throw new EOFException();
        }
        head.append((char) next);
      }
      int length =
          head.toString()
              .lines()
              .filter(line -> line.startsWith("Content-Length: "))
              .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
              .findAny()
              .orElseThrow();
      boolean tooLarge = length > limit;
      if (tooLarge) {
        refused.incrementAndGet();
        respond(client, "413 Payload Too Large");
        client.shutdownOutput();
        in.readAllBytes();
        return;
      }
      in.skipNBytes(length);
      respond(client, "200 OK");
    }

    private static void respond(Socket client, String status) throws IOException {
      String response = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      client.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
