package dev.tallyspan.collector.receiver;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Detects that a client disconnects while its request is being handled. Nothing is decoded from the
 * connection during that time, and a socket that is not read does not report that it was closed. So
 * this handler, which comes before the HTTP decoder, keeps reading and holds back the data: the
 * next request of a client that pipelines. Beyond {@link #MAX_HELD} bytes it stops reading; it then
 * does not detect that such a client disconnects, but uses no more memory.
 *
 * <p>All methods run on the connection's event loop.
 */
final class CloseWatch extends ChannelInboundHandlerAdapter {

  private static final int MAX_HELD = 64 << 10;

  private final Queue<Object> held = new ArrayDeque<>(2);

  /** Set when Netty adds the handler, before any other call. */
  @SuppressWarnings("NullAway.Init")
  private ChannelHandlerContext context;

  private Runnable onBytes = () -> {};
  private boolean watching;
  private long heldBytes;

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /** Sets what is called, on the event loop, before bytes are passed on to the decoder. */
  void onBytes(Runnable called) {
    onBytes = called;
  }

  /** Starts to watch. Call this on the event loop, with auto-read off. */
  void begin() {
    watching = true;
    context.read();
  }

  /**
   * Stops watching and passes on what was held back. Call this on the event loop, before turning
   * auto-read on.
   */
  void end() {
    watching = false;
    if (held.isEmpty()) {
      return;
    }
    heldBytes = 0;
    onBytes.run();
    for (Object message = held.poll(); message != null; message = held.poll()) {
      context.fireChannelRead(message);
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!watching) {
      onBytes.run();
      ctx.fireChannelRead(message);
      return;
    }
    held.add(message);
    heldBytes += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!watching) {
      ctx.fireChannelReadComplete();
    } else if (heldBytes < MAX_HELD) {
      ctx.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    watching = false;
    held.forEach(ReferenceCountUtil::release);
    held.clear();
    ctx.fireChannelInactive();
  }
}
