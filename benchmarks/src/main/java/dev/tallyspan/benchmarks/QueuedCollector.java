package dev.tallyspan.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/** A collector between the senders of a load and a backend that drops everything. */
final class QueuedCollector implements Closeable {

  /**
   * What came of a load.
   *
   * @param requests how many were delivered
   * @param cpuNanos of the collector
   * @param nanos from the first request until the backend had the last one
   * @param latencies from the moment at which each request was due until the response was read, in
   *     ns, ascending
   */
  record Turn(long requests, long cpuNanos, long nanos, long[] latencies) {

    double cpuMicrosPer(double spansPerRequest) {
      return cpuNanos / 1e3 / requests / spansPerRequest;
    }

    double requestsPerSecond() {
      return requests * 1e9 / nanos;
    }

    /** Returns the latency that a share of the requests does not exceed, in ms. */
    double latencyMillis(double share) {
      return latencies[(int) Math.ceil(share * latencies.length) - 1] / 1e6;
    }
  }

  /** If the backend does not get everything by then, something was lost. */
  private static final Duration DELIVERY = Duration.ofSeconds(60);

  /** For what the collector does after the last response. */
  private static final Duration REST = Duration.ofMillis(100);

  private final int senders;
  private final int window;
  private final Semaphore undelivered;

  /** Of the next request, in all turns. */
  private final AtomicLong numbers = new AtomicLong();

  private final DroppingSink sink;
  private final CollectorProcess process;

  /**
   * Starts both.
   *
   * @param senders how many requests wait for a response at most
   * @param window how many requests are not delivered at most; the senders wait
   */
  QueuedCollector(
      Path jar, ServerModes.Mode mode, String compression, int senders, int window, Path directory)
      throws IOException {
    this.senders = senders;
    this.window = window;
    undelivered = new Semaphore(window);
    sink = new DroppingSink(undelivered::release);
    try {
      process = CollectorProcess.start(jar, mode, compression, sink.port(), directory);
    } catch (IOException | RuntimeException e) {
      sink.close();
      throw e;
    }
  }

  int port() {
    return process.port();
  }

  /**
   * Sends messages for some time, and waits until the backend has them all.
   *
   * @param messages the complete HTTP request of a number; each is sent once
   * @param rate in requests per second; 0 = each sender sends when it has its response
   * @throws IllegalStateException if a request is not accepted, or not delivered exactly once
   */
  Turn run(LongFunction<byte[]> messages, Duration duration, int rate)
      throws InterruptedException, ExecutionException {
    long delivered = sink.requests();
    long cpu = process.cpu().toNanos();
    long start = System.nanoTime();
    long end = start + duration.toNanos();
    long first = numbers.get();
    ExecutorService threads = Executors.newFixedThreadPool(senders);
    long[] latencies;
    try {
      List<Future<long[]>> results = new ArrayList<>();
      for (int i = 0; i < senders; i++) {
        results.add(threads.submit(() -> send(messages, first, start, end, rate)));
      }
      List<long[]> parts = new ArrayList<>();
      for (Future<long[]> result : results) {
        parts.add(result.get());
      }
      latencies = parts.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    } finally {
      threads.shutdownNow();
    }
    if (!undelivered.tryAcquire(window, DELIVERY.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("not everything was delivered");
    }
    long nanos = System.nanoTime() - start;
    Thread.sleep(REST.toMillis());
    undelivered.release(window);
    if (sink.requests() - delivered != latencies.length) {
      throw new IllegalStateException(
          latencies.length + " requests, " + (sink.requests() - delivered) + " delivered");
    }
    return new Turn(latencies.length, process.cpu().toNanos() - cpu, nanos, latencies);
  }

  /** Sends on one connection, and returns the latencies in ns. */
  private long[] send(LongFunction<byte[]> messages, long first, long start, long end, int rate)
      throws IOException, InterruptedException {
    long[] latencies = new long[1024];
    int count = 0;
    try (HttpConnection connection =
        new HttpConnection(new Socket(InetAddress.getByName("127.0.0.1"), process.port()))) {
      while (true) {
        long number = numbers.getAndIncrement();
        long due = rate == 0 ? System.nanoTime() : start + (number - first) * 1_000_000_000L / rate;
        if (due >= end) {
          return Arrays.copyOf(latencies, count);
        }
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        undelivered.acquire();
        if (rate == 0) {
          due = System.nanoTime(); // Waiting for room is not the collector's latency.
        }
        connection.write(messages.apply(number));
        String status = connection.read();
        if (!status.startsWith("HTTP/1.1 200")) {
          throw new IllegalStateException("not accepted: " + status);
        }
        if (count == latencies.length) {
          latencies = Arrays.copyOf(latencies, 2 * count);
        }
        latencies[count++] = System.nanoTime() - due;
      }
    }
  }

  @Override
  public void close() throws IOException {
    process.close();
    sink.close();
  }
}
