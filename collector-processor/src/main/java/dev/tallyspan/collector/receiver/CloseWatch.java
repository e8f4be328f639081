package dev.tallyspan.collector.receiver;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Notices that a client goes away while its request is being handled. Nothing is read from the
 * connection then, and a socket that is not read from does not report that it was closed; so this
 * handler reads on and holds back what comes, which is the next request of a client that pipelines.
 * It stands before the HTTP decoder. Beyond {@link #MAX_HELD} bytes it stops reading: such a client
 * is not noticed to leave, but it does not cost memory either.
 */
final class CloseWatch extends ChannelInboundHandlerAdapter {

  private static final int MAX_HELD = 64 << 10;

  private final Queue<Object> held = new ArrayDeque<>(2);
  private ChannelHandlerContext context;
  private boolean watching;
  private long heldBytes;

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /** Watches from now on; to be called on the event loop, with auto-read off. */
  void begin() {
    watching = true;
    context.read();
  }

  /** Passes on what was held back; to be called on the event loop, before auto-read is on again. */
  void end() {
    watching = false;
    if (held.isEmpty()) {
      return;
    }
    heldBytes = 0;
    for (Object message = held.poll(); message != null; message = held.poll()) {
      context.fireChannelRead(message);
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!watching) {
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
