package dev.tallyspan.collector.receiver;

import static dev.tallyspan.collector.receiver.Http2Frames.CONTINUATION;
import static dev.tallyspan.collector.receiver.Http2Frames.DATA;
import static dev.tallyspan.collector.receiver.Http2Frames.END_HEADERS;
import static dev.tallyspan.collector.receiver.Http2Frames.END_STREAM;
import static dev.tallyspan.collector.receiver.Http2Frames.HEADERS;
import static dev.tallyspan.collector.receiver.Http2Frames.PING;
import static dev.tallyspan.collector.receiver.Http2Frames.PRIORITY;
import static dev.tallyspan.collector.receiver.Http2Frames.RST_STREAM;
import static dev.tallyspan.collector.receiver.Http2Frames.SETTINGS;
import static dev.tallyspan.collector.receiver.Http2Frames.WINDOW_UPDATE;
import static dev.tallyspan.collector.receiver.Http2Frames.frame;
import static dev.tallyspan.collector.receiver.Http2Frames.headers;
import static dev.tallyspan.collector.receiver.Http2Frames.join;
import static dev.tallyspan.collector.receiver.Http2Frames.literal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import dev.tallyspan.collector.fuzz.ErrorLog;
import dev.tallyspan.collector.fuzz.FuzzBudget;
import dev.tallyspan.collector.leaks.RecordingLeakDetector;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged sequences of frames: whatever they are, the next export works and no memory is kept. */
@AddLifecycleHook(FuzzBudget.Sockets.class)
class Http2FuzzTest {

  private static final int MAX_REQUEST = 10_000;

  private static ReceiverFixture fixture;
  private static ManagedChannel channel;
  private static ErrorLog log;

  @BeforeContainer
  static void start() throws IOException {
    log = new ErrorLog();
    fixture =
        new ReceiverFixture(
            settings -> settings.maxRequestBytes(MAX_REQUEST).readTimeout(Duration.ofSeconds(5)));
    channel =
        NettyChannelBuilder.forAddress("localhost", fixture.receiver.grpcPort())
            .usePlaintext()
            .build();
  }

  @AfterContainer
  static void close() {
    channel.shutdownNow();
    fixture.close();
    log.close();
    assertThat(RecordingLeakDetector.leaks()).isEmpty();
  }

  @Property
  void nextExportWorks(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    send(random, damaged(random, sequence(random)));

    TraceServiceGrpc.newBlockingStub(channel).export(Requests.spans(1));

    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> fixture.inFlightBytes() == 0);
    assertThat(fixture.counts().keySet()).noneMatch(count -> count.contains("failure"));
    assertThat(log.errors()).isEmpty();
  }

  /** What a client sends: a few exports, in frames of any size, and what may come between them. */
  private static List<byte[]> sequence(Random random) {
    List<byte[]> frames = new ArrayList<>();
    frames.add(Http2Frames.PREFACE);
    frames.add(frame(SETTINGS, 0, 0));
    int streams = 1 + random.nextInt(4);
    for (int i = 0; i < streams; i++) {
      export(random, 1 + 2 * i, frames);
      if (random.nextInt(2) == 0) {
        frames.add(between(random, 1 + 2 * random.nextInt(streams)));
      }
    }
    return frames;
  }

  private static byte[] between(Random random, int stream) {
    return switch (random.nextInt(6)) {
      case 0 -> frame(PING, random.nextInt(2), 0, new byte[8]);
      case 1 -> frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, (byte) random.nextInt(16)});
      case 2 ->
          frame(WINDOW_UPDATE, 0, random.nextBoolean() ? stream : 0, number(random.nextInt()));
      case 3 -> frame(PRIORITY, 0, stream, new byte[5]);
      case 4 ->
          frame(SETTINGS, 0, 0, new byte[] {0, (byte) random.nextInt(8)}, number(random.nextInt()));
      default -> frame(random.nextInt(256), random.nextInt(256), stream, new byte[3]);
    };
  }

  private static void export(Random random, int stream, List<byte[]> frames) {
    byte[] message = Requests.spans(random.nextInt(300)).toByteArray();
    String encoding = new String[] {"", "gzip", "zstd", "deflate", "snappy"}[random.nextInt(5)];
    if (random.nextInt(20) == 0) {
      message = new byte[1 << 20]; // More than is accepted; compressed, a bomb.
    }
    byte[] body =
        switch (encoding) {
          case "gzip" -> Requests.gzip(message);
          case "deflate" -> Requests.zlib(message);
          case "zstd" -> Zstd.compress(message);
          default -> message;
        };
    byte[] block =
        encoding.isEmpty() ? headers() : join(headers(), literal("grpc-encoding", encoding));
    int cut = random.nextInt(3) == 0 ? random.nextInt(block.length) : block.length;
    byte[] first = Arrays.copyOf(block, cut);
    frames.add(frame(HEADERS, cut == block.length ? END_HEADERS : 0, stream, first));
    if (cut < block.length) {
      byte[] rest = Arrays.copyOfRange(block, cut, block.length);
      frames.add(frame(CONTINUATION, END_HEADERS, stream, rest));
    }
    byte[] data = join(new byte[] {(byte) (encoding.isEmpty() ? 0 : 1)}, number(body.length), body);
    for (int at = 0; at < data.length; ) {
      int to = Math.min(data.length, at + 1 + random.nextInt(16_000));
      byte[] part = Arrays.copyOfRange(data, at, to);
      frames.add(frame(DATA, to == data.length ? END_STREAM : 0, stream, part));
      at = to;
    }
  }

  /** Changes frames, their order, or nothing. */
  private static byte[] damaged(Random random, List<byte[]> frames) {
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(frames.size());
      byte[] frame = frames.get(at);
      if (frame.length == 0) {
        continue; // Cut before.
      }
      switch (random.nextInt(7)) {
        case 0 -> frames.remove(at);
        case 1 -> frames.add(at, frame);
        case 2 -> Collections.swap(frames, at, random.nextInt(frames.size()));
        case 3 -> frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
        case 4 ->
            frame[random.nextInt(Math.min(9, frame.length))] ^= (byte) (1 << random.nextInt(8));
        case 5 -> frames.set(at, Arrays.copyOf(frame, random.nextInt(frame.length)));
        default -> {
          byte[] noise = new byte[random.nextInt(100)];
          random.nextBytes(noise);
          frames.add(at, noise);
        }
      }
      if (frames.isEmpty()) {
        return new byte[0];
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    frames.forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }

  /** Sends the bytes, and hangs up at once, or when the server does or has nothing more to say. */
  private static void send(Random random, byte[] bytes) {
    try (Socket socket = new Socket("localhost", fixture.receiver.grpcPort())) {
      socket.setSoTimeout(20);
      socket.getOutputStream().write(bytes);
      if (random.nextInt(3) > 0) {
        byte[] answer = new byte[4096];
        while (socket.getInputStream().read(answer) >= 0) {
          // What it says is tested elsewhere.
        }
      }
    } catch (SocketTimeoutException e) {
      // It waits for more.
    } catch (IOException e) {
      // It has hung up.
    }
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }
}
