package dev.tallyspan.collector.listen;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.function.ToIntFunction;

/**
 * Refuses a request whose body is longer than its path allows, as soon as that is known, and closes
 * the connection. Precedes the handler that puts requests together, which knows one limit only.
 */
final class BodyLimit extends ChannelInboundHandlerAdapter {

  private final ToIntFunction<String> maxBytes;
  private long left;
  private boolean refused;

  /**
   * @param maxBytes of a request's body, by the URI of the request
   */
  BodyLimit(ToIntFunction<String> maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!refused) {
      count(ctx, message);
    }
    if (refused) {
      ReferenceCountUtil.release(message);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  private void count(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
      left = maxBytes.applyAsInt(request.uri());
      refused = HttpUtil.getContentLength(request, 0L) > left;
    }
    if (message instanceof HttpContent content) {
      left -= content.content().readableBytes();
      refused |= left < 0;
    }
    if (refused) {
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_LENGTH, 0)
          .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
  }
}
