package dev.tallyspan.collector.receiver;

import static dev.tallyspan.collector.receiver.Http2Frames.CONTINUATION;
import static dev.tallyspan.collector.receiver.Http2Frames.DATA;
import static dev.tallyspan.collector.receiver.Http2Frames.END_HEADERS;
import static dev.tallyspan.collector.receiver.Http2Frames.GOAWAY;
import static dev.tallyspan.collector.receiver.Http2Frames.HEADERS;
import static dev.tallyspan.collector.receiver.Http2Frames.PING;
import static dev.tallyspan.collector.receiver.Http2Frames.PRIORITY;
import static dev.tallyspan.collector.receiver.Http2Frames.RST_STREAM;
import static dev.tallyspan.collector.receiver.Http2Frames.SETTINGS;
import static dev.tallyspan.collector.receiver.Http2Frames.frame;
import static dev.tallyspan.collector.receiver.Http2Frames.headers;
import static dev.tallyspan.collector.receiver.Http2Frames.join;
import static dev.tallyspan.collector.receiver.Http2Frames.literal;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an HTTP/2 client does to exhaust a server: it is disconnected, and others are not. */
class Http2FloodTest {

  private static final int ENHANCE_YOUR_CALM = 0xb;
  private static final int REFUSED_STREAM = 7;

  private ReceiverFixture fixture;
  private ManagedChannel channel;
  private Socket socket;

  @BeforeEach
  void start() throws Exception {
    fixture = new ReceiverFixture(settings -> settings.grpcMaxConcurrentStreams(10));
    channel =
        NettyChannelBuilder.forAddress("localhost", fixture.receiver.grpcPort())
            .usePlaintext()
            .build();
    export();
    socket = new Socket("localhost", fixture.receiver.grpcPort());
    socket.setSoTimeout(60_000);
    socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    send(frame(SETTINGS, 0, 0));
  }

  @AfterEach
  void close() throws Exception {
    socket.close();
    channel.shutdownNow();
    fixture.close();
  }

  @Test
  void rapidReset() throws Exception {
    flood(
        4000,
        i -> {
          byte[] open = frame(HEADERS, END_HEADERS, 1 + 2 * i, headers());
          return join(open, frame(RST_STREAM, 0, 1 + 2 * i, new byte[] {0, 0, 0, 8}));
        });
    assertThat(goAway()).isEqualTo(ENHANCE_YOUR_CALM);
    othersWork();
  }

  @Test
  void emptyDataFrames() throws Exception {
    send(frame(HEADERS, END_HEADERS, 1, headers()));
    flood(2000, i -> frame(DATA, 0, 1));
    assertThat(goAway()).isEqualTo(ENHANCE_YOUR_CALM);
    othersWork();
  }

  @Test
  void settings() throws Exception {
    flood(20_000, i -> frame(SETTINGS, 0, 0));
    assertThat(goAway()).isEqualTo(ENHANCE_YOUR_CALM);
    othersWork();
  }

  @Test
  void priorities() throws Exception {
    flood(20_000, i -> frame(PRIORITY, 0, 1 + 2 * i, new byte[5]));
    assertThat(goAway()).isEqualTo(ENHANCE_YOUR_CALM);
    othersWork();
  }

  @Test
  void unknownFrames() throws Exception {
    flood(20_000, i -> frame(0x77, 0, 0));
    assertThat(goAway()).isEqualTo(ENHANCE_YOUR_CALM);
    othersWork();
  }

  @Test
  void pings() throws Exception {
    flood(20_000, i -> frame(PING, 0, 0, new byte[8]));
    assertThat(goAway()).isEqualTo(ENHANCE_YOUR_CALM);
    othersWork();
  }

  @Test
  void emptyContinuations() throws Exception {
    send(frame(HEADERS, 0, 1, headers()));
    flood(20_000, i -> frame(CONTINUATION, 0, 1));
    assertThat(goAway()).isEqualTo(ENHANCE_YOUR_CALM);
    othersWork();
  }

  @Test
  void endlessHeaders() throws Exception {
    send(frame(HEADERS, 0, 1, headers()));
    byte[] part = literal("x-" + "a".repeat(100), "b".repeat(16_000));
    flood(1000, i -> frame(CONTINUATION, 0, 1, part));
    assertThat(goAway()).isPositive();
    othersWork();
  }

  @Test
  void headersOfMoreThan64KibibytesAreRefused() throws Exception {
    byte[] block = headers();
    send(frame(HEADERS, 0, 1, block));
    for (int i = 0; i < 5; i++) {
      send(frame(CONTINUATION, i == 4 ? END_HEADERS : 0, 1, literal("x-" + i, "b".repeat(15_000))));
    }
    assertThat(firstOf(RST_STREAM, GOAWAY, HEADERS)).isNotNull();
    assertThat(fixture.intake.requests()).hasSize(1);
    othersWork();
  }

  @Test
  void moreStreamsThanAnnouncedAreRefused() throws Exception {
    for (int i = 0; i < 30; i++) {
      send(frame(HEADERS, END_HEADERS, 1 + 2 * i, headers()));
    }
    int[] refused = firstOf(RST_STREAM);
    assertThat(refused[1]).isEqualTo(REFUSED_STREAM);
    othersWork();
  }

  private void othersWork() {
    export();
  }

  private void export() {
    TraceServiceGrpc.newBlockingStub(channel).export(Requests.spans(1));
  }

  /** Sends frames until the server disconnects or does not read on. */
  private void flood(int count, Frames frames) throws IOException {
    try {
      for (int i = 0; i < count; i++) {
        send(frames.at(i));
      }
    } catch (SocketException e) {
      // Disconnected, as expected.
    }
  }

  /** Returns the error code of the GOAWAY frame; -1 if the connection ends without it. */
  private int goAway() throws IOException {
    int[] frame = firstOf(GOAWAY);
    return frame == null ? -1 : frame[1];
  }

  /**
   * Waits for a frame of one of the types. Returns its type and, of RST_STREAM and GOAWAY, the
   * error code; null if the connection ends without it.
   */
  private int[] firstOf(int... types) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    try {
      while (true) {
        byte[] header = new byte[9];
        in.readFully(header);
        int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | header[2] & 0xff;
        byte[] payload = new byte[length];
        in.readFully(payload);
        if (Arrays.stream(types).anyMatch(type -> type == header[3])) {
          int at = header[3] == GOAWAY ? 4 : 0;
          int code =
              header[3] == GOAWAY || header[3] == RST_STREAM
                  ? (payload[at] & 0xff) << 24
                      | (payload[at + 1] & 0xff) << 16
                      | (payload[at + 2] & 0xff) << 8
                      | payload[at + 3] & 0xff
                  : 0;
          return new int[] {header[3], code};
        }
      }
    } catch (EOFException | SocketException e) {
      return null;
    }
  }

  private void send(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
  }

  private interface Frames {
    byte[] at(int index);
  }
}
