package dev.tallyspan.collector.receiver;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a receiver: one that accepts connections, one event loop per core for both
 * protocols, one worker per core for what would keep an event loop busy, and a timer.
 */
final class EventLoops {

  private final int threads = Runtime.getRuntime().availableProcessors();
  final EventLoopGroup acceptor = group(1, "otlp-accept");
  final EventLoopGroup workers = group(threads, "otlp-io");
  final RequestWorkers requestWorkers = new RequestWorkers(threads);
  final Timer timer = new HashedWheelTimer(daemons("otlp-timer"), 100, TimeUnit.MILLISECONDS);

  void close() {
    timer.stop();
    requestWorkers.close();
    // A port is free when the selector that it was registered with has closed, not before.
    Future<?> accepting = acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    Future<?> working = workers.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    accepting.awaitUninterruptibly(2, TimeUnit.SECONDS);
    working.awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  private static EventLoopGroup group(int threads, String name) {
    return new MultiThreadIoEventLoopGroup(threads, daemons(name), NioIoHandler.newFactory());
  }

  private static ThreadFactory daemons(String name) {
    return new DefaultThreadFactory(name, /* daemon= */ true);
  }
}
