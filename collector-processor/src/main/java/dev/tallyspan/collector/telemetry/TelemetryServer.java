package dev.tallyspan.collector.telemetry;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.listen.CannotListenException;
import dev.tallyspan.collector.listen.ChannelListener;
import dev.tallyspan.collector.listen.ConnectionLimit;
import dev.tallyspan.collector.listen.Listener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Serves pages over HTTP. Runs on its own thread, so that it responds while receivers are busy. */
public final class TelemetryServer implements AutoCloseable {

  /** The requests that the server supports have no body. */
  private static final int MAX_BODY_BYTES = 8 << 10;

  /** More than any number of scrapers and probes. */
  private static final int MAX_CONNECTIONS = 500;

  private static final int READ_TIMEOUT_SECONDS = 60;

  private final EventLoopGroup loop;
  private final List<ChannelListener> listeners;

  private TelemetryServer(EventLoopGroup loop, List<ChannelListener> listeners) {
    this.loop = loop;
    this.listeners = listeners;
  }

  /**
   * Starts to listen. Blocks until the addresses are bound.
   *
   * @param name what it is for, which messages begin with
   * @param addresses where to listen
   * @param pages called on the server's event loop
   * @throws IOException if an address is in use or does not belong to this machine
   */
  public static TelemetryServer start(String name, List<InetSocketAddress> addresses, Pages pages)
      throws IOException {
    requireNonNull(pages, "pages");
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("telemetry", /* daemon= */ true),
            NioIoHandler.newFactory());
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop)
            .channelFactory(
                new ConnectionLimit(
                        "telemetry", MAX_CONNECTIONS, ConnectionLimit.Events.NONE, connection -> {})
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
                            new HttpObjectAggregator(MAX_BODY_BYTES),
                            new TelemetryHandler(pages));
                  }
                });
    try {
      return new TelemetryServer(
          loop, Listener.listen(addresses, at -> ChannelListener.bind(bootstrap, at)));
    } catch (CannotListenException e) {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(name + " endpoint=" + e.getMessage(), e);
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
