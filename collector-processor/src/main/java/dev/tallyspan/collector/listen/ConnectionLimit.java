package dev.tallyspan.collector.listen;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.lang.System.Logger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Accepts the connections of a server, up to a number. A connection above it is closed at once. If
 * the system refuses to accept one, usually because the process has no more file descriptors, the
 * server pauses for a second, and connections that exist continue. Both are counted, and logged in
 * at most one line per minute.
 *
 * <p>Give {@link #channels} to the server's bootstrap. Thread-safe; one instance serves all
 * addresses of a server.
 */
public final class ConnectionLimit {

  private static final System.Logger LOGGER = System.getLogger(ConnectionLimit.class.getName());

  private static final long PAUSE_SECONDS = 1;

  private final String server;
  private final int maxConnections;
  private final Events events;
  private final Consumer<Channel> prepare;
  private final AtomicInteger open = new AtomicInteger();
  private final RareLog rejections;
  private final RareLog failures;

  /** What happened to connections; called on the thread that accepts them, must not block. */
  public interface Events {

    /** Counts nothing. */
    Events NONE =
        new Events() {
          @Override
          public void rejected() {}

          @Override
          public void failed() {}
        };

    /** A connection was closed because there were too many. */
    void rejected();

    /** The system did not accept a connection. */
    void failed();
  }

  /**
   * @param server names the server in the log
   * @param maxConnections 0 = no limit
   * @param prepare called with each connection before the server adds its own handlers
   */
  public ConnectionLimit(
      String server, int maxConnections, Events events, Consumer<Channel> prepare) {
    this(server, maxConnections, events, prepare, LOGGER);
  }

  ConnectionLimit(
      String server, int maxConnections, Events events, Consumer<Channel> prepare, Logger logger) {
    this.server = server;
    this.maxConnections = maxConnections;
    this.events = events;
    this.prepare = prepare;
    rejections = new RareLog(logger);
    failures = new RareLog(logger);
  }

  /** Returns a factory of listening channels. */
  public ChannelFactory<ServerChannel> channels() {
    return () -> {
      NioServerSocketChannel channel = new NioServerSocketChannel();
      channel.pipeline().addLast(new Gate());
      return channel;
    };
  }

  /** The number of connections that are open. */
  int open() {
    return open.get();
  }

  /** Precedes Netty's own handler of new connections in the pipeline of a listening channel. */
  final class Gate extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      Channel connection = (Channel) message;
      if (open.incrementAndGet() > maxConnections && maxConnections > 0) {
        open.decrementAndGet();
        // Counted before the peer can see it.
        events.rejected();
        connection.unsafe().closeForcibly();
        rejections.warn(
            count ->
                server
                    + ": closed "
                    + count
                    + " new connections: max_connections="
                    + maxConnections
                    + " are open");
        return;
      }
      connection.closeFuture().addListener(closed -> open.decrementAndGet());
      prepare.accept(connection);
      ctx.fireChannelRead(message);
    }

    /** Replaces Netty's handling, which logs a stack trace for each failure. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      events.failed();
      failures.warn(
          count ->
              server
                  + ": "
                  + count
                  + " times a connection could not be accepted, the last time because of: "
                  + cause.getMessage()
                  + "; accepting pauses for "
                  + PAUSE_SECONDS
                  + " s each time. If there are too many open files, raise the limit (ulimit -n)"
                  + " or lower max_connections");
      ctx.channel().config().setAutoRead(false);
      ctx.executor()
          .schedule(
              () -> ctx.channel().config().setAutoRead(true), PAUSE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
