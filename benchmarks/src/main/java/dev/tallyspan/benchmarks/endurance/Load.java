package dev.tallyspan.benchmarks.endurance;

import dev.tallyspan.benchmarks.NumberedRequests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Senders that share a sequence of numbered requests. Each one sends a request until it is accepted
 * or refused for good, with the waiting times of an OpenTelemetry SDK: what the server says, or
 * else 1 s, growing by half up to 5 s; a fifth more or less.
 */
final class Load {

  /**
   * What became of a load.
   *
   * @param accepted the numbers of the requests that were accepted
   * @param codes how often there was each response, by code
   * @param refused responses that are not to be retried
   * @param unknown attempts without a response
   * @param withoutDelay retryable refusals that do not say when to send again
   * @param givenUp requests that were not accepted when the time was over
   * @param nanos from the first request to the last response
   */
  record Result(
      long[] accepted,
      Map<String, Long> codes,
      long refused,
      long unknown,
      long withoutDelay,
      long givenUp,
      long nanos) {}

  private static final double GROWTH = 1.5;
  private static final long FIRST_MILLIS = 1000;
  private static final long LAST_MILLIS = 5000;

  private final NumberedRequests requests;
  private final SpanBook book;
  private final List<Sender> senders;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong acceptedSpans = new AtomicLong();

  /**
   * @param senders each is used by one thread
   * @param first the number of the first request
   */
  Load(NumberedRequests requests, SpanBook book, List<Sender> senders, long first) {
    this.requests = requests;
    this.book = book;
    this.senders = senders;
    next.set(first);
  }

  /** Spans that were accepted in all runs so far. */
  long acceptedSpans() {
    return acceptedSpans.get();
  }

  /**
   * Sends as fast as the responses come, and waits for the end.
   *
   * @param window how many spans may be accepted and not delivered; senders wait
   */
  Result saturate(double seconds, long window) throws InterruptedException, ExecutionException {
    return saturate(seconds, window, /* patienceSeconds= */ 0);
  }

  /**
   * Does the same.
   *
   * @param patienceSeconds how long requests that were not answered are sent again after the end
   */
  Result saturate(double seconds, long window, double patienceSeconds)
      throws InterruptedException, ExecutionException {
    return run(seconds, /* rate= */ 0, window, patienceSeconds);
  }

  /**
   * Sends at a rate, in the background.
   *
   * @param rate in requests per second
   * @param patienceSeconds how long requests that were refused are sent again after the end
   */
  CompletableFuture<Result> start(double seconds, double rate, double patienceSeconds) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return run(seconds, rate, /* window= */ 0, patienceSeconds);
          } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private Result run(double seconds, double rate, long window, double patienceSeconds)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    long last = end + (long) (patienceSeconds * 1e9);
    AtomicLong turn = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(senders.size());
    try {
      List<Future<Tally>> tallies = new ArrayList<>();
      for (Sender sender : senders) {
        tallies.add(
            threads.submit(
                () -> {
                  Tally tally = new Tally();
                  while (true) {
                    long due =
                        rate == 0
                            ? awaitRoom(window, end)
                            : start + (long) (turn.getAndIncrement() * 1e9 / rate);
                    if (due >= end || System.nanoTime() >= end) {
                      return tally;
                    }
                    parkUntil(due);
                    send(sender, next.getAndIncrement(), last, tally);
                  }
                }));
      }
      Tally sum = new Tally();
      for (Future<Tally> tally : tallies) {
        sum.add(tally.get());
      }
      return sum.result(System.nanoTime() - start);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Sends a request until it is settled, or until it is too late. */
  private void send(Sender sender, long number, long last, Tally tally) {
    byte[] request = requests.request(number);
    double backoff = FIRST_MILLIS;
    while (true) {
      Sender.Response response = sender.send(request);
      tally.codes.merge(response.code(), 1L, Long::sum);
      switch (response.result()) {
        case ACCEPTED -> {
          acceptedSpans.addAndGet(requests.spans());
          tally.accept(number);
          return;
        }
        case REFUSED -> {
          tally.refused++;
          return;
        }
        case UNKNOWN -> tally.unknown++;
        case RETRYABLE -> tally.withoutDelay += response.delayMillis() < 0 ? 1 : 0;
      }
      double millis = response.delayMillis() >= 0 ? response.delayMillis() : backoff;
      backoff = Math.min(backoff * GROWTH, LAST_MILLIS);
      double jitter = 0.8 + ThreadLocalRandom.current().nextDouble() * 0.4;
      long until = System.nanoTime() + (long) (millis * jitter * 1e6);
      if (until > last) {
        tally.givenUp++;
        return;
      }
      parkUntil(until);
    }
  }

  private long awaitRoom(long window, long end) {
    while (acceptedSpans.get() - book.delivered() > window && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
    }
    return System.nanoTime();
  }

  private static void parkUntil(long nanoTime) {
    for (long left = nanoTime - System.nanoTime();
        left > 0 && !Thread.currentThread().isInterrupted();
        left = nanoTime - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** What one sender counts. */
  private static final class Tally {
    private final Map<String, Long> codes = new TreeMap<>();
    private long[] accepted = new long[256];
    private int count;
    private long refused;
    private long unknown;
    private long withoutDelay;
    private long givenUp;

    void accept(long number) {
      if (count == accepted.length) {
        accepted = Arrays.copyOf(accepted, 2 * count);
      }
      accepted[count++] = number;
    }

    void add(Tally other) {
      other.codes.forEach((code, times) -> codes.merge(code, times, Long::sum));
      for (int i = 0; i < other.count; i++) {
        accept(other.accepted[i]);
      }
      refused += other.refused;
      unknown += other.unknown;
      withoutDelay += other.withoutDelay;
      givenUp += other.givenUp;
    }

    Result result(long nanos) {
      return new Result(
          Arrays.copyOf(accepted, count), codes, refused, unknown, withoutDelay, givenUp, nanos);
    }
  }
}
