package dev.tallyspan.collector.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {

  private final Lines lines = new Lines();
  private final AtomicInteger failures = new AtomicInteger();
  private final List<Channel> prepared = new CopyOnWriteArrayList<>();
  private EventLoopGroup loops;
  private ConnectionLimit limit;
  private Channel server;

  @BeforeEach
  void start() {
    loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    limit =
        new ConnectionLimit(
            "receiver otlp (http)",
            2,
            new ConnectionLimit.Events() {
              @Override
              public void rejected() {}

              @Override
              public void failed() {
                failures.incrementAndGet();
              }
            },
            prepared::add,
            lines);
    server =
        new ServerBootstrap()
            .group(loops)
            .channelFactory(limit.channels())
            .childHandler(new Nothing())
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  @AfterEach
  void close() {
    server.close().syncUninterruptibly();
    loops.shutdownGracefully();
  }

  @Test
  void failureToAcceptPausesAndIsLoggedOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      server.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    }
    await().until(() -> failures.get() == 3);
    assertThat(server.config().isAutoRead()).isFalse();
    assertThat(lines.logged)
        .singleElement()
        .asString()
        .startsWith(
            "receiver otlp (http): 1 times a connection could not be accepted, the last time"
                + " because of: Too many open files; accepting pauses for 1 s");
    assertThat(lines.thrown).hasValue(0);

    await().until(() -> server.config().isAutoRead());
    try (Socket socket = connect()) {
      await().until(() -> limit.open() == 1);
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void connectionsAreCountedWhileTheyAreOpen() throws Exception {
    try (Socket one = connect();
        Socket two = connect()) {
      await().until(() -> limit.open() == 2);
      try (Socket three = connect()) {
        assertThat(three.getInputStream().read()).isNegative();
      }
      assertThat(prepared).hasSize(2);
      assertThat(one.isConnected() && two.isConnected()).isTrue();
    }
    await().until(() -> limit.open() == 0);
  }

  @Test
  void rareLogHasALinePerMinuteWithTheNumberOfEvents() {
    AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    RareLog log = new RareLog(lines, now::get);
    for (int i = 0; i < 5; i++) {
      log.warn(count -> "events: " + count);
    }
    now.addAndGet(60_000_000_000L);
    log.warn(count -> "events: " + count);

    assertThat(lines.logged).containsExactly("events: 1", "events: 5");
  }

  private Socket connect() throws IOException {
    InetSocketAddress address = (InetSocketAddress) server.localAddress();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  @ChannelHandler.Sharable
  private static final class Nothing extends ChannelInboundHandlerAdapter {}

  private static final class Lines implements Logger {
    final List<String> logged = new CopyOnWriteArrayList<>();
    final AtomicInteger thrown = new AtomicInteger();

    @Override
    public String getName() {
      return "test";
    }

    @Override
    public boolean isLoggable(Level level) {
      return true;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable cause) {
      logged.add(message);
      if (cause != null) {
        thrown.incrementAndGet();
      }
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
      logged.add(format);
    }
  }
}
