package dev.tallyspan.collector.receive;

import dev.tallyspan.collector.otlp.StatusCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
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
import io.netty.util.concurrent.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One client's HTTP/1.1 connection: its requests one after another.
 *
 * <p>While a request is being handled nothing more is read, so that pipelined requests wait in the
 * flow control handler or in the socket and answers keep the order of the requests. Every state but
 * that one has a time limit.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {

  /*
   * The life of a connection:
   *
   *            head            end of body          answer               written
   *   WAITING ------> READING --------------> HANDLING ------> WRITING ----------+
   *      ^               | refused                ^               |              |
   *      |               v       end of body      |               | to be closed |
   *      |            DISCARDING -----------------+               v              |
   *      |                                                     LINGERING         |
   *      +-----------------------------------------------------------------------+
   *
   * A refused body is read to its end before the answer goes out: many clients look for an answer
   * only when they have sent everything, and only then can the connection be used again. A client
   * that has too much left to send is answered at once, and then disconnected. To close a socket with
   * unread bytes in it makes the kernel send a reset, which can overtake the answer; therefore
   * LINGERING: the sending half is closed, and what still comes is thrown away for a while.
   */
  private enum State {
    WAITING,
    READING,
    DISCARDING,
    HANDLING,
    WRITING,
    LINGERING
  }

  /** Sent through the pipeline when the server stops: idle connections close, others soon. */
  static final Object DRAIN = new Object();

  private static final Logger LOGGER = System.getLogger(HttpConnection.class.getName());

  private static final Duration LINGER = Duration.ofSeconds(2);

  private final HttpSettings settings;
  private final Reception reception;
  private final ByteBudget budget;
  private final ExecutorService decoders;

  private State state = State.WAITING;
  private long deadlineNanos;
  private Future<?> deadlineCheck;
  private boolean draining;

  private HttpHead head;
  private Refusal refusal;
  private boolean bodyToCome;
  private long discardable;
  private ByteBudget.Reservation reservation;
  private RequestBytes body;

  HttpConnection(
      HttpSettings settings, Reception reception, ByteBudget budget, ExecutorService decoders) {
    this.settings = settings;
    this.reception = reception;
    this.budget = budget;
    this.decoders = decoders;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    enter(ctx, State.WAITING, settings.idleTimeout());
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (state == State.LINGERING || state == State.WRITING) {
        return;
      }
      if (message instanceof HttpObject object && object.decoderResult().isFailure()) {
        unreadable(ctx, object.decoderResult().cause());
        return;
      }
      if (message instanceof HttpRequest request) {
        begin(ctx, request);
      }
      if (message instanceof HttpContent content) {
        if (state == State.READING || state == State.DISCARDING) {
          read(ctx, content.content());
        }
        if (message instanceof LastHttpContent
            && (state == State.READING || state == State.DISCARDING)) {
          end(ctx);
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    head = HttpHead.of(request, settings);
    refusal = head.refusal();
    body = null;
    reservation = null;
    discardable = 4L * settings.maxRequestBytes();
    long length = HttpUtil.getContentLength(request, 0L);
    boolean asked = HttpUtil.is100ContinueExpected(request);
    if (refusal != null) {
      if (asked || length > discardable) {
        refuseAndClose(ctx);
      } else {
        enter(ctx, State.DISCARDING, settings.readTimeout());
      }
      return;
    }
    reservation = budget.open();
    body = new RequestBytes(settings.maxRequestBytes(), reservation, length);
    enter(ctx, State.READING, settings.readTimeout());
    if (asked) {
      ctx.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void read(ChannelHandlerContext ctx, ByteBuf content) {
    if (state == State.READING) {
      try {
        body.append(content);
        return;
      } catch (RefusedException e) {
        refusal = e.refusal();
        forget();
        state = State.DISCARDING;
      }
    }
    discardable -= content.readableBytes();
    if (discardable < 0) {
      refuseAndClose(ctx);
    }
  }

  private void end(ChannelHandlerContext ctx) {
    enter(ctx, State.HANDLING, Duration.ZERO);
    ctx.channel().config().setAutoRead(false);
    if (refusal != null) {
      refuse(ctx);
    } else if (head.preflight()) {
      forget();
      respond(ctx, HttpAnswer.preflight(head, settings.cors()));
    } else if (head.type() == ContentType.PROTOBUF && head.encoding() == ContentEncoding.IDENTITY) {
      handOn(ctx, head, body.toByteArray(), reservation);
    } else {
      decode(ctx, head, body.toByteArray(), reservation);
    }
    body = null;
    reservation = null;
  }

  private void decode(
      ChannelHandlerContext ctx, HttpHead head, byte[] bytes, ByteBudget.Reservation reservation) {
    try {
      decoders.execute(
          () -> {
            byte[] request;
            try {
              request =
                  HttpDecoder.decode(
                      head.signal(),
                      head.type(),
                      head.encoding(),
                      bytes,
                      settings.maxRequestBytes(),
                      reservation);
            } catch (RefusedException e) {
              reservation.release();
              reception.metrics().refused(e.refusal());
              respond(ctx, HttpAnswer.of(head, e.refusal()));
              return;
            } catch (RuntimeException | Error e) {
              // Without the message, which might quote telemetry.
              LOGGER.log(Level.ERROR, "decoding a request failed with {0}", e.getClass().getName());
              reservation.release();
              reception.metrics().refused(Refusal.internal());
              respond(ctx, HttpAnswer.of(head, Refusal.internal()));
              return;
            }
            handOn(ctx, head, request, reservation);
          });
    } catch (RejectedExecutionException e) {
      reservation.release();
      refusal = Refusal.shuttingDown();
      refuse(ctx);
    }
  }

  private void handOn(
      ChannelHandlerContext ctx,
      HttpHead head,
      byte[] request,
      ByteBudget.Reservation reservation) {
    reception.handle(
        head.signal(), request, reservation, outcome -> respond(ctx, HttpAnswer.of(head, outcome)));
  }

  private void refuse(ChannelHandlerContext ctx) {
    reception.metrics().refused(refusal);
    respond(ctx, HttpAnswer.of(head, refusal));
  }

  /** Answers before the body has been read, so that the connection cannot be used any more. */
  private void refuseAndClose(ChannelHandlerContext ctx) {
    bodyToCome = true;
    refuse(ctx);
  }

  /** The bytes are not HTTP, or too much of it; nothing after them can be told apart. */
  private void unreadable(ChannelHandlerContext ctx, Throwable cause) {
    int status =
        cause instanceof TooLongHttpLineException
            ? 414
            : cause instanceof TooLongHttpHeaderException ? 431 : 400;
    forget();
    refusal = Refusal.http("bad_http", status, StatusCode.INVALID_ARGUMENT, "not valid HTTP/1.1");
    refuseAndClose(ctx);
  }

  /** Sends the answer; on any thread. */
  private void respond(ChannelHandlerContext ctx, FullHttpResponse response) {
    if (ctx.executor().inEventLoop()) {
      write(ctx, response);
    } else {
      ctx.executor().execute(() -> write(ctx, response));
    }
  }

  private void write(ChannelHandlerContext ctx, FullHttpResponse response) {
    boolean keep = !bodyToCome && !draining && head != null && head.keepAlive();
    if (head != null) {
      HttpAnswer.allow(head, response.headers());
    }
    // Also where it is the default, since HTTP/1.0 clients need to hear it.
    response
        .headers()
        .set(
            HttpHeaderNames.CONNECTION,
            keep ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    enter(ctx, State.WRITING, settings.writeTimeout());
    ctx.writeAndFlush(response)
        .addListener(
            (ChannelFutureListener)
                written -> {
                  if (!written.isSuccess()) {
                    ctx.close();
                  } else if (keep) {
                    next(ctx);
                  } else {
                    linger(ctx);
                  }
                });
  }

  private void next(ChannelHandlerContext ctx) {
    head = null;
    if (draining) {
      ctx.close();
      return;
    }
    enter(ctx, State.WAITING, settings.idleTimeout());
    ctx.channel().config().setAutoRead(true);
  }

  private void linger(ChannelHandlerContext ctx) {
    boolean plain = ctx.pipeline().get(SslHandler.class) == null;
    if (!bodyToCome || !plain || !(ctx.channel() instanceof DuplexChannel socket)) {
      ctx.close();
      return;
    }
    enter(ctx, State.LINGERING, LINGER);
    ChannelFuture shut = socket.shutdownOutput();
    shut.addListener(
        done -> {
          if (!done.isSuccess()) {
            ctx.close();
          }
        });
    ctx.channel().config().setAutoRead(true);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event == DRAIN) {
      draining = true;
      if (state == State.WAITING) {
        ctx.close();
      }
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (deadlineCheck != null) {
      deadlineCheck.cancel(/* mayInterruptIfRunning= */ false);
    }
    if (state == State.READING) {
      reception
          .metrics()
          .refused(Refusal.http("cancelled", 0, StatusCode.CANCELLED, "disconnected"));
    }
    forget();
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A reset, a failed handshake, a write to a closed socket: the client's doing or the network's.
    ctx.close();
  }

  /** Gives up what was read of a request that is not handed on. */
  private void forget() {
    if (reservation != null) {
      reservation.release();
      reservation = null;
    }
    body = null;
  }

  /** Changes the state, which may last no longer than that; zero is for ever. */
  private void enter(ChannelHandlerContext ctx, State next, Duration limit) {
    state = next;
    deadlineNanos = limit.isZero() ? Long.MAX_VALUE : System.nanoTime() + limit.toNanos();
    if (deadlineCheck == null && !limit.isZero()) {
      check(ctx, limit.toNanos());
    }
  }

  /** One task a connection looks at the deadline, since most deadlines are passed in time. */
  private void check(ChannelHandlerContext ctx, long inNanos) {
    deadlineCheck =
        ctx.executor()
            .schedule(
                () -> {
                  deadlineCheck = null;
                  if (deadlineNanos == Long.MAX_VALUE) {
                    return;
                  }
                  long left = deadlineNanos - System.nanoTime();
                  if (left > 0) {
                    check(ctx, left);
                  } else {
                    expired(ctx);
                  }
                },
                inNanos,
                TimeUnit.NANOSECONDS);
  }

  private void expired(ChannelHandlerContext ctx) {
    if (state == State.READING || state == State.DISCARDING) {
      if (refusal == null) {
        refusal = Refusal.timedOut();
      }
      forget();
      refuseAndClose(ctx);
    } else {
      ctx.close();
    }
  }
}
