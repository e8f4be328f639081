package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.listen.ChannelListener;
import dev.tallyspan.collector.listen.ConnectionLimit;
import dev.tallyspan.collector.listen.Listener;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Serves OTLP/HTTP with Netty's HTTP/1.1 codec. */
final class HttpServer {

  private static final int MAX_LINE_BYTES = 8 << 10;

  /** Large enough for the tokens and baggage that proxies add. */
  private static final int MAX_HEADER_BYTES = 64 << 10;

  private static final int MAX_CHUNK_BYTES = 64 << 10;

  private final List<ChannelListener> listeners;
  private final ChannelGroup connections;
  private final AtomicBoolean stopped;

  private HttpServer(
      List<ChannelListener> listeners, ChannelGroup connections, AtomicBoolean stopped) {
    this.listeners = listeners;
    this.connections = connections;
    this.stopped = stopped;
  }

  /**
   * @throws IOException if it cannot listen on an address
   */
  static HttpServer start(
      HttpSettings settings, RequestDispatcher reception, ByteBudget budget, EventLoops loops)
      throws IOException {
    SslContext tls = settings.tls() == null ? null : TlsContexts.forHttp(settings.tls());
    Admission admission =
        settings.authenticator() == null
            ? null
            : new Admission(settings.authenticator(), reception.metrics().server());
    ChannelGroup connections =
        new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, /* stayClosed= */ true);
    AtomicBoolean stopped = new AtomicBoolean();
    HttpService service = new HttpService(settings, reception, loops.requestWorkers);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.acceptor, loops.workers)
            .channelFactory(
                new ConnectionLimit(
                        reception.metrics().server(),
                        settings.maxConnections(),
                        reception.metrics(),
                        connection -> {})
                    .channels())
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    connections.add(channel);
                    if (tls != null) {
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    }
                    CloseWatch watch = new CloseWatch();
                    channel
                        .pipeline()
                        .addLast(
                            watch,
                            new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADER_BYTES, MAX_CHUNK_BYTES),
                            new FlowControlHandler(),
                            new HttpConnection(settings, budget, service, watch, admission));
                    // Accepted before the end, and not seen by stopAccepting().
                    if (stopped.get()) {
                      channel.eventLoop().execute(() -> drain(channel));
                    }
                  }
                });
    return new HttpServer(
        Listener.listen(settings.addresses(), at -> ChannelListener.bind(bootstrap, at)),
        connections,
        stopped);
  }

  int port() {
    return listeners.get(0).port();
  }

  /**
   * Stops accepting connections, closes idle ones, and closes the others after their responses.
   * Blocks only until the listening sockets are closed.
   */
  void stopAccepting() {
    listeners.forEach(Listener::close);
    stopped.set(true);
    connections.forEach(HttpServer::drain);
  }

  private static void drain(Channel connection) {
    connection.pipeline().fireUserEventTriggered(HttpConnection.DRAIN);
  }

  /**
   * Blocks until the requests in flight have ended, at most for {@code drain}, then closes the
   * remaining connections.
   */
  void awaitAndClose(Duration drain) throws InterruptedException {
    connections.newCloseFuture().await(drain.toNanos(), TimeUnit.NANOSECONDS);
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
