package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.auth.Verdict;
import dev.tallyspan.collector.flow.Sender;
import dev.tallyspan.collector.flow.StatusCode;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1.1 connection, which handles one request after another. All methods run on the
 * connection's event loop, except where noted.
 *
 * <p>While a request is being handled, nothing more is decoded: pipelined requests wait in the flow
 * control handler, the close watch or the socket, so that responses have the order of the requests.
 * Every other state has a time limit.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {

  /*
   * The life of a connection:
   *
   *            head            end of body              answer           written
   *   WAITING ------> READING ------------------> HANDLING ------> WRITING --------> WAITING
   *                      |                                            |
   *                      | hopeless, too slow, not HTTP               | there is more to come
   *                      +------------------> WRITING                 +---------> LINGERING, closed
   *
   * If the receiver authenticates and that takes time, a request is AUTHENTICATING before it is READING.
   * If its credentials are not valid, the response does not wait for a body of more than 1 MiB.
   *
   * The body of a refused request is read to its end before the response is sent: many clients wait
   * for a response only after they have sent everything, and only then can the connection be reused.
   * A client that has too much left to send is answered immediately and then disconnected. Closing a
   * socket that has unread bytes makes the kernel send a reset, which can overtake the response. The
   * LINGERING state prevents that: the sending half is closed, and input is discarded for a while.
   */
  private enum State {
    WAITING,
    AUTHENTICATING,
    READING,
    HANDLING,
    WRITING,
    LINGERING
  }

  /**
   * The event that closes a connection: immediately if it is idle, otherwise after the response.
   */
  static final Object DRAIN = new Object();

  private static final Duration LINGER = Duration.ofSeconds(2);

  private static final long LINGER_BYTES = 16 << 20;

  private final HttpSettings settings;
  private final ByteBudget budget;
  private final HttpService service;
  private final CloseWatch watch;
  private final @Nullable Admission admission;

  private State state = State.WAITING;

  /** Set when Netty adds the handler, before any other call. */
  @SuppressWarnings("NullAway.Init")
  private Deadline deadline;

  /** The current request; null in WAITING. */
  private @Nullable HttpIncoming incoming;

  /** Whether bytes of the next request have arrived, in WAITING. */
  private boolean headBegun;

  private boolean bodyToCome;
  private long lingered;
  private boolean draining;
  private boolean inputClosed;

  /** The request in HANDLING; null if there is nothing to withdraw. */
  private RequestDispatcher.@Nullable Acknowledgement handled;

  /**
   * @param admission null = anyone may send
   */
  HttpConnection(
      HttpSettings settings,
      ByteBudget budget,
      HttpService service,
      CloseWatch watch,
      @Nullable Admission admission) {
    this.admission = admission;
    this.settings = settings;
    this.budget = budget;
    this.service = service;
    this.watch = watch;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    deadline = new Deadline(ctx.executor(), () -> expired(ctx));
    watch.onBytes(this::bytesArrived);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    enter(State.WAITING, settings.idleTimeout());
    ctx.fireChannelActive();
  }

  /** Called when bytes arrive that are not decoded yet. */
  private void bytesArrived() {
    if (state == State.WAITING && !headBegun && !settings.readHeaderTimeout().isZero()) {
      headBegun = true;
      deadline.set(settings.readHeaderTimeout());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (state == State.WRITING || state == State.LINGERING) {
        discard(ctx, message);
      } else if (message instanceof HttpObject object && object.decoderResult().isFailure()) {
        unreadable(ctx, object.decoderResult().cause());
      } else if (message instanceof HttpRequest request) {
        begin(ctx, request);
      } else if (message instanceof HttpContent content && incoming != null) {
        read(ctx, incoming, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    if (admission == null || HttpHead.isPreflight(request, settings)) {
      admit(ctx, request, /* sender= */ null, /* unauthenticated= */ null);
      return;
    }
    Admission gate = admission;
    CompletableFuture<Verdict> verdict = gate.check(request.headers().get(gate.header()));
    if (verdict.isDone()) {
      begin(ctx, request, gate, verdict.join());
      return;
    }
    enter(State.AUTHENTICATING, Duration.ZERO);
    ctx.channel().config().setAutoRead(false);
    verdict.thenAccept(
        done ->
            ctx.executor()
                .execute(
                    () -> {
                      if (state == State.AUTHENTICATING && ctx.channel().isActive()) {
                        begin(ctx, request, gate, done);
                        ctx.channel().config().setAutoRead(true);
                      }
                    }));
  }

  private void begin(
      ChannelHandlerContext ctx, HttpRequest request, Admission gate, Verdict verdict) {
    Sender sender = verdict instanceof Verdict.Accepted accepted ? accepted.sender() : null;
    admit(ctx, request, sender, gate.refusal(verdict, ctx.channel().remoteAddress()));
  }

  private void admit(
      ChannelHandlerContext ctx,
      HttpRequest request,
      @Nullable Sender sender,
      @Nullable Refusal unauthenticated) {
    HttpIncoming begun = new HttpIncoming(request, settings, budget, sender, unauthenticated);
    incoming = begun;
    boolean asks = HttpUtil.is100ContinueExpected(request);
    Refusal refusal = begun.refusal();
    if (refusal != null && (asks || begun.isHopeless())) {
      refuseAndClose(ctx, refusal);
      return;
    }
    enter(State.READING, settings.readTimeout());
    if (asks) {
      ctx.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void read(ChannelHandlerContext ctx, HttpIncoming request, HttpContent content) {
    request.append(content.content());
    Refusal refusal = request.refusal();
    if (refusal != null && request.isHopeless()) {
      refuseAndClose(ctx, refusal);
    } else if (content instanceof LastHttpContent) {
      enter(State.HANDLING, Duration.ZERO);
      ctx.channel().config().setAutoRead(false);
      handled = service.handle(request, response -> respond(ctx, response));
      if (state == State.HANDLING) {
        watch.begin();
      }
    }
  }

  private void discard(ChannelHandlerContext ctx, Object message) {
    lingered += message instanceof HttpContent content ? content.content().readableBytes() : 0;
    if (lingered > LINGER_BYTES) {
      ctx.close();
    }
  }

  /** Refuses bytes that are not HTTP, or too long. What follows them cannot be decoded. */
  private void unreadable(ChannelHandlerContext ctx, Throwable cause) {
    int status = 400;
    if (cause instanceof TooLongHttpLineException) {
      status = 414;
    } else if (cause instanceof TooLongHttpHeaderException) {
      status = 431;
    }
    refuseAndClose(
        ctx, Refusal.http("bad_http", status, StatusCode.INVALID_ARGUMENT, "not valid HTTP/1.1"));
  }

  /** Responds before the body has been read, so that the connection cannot be reused. */
  private void refuseAndClose(ChannelHandlerContext ctx, Refusal refusal) {
    bodyToCome = true;
    HttpIncoming request = incoming;
    if (request != null) {
      request.refuse(refusal);
    }
    write(ctx, service.refused(request == null ? null : request.head(), refusal));
  }

  /** Sends the response. Called on any thread. */
  private void respond(ChannelHandlerContext ctx, FullHttpResponse response) {
    if (ctx.executor().inEventLoop()) {
      write(ctx, response);
    } else {
      try {
        ctx.executor().execute(() -> write(ctx, response));
      } catch (RejectedExecutionException e) {
        // The receiver was closed before the request was settled, and with it the connection.
        response.release();
      }
    }
  }

  private void write(ChannelHandlerContext ctx, FullHttpResponse response) {
    HttpIncoming request = incoming;
    boolean keep =
        settings.keepAlives()
            && !bodyToCome
            && !draining
            && request != null
            && request.head().keepAlive();
    handled = null;
    if (request != null) {
      HttpAnswer.allow(request.head(), settings.cors(), response.headers());
    }
    // Not if a backend refused the collector's own credentials.
    if (admission != null
        && request != null
        && request.refusal() != null
        && response.status().equals(HttpResponseStatus.UNAUTHORIZED)) {
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, admission.challenge());
    }
    HttpAnswer.addIfAbsent(settings.responseHeaders(), response.headers());
    // Set even if it is the default, because HTTP/1.0 clients need it.
    response
        .headers()
        .set(
            HttpHeaderNames.CONNECTION,
            keep ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    state = State.WRITING;
    ChannelFuture written = ctx.writeAndFlush(response);
    if (!written.isDone()) {
      deadline.set(settings.writeTimeout());
    }
    written.addListener(done -> written(ctx, keep, done.isSuccess()));
  }

  private void written(ChannelHandlerContext ctx, boolean keep, boolean success) {
    incoming = null;
    if (!success || !bodyToCome && (!keep || draining)) {
      ctx.close();
    } else if (bodyToCome) {
      linger(ctx);
    } else {
      enter(State.WAITING, settings.idleTimeout());
      watch.end();
      ctx.channel().config().setAutoRead(true);
      if (inputClosed) {
        endOfInput(ctx);
      }
    }
  }

  private void linger(ChannelHandlerContext ctx) {
    boolean plain = ctx.pipeline().get(SslHandler.class) == null;
    if (!plain || !(ctx.channel() instanceof DuplexChannel socket)) {
      ctx.close();
      return;
    }
    enter(State.LINGERING, LINGER);
    socket
        .shutdownOutput()
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                ctx.close();
              }
            });
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event == DRAIN) {
      draining = true;
      if (state == State.WAITING) {
        ctx.close();
      }
    } else if (event instanceof ChannelInputShutdownEvent) {
      inputClosed = true;
      endOfInput(ctx);
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  /**
   * Handles that the client sends no more. Almost always it has gone, so its request is withdrawn.
   * The response is still written, because a client may close only its sending half.
   */
  private void endOfInput(ChannelHandlerContext ctx) {
    if (state == State.HANDLING) {
      withdraw();
    } else if (state != State.WRITING) {
      ctx.close();
    }
  }

  private void withdraw() {
    if (handled != null) {
      handled.withdraw();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadline.clear();
    if (state == State.READING && incoming != null) {
      Refusal cancelled = incoming.cancel();
      if (cancelled != null) {
        service.cancelled(cancelled);
      }
    } else if (state == State.HANDLING) {
      withdraw();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset, a failed handshake, a write to a closed socket: caused by the client or the network.
    ctx.close();
  }

  private void enter(State next, Duration limit) {
    state = next;
    headBegun = false;
    deadline.set(limit);
  }

  private void expired(ChannelHandlerContext ctx) {
    if (state == State.READING && incoming != null) {
      refuseAndClose(ctx, incoming.refuse(Refusal.timedOut()));
    } else {
      ctx.close();
    }
  }
}
