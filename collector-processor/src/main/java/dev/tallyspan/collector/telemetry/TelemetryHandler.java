package dev.tallyspan.collector.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Handles the requests of one connection to the telemetry server, on its event loop. */
final class TelemetryHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOGGER = System.getLogger(TelemetryHandler.class.getName());

  private final Pages pages;

  TelemetryHandler(Pages pages) {
    this.pages = pages;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    FullHttpResponse response;
    try {
      response = answer(request);
    } catch (RuntimeException e) {
      LOGGER.log(Level.ERROR, "cannot answer a telemetry request", e);
      response = response(HttpResponseStatus.INTERNAL_SERVER_ERROR, Page.TEXT, "internal error\n");
    }
    ctx.writeAndFlush(response);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset, a timeout, invalid HTTP: errors of scrapers are not worth logging.
    ctx.close();
  }

  private FullHttpResponse answer(FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      FullHttpResponse refused =
          response(HttpResponseStatus.BAD_REQUEST, Page.TEXT, "not valid HTTP/1.1\n");
      // Where the next request begins is not known.
      refused.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      return refused;
    }
    boolean read =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    if (!read) {
      FullHttpResponse refused =
          response(
              HttpResponseStatus.METHOD_NOT_ALLOWED, Page.TEXT, "method not allowed, use GET\n");
      refused.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
      return refused;
    }
    int query = request.uri().indexOf('?');
    Page page = pages.page(query < 0 ? request.uri() : request.uri().substring(0, query));
    return page == null
        ? response(HttpResponseStatus.NOT_FOUND, Page.TEXT, "no such path\n")
        : response(HttpResponseStatus.valueOf(page.status()), page.type(), page.body());
  }

  private static FullHttpResponse response(HttpResponseStatus status, String type, String text) {
    ByteBuf body = Unpooled.wrappedBuffer(text.getBytes(UTF_8));
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    return response;
  }
}
