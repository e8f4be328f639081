package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.listen.RareLog;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Ends an HTTP/2 connection whose client sends more frames that carry nothing than any client
 * needs: empty DATA, SETTINGS, PRIORITY and unknown frames, and very many WINDOW_UPDATEs. Each
 * costs the server more than the client. The client gets GOAWAY with {@code ENHANCE_YOUR_CALM}.
 *
 * <p>grpc-java and Netty limit the rest themselves: RST_STREAM (rapid reset), PING, CONTINUATION,
 * the size of headers, the number of streams, and control frames that wait to be written. They have
 * no limit for these, and grpc-java does not let its decoder be replaced. So this handler precedes
 * it, and reads only the nine bytes before each frame's payload. All methods run on the
 * connection's event loop.
 */
final class Http2FrameGuard extends ChannelInboundHandlerAdapter {

  private static final int MAX_EMPTY_FRAMES = 1_000;

  private static final int MAX_WINDOW_UPDATES = 100_000;

  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int PREFACE_BYTES = 24;
  private static final int HEADER_BYTES = 9;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int PUSH_PROMISE = 5;
  private static final int PING = 6;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;

  private static final int END_STREAM = 1;

  /** For the last stream 2^31-1, with the error ENHANCE_YOUR_CALM. */
  private static final byte[] GO_AWAY = {0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, -1, -1, -1, 0, 0, 0, 0xb};

  private final RareLog log;
  private final String server;

  /** Whether the bytes that arrive here are HTTP/2, and not TLS. */
  private boolean placed;

  private boolean ended;
  private int prefaceLeft = PREFACE_BYTES;
  private final byte[] header = new byte[HEADER_BYTES];
  private int headerBytes;
  private int payloadLeft;
  private long windowStart = System.nanoTime();
  private int emptyFrames;
  private int windowUpdates;

  private Http2FrameGuard(String server, RareLog log, boolean placed) {
    this.server = server;
    this.log = log;
    this.placed = placed;
  }

  /**
   * Guards a new connection.
   *
   * @param server names the server in the log
   */
  static void guard(Channel connection, String server, RareLog log) {
    connection.pipeline().addLast(new Http2FrameGuard(server, log, /* placed= */ false));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!placed) {
      place(ctx);
    }
    if (ended) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (placed && message instanceof ByteBuf bytes && !isWithinLimits(bytes)) {
      ended = true;
      ReferenceCountUtil.release(message);
      // What still arrives need not be decrypted until the connection is closed.
      ctx.channel().config().setAutoRead(false);
      log.warn(
          count ->
              server + ": ended " + count + " HTTP/2 connections that sent too many empty frames");
      ctx.writeAndFlush(ctx.alloc().buffer(GO_AWAY.length).writeBytes(GO_AWAY))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    ctx.fireChannelRead(message);
  }

  /** Makes way for TLS, which the server adds after this handler: another guard follows it. */
  private void place(ChannelHandlerContext ctx) {
    ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
    if (tls == null) {
      placed = true;
    } else {
      ctx.pipeline()
          .addAfter(tls.name(), null, new Http2FrameGuard(server, log, /* placed= */ true));
      ctx.pipeline().remove(this);
    }
  }

  private boolean isWithinLimits(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (prefaceLeft > 0) {
        int skipped = Math.min(prefaceLeft, end - at);
        prefaceLeft -= skipped;
        at += skipped;
      } else if (payloadLeft > 0) {
        int skipped = Math.min(payloadLeft, end - at);
        payloadLeft -= skipped;
        at += skipped;
      } else {
        header[headerBytes++] = bytes.getByte(at++);
        if (headerBytes == HEADER_BYTES) {
          headerBytes = 0;
          payloadLeft = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | header[2] & 0xff;
          if (!count(header[3], header[4], payloadLeft)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Counts a frame. Returns false if there were too many. */
  private boolean count(int type, int flags, int length) {
    switch (type) {
      case HEADERS, RST_STREAM, PUSH_PROMISE, PING, CONTINUATION -> {
        return true;
      }
      case DATA -> {
        // One byte may be the length of no padding.
        if (length > 1 || (flags & END_STREAM) != 0) {
          return true;
        }
      }
      default -> {}
    }
    long now = System.nanoTime();
    if (now - windowStart > WINDOW_NANOS) {
      windowStart = now;
      emptyFrames = 0;
      windowUpdates = 0;
    }
    return type == WINDOW_UPDATE
        ? ++windowUpdates <= MAX_WINDOW_UPDATES
        : ++emptyFrames <= MAX_EMPTY_FRAMES;
  }
}
