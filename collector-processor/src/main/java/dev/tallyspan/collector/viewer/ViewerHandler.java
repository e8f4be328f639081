package dev.tallyspan.collector.viewer;

import dev.tallyspan.collector.mcp.McpEndpoint;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Handles the requests of one connection, on the viewer's event loop. */
final class ViewerHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOGGER = System.getLogger(ViewerHandler.class.getName());

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String MCP = "/mcp";

  /** Scripts and styles only from here, and nothing inline; images also from the content itself. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final ViewerPages pages;
  private final Access access;
  private final LiveStreams streams;
  private final @Nullable McpEndpoint mcp;

  /**
   * @param mcp null if there is none
   */
  ViewerHandler(ViewerPages pages, Access access, LiveStreams streams, @Nullable McpEndpoint mcp) {
    this.pages = pages;
    this.access = access;
    this.streams = streams;
    this.mcp = mcp;
  }

  /** Holds back requests that were read while an answer is still to come: see {@link #ask}. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.pipeline().addBefore(ctx.name(), null, new FlowControlHandler());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    try {
      answer(ctx, request);
    } catch (RuntimeException e) {
      failed(ctx, e);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset, a timeout, invalid HTTP: errors of browsers are not worth logging.
    ctx.close();
  }

  private void answer(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (request.decoderResult().isFailure() || !request.uri().startsWith("/")) {
      FullHttpResponse response =
          response(400, TEXT, ViewerPages.bytes("not valid HTTP/1.1\n"), /* cached= */ false);
      // Where the next request begins is not known.
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      ctx.writeAndFlush(response);
      return;
    }
    if (mcp != null && isMcp(request.uri())) {
      message(ctx, request, mcp);
      return;
    }
    boolean read =
        request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
    if (!read) {
      refuse(ctx, 405, "method not allowed, use GET\n");
      return;
    }
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    String path;
    List<String> tokens;
    try {
      path = uri.path();
      tokens = uri.parameters().getOrDefault("token", List.of());
    } catch (IllegalArgumentException e) {
      refuse(ctx, 400, "not a valid URL\n");
      return;
    }
    int port = ((InetSocketAddress) ctx.channel().localAddress()).getPort();
    boolean page = ViewerPages.isPage(path);
    if (page && !tokens.isEmpty() && access.isToken(tokens.get(0))) {
      logIn(ctx, path, port);
      return;
    }
    Access.Refusal refusal = access.check(request.headers(), port, page);
    if (refusal != null) {
      refuse(ctx, refusal.status(), refusal.text());
      return;
    }
    if (path.equals("/api/events") && request.method().equals(HttpMethod.GET)) {
      stream(ctx);
      return;
    }
    CompletableFuture<ViewerPages.Answer> later = pages.answerLater(uri);
    if (later != null) {
      sendLater(ctx, later);
      return;
    }
    ViewerPages.Answer answer = pages.answer(uri);
    if (answer == null) {
      refuse(ctx, 404, "no such path\n");
    } else {
      send(ctx, answer);
    }
  }

  private static void send(ChannelHandlerContext ctx, ViewerPages.Answer answer) {
    FullHttpResponse response =
        response(answer.status(), answer.type(), answer.body(), answer.cached());
    if (!answer.fileName().isEmpty()) {
      response
          .headers()
          .set("content-disposition", "attachment; filename=\"" + answer.fileName() + "\"");
    }
    ctx.writeAndFlush(response);
  }

  /** Whether a URI is the endpoint for MCP clients. */
  static boolean isMcp(String uri) {
    return uri.equals(MCP) || uri.startsWith(MCP + "?");
  }

  private void message(ChannelHandlerContext ctx, FullHttpRequest request, McpEndpoint endpoint) {
    int port = ((InetSocketAddress) ctx.channel().localAddress()).getPort();
    HttpHeaders headers = request.headers();
    Access.Refusal refusal = access.check(headers, port, /* page= */ false);
    if (refusal != null) {
      String text = refusal.status() == 401 ? "send Authorization: Bearer TOKEN\n" : refusal.text();
      refuse(ctx, refusal.status(), text);
    } else if (!request.method().equals(HttpMethod.POST)) {
      // Without sessions and streams, there is nothing to get or to delete.
      FullHttpResponse response =
          response(405, TEXT, ViewerPages.bytes("method not allowed, use POST\n"), false);
      response.headers().set(HttpHeaderNames.ALLOW, "POST");
      ctx.writeAndFlush(response);
    } else if (!isJson(headers.get(HttpHeaderNames.CONTENT_TYPE, ""))) {
      // A page of another site can send other types without asking first.
      refuse(ctx, 415, "send Content-Type: application/json\n");
    } else {
      ask(ctx, request, endpoint);
    }
  }

  /**
   * The answer comes later, and answers leave in the order of their requests; so none is read until
   * then.
   */
  private static void ask(
      ChannelHandlerContext ctx, FullHttpRequest request, McpEndpoint endpoint) {
    ctx.channel().config().setAutoRead(false);
    endpoint.answer(
        ByteBufUtil.getBytes(request.content()),
        request.headers().get("mcp-protocol-version"),
        answer -> {
          try {
            ctx.executor().execute(() -> send(ctx, answer));
          } catch (RejectedExecutionException e) {
            // The server is closed, and with it the connection.
          }
        });
  }

  private static void send(ChannelHandlerContext ctx, McpEndpoint.Answer answer) {
    ctx.writeAndFlush(response(answer.status(), JSON, answer.body(), /* cached= */ false));
    ctx.channel().config().setAutoRead(true);
  }

  private static boolean isJson(String type) {
    int parameters = type.indexOf(';');
    String media = parameters < 0 ? type : type.substring(0, parameters);
    return media.trim().equalsIgnoreCase(JSON);
  }

  /** Reads no further request of the connection before this one is answered. */
  private static void sendLater(
      ChannelHandlerContext ctx, CompletableFuture<ViewerPages.Answer> later) {
    ctx.channel().config().setAutoRead(false);
    later.whenComplete(
        (answer, failure) ->
            ctx.executor()
                .execute(
                    () -> {
                      if (failure == null) {
                        send(ctx, answer);
                      } else {
                        failed(ctx, failure);
                      }
                      ctx.channel().config().setAutoRead(true);
                    }));
  }

  private static void failed(ChannelHandlerContext ctx, Throwable why) {
    // The class alone: a message may quote content.
    LOGGER.log(Level.ERROR, "cannot answer a request to the viewer: " + why.getClass().getName());
    ctx.writeAndFlush(
        response(500, TEXT, ViewerPages.bytes("internal error\n"), /* cached= */ false));
  }

  /** Keeps the token as a cookie, and out of the address that the browser shows and remembers. */
  private void logIn(ChannelHandlerContext ctx, String path, int port) {
    FullHttpResponse response = response(303, TEXT, new byte[0], /* cached= */ false);
    // Two slashes at the start would be another host.
    response.headers().set(HttpHeaderNames.LOCATION, path.startsWith("//") ? "/" : path);
    response.headers().set(HttpHeaderNames.SET_COOKIE, access.cookie(port));
    ctx.writeAndFlush(response);
  }

  private void stream(ChannelHandlerContext ctx) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    common(response.headers(), "text/event-stream", /* cached= */ false);
    response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    // The browser sends nothing more on this connection.
    if (ctx.pipeline().get(ReadTimeoutHandler.class) != null) {
      ctx.pipeline().remove(ReadTimeoutHandler.class);
    }
    ctx.write(response);
    streams.add(ctx.channel());
  }

  private static void refuse(ChannelHandlerContext ctx, int status, String text) {
    send(ctx, status, TEXT, ViewerPages.bytes(text), /* cached= */ false);
  }

  private static void send(
      ChannelHandlerContext ctx, int status, String type, byte[] body, boolean cached) {
    FullHttpResponse response = response(status, type, body, cached);
    if (status == 405) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    ctx.writeAndFlush(response);
  }

  private static FullHttpResponse response(int status, String type, byte[] body, boolean cached) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
    common(response.headers(), type, cached);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    return response;
  }

  private static void common(HttpHeaders headers, String type, boolean cached) {
    headers
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CACHE_CONTROL, cached ? "no-cache" : "no-store")
        .set("content-security-policy", CONTENT_SECURITY_POLICY)
        .set("x-content-type-options", "nosniff")
        .set("referrer-policy", "no-referrer")
        .set("cross-origin-opener-policy", "same-origin")
        .set("cross-origin-resource-policy", "same-origin");
  }
}
