package dev.tallyspan.collector.listen;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * An HTTP server for pages, of few users and with small bodies in requests, if any. Runs on a
 * thread of its own, so that it and the receivers do not wait for each other.
 */
public final class SmallHttpServer implements AutoCloseable {

  /** Most requests that the servers support have no body. */
  private static final int MAX_BODY_BYTES = 8 << 10;

  /** What a server may allow for a path: every connection can hold as much. */
  private static final int MOST_BODY_BYTES = 64 << 10;

  /** More than any number of scrapers, probes and browsers. */
  private static final int MAX_CONNECTIONS = 500;

  private static final int READ_TIMEOUT_SECONDS = 60;

  private final EventLoopGroup loop;
  private final List<ChannelListener> listeners;

  private SmallHttpServer(EventLoopGroup loop, List<ChannelListener> listeners) {
    this.loop = loop;
    this.listeners = listeners;
  }

  /**
   * Starts to listen. Blocks until the addresses are bound.
   *
   * @param name of the thread, and in messages about connections
   * @param addresses at least one
   * @param handlers gets the thread that requests are answered on, and returns what creates the
   *     handler of a connection's whole requests
   * @throws CannotListenException if an address is in use or does not belong to this machine
   */
  public static SmallHttpServer start(
      String name,
      List<InetSocketAddress> addresses,
      Function<EventLoop, Supplier<ChannelHandler>> handlers)
      throws CannotListenException {
    return start(name, addresses, uri -> false, handlers);
  }

  /**
   * Starts to listen, and accepts bodies of up to 64 KiB at some paths; at all others, up to 8 KiB.
   * Blocks until the addresses are bound.
   *
   * @param name of the thread, and in messages about connections
   * @param addresses at least one
   * @param takesBodies whether requests with a URI may have the larger bodies
   * @param handlers gets the thread that requests are answered on, and returns what creates the
   *     handler of a connection's whole requests
   * @throws CannotListenException if an address is in use or does not belong to this machine
   */
  public static SmallHttpServer start(
      String name,
      List<InetSocketAddress> addresses,
      Predicate<String> takesBodies,
      Function<EventLoop, Supplier<ChannelHandler>> handlers)
      throws CannotListenException {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory(name, /* daemon= */ true), NioIoHandler.newFactory());
    Supplier<ChannelHandler> handler = handlers.apply(loop.next());
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channelFactory(
                new ConnectionLimit(
                        name, MAX_CONNECTIONS, ConnectionLimit.Events.NONE, connection -> {})
                    .channels())
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new ReadTimeoutHandler(READ_TIMEOUT_SECONDS),
                            new HttpServerCodec(),
                            new HttpServerKeepAliveHandler(),
                            new BodyLimit(
                                uri -> takesBodies.test(uri) ? MOST_BODY_BYTES : MAX_BODY_BYTES),
                            new HttpObjectAggregator(MOST_BODY_BYTES),
                            handler.get());
                  }
                });
    try {
      return new SmallHttpServer(
          loop, Listener.listen(addresses, at -> ChannelListener.bind(bootstrap, at)));
    } catch (CannotListenException e) {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  public int port() {
    return listeners.get(0).port();
  }

  @Override
  public void close() {
    listeners.forEach(Listener::close);
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
