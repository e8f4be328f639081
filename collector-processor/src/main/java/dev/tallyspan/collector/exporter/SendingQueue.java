package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Holds the requests of one exporter from their arrival until they are settled.
 *
 * <p>Thread-safe. {@link #send} does not block and may be called on any thread. The executor's
 * threads run the transport; responses arrive on the transport's threads, timeouts on the timer's.
 * Acknowledgements are settled on any of these threads, never under the lock. Only {@link #close}
 * blocks.
 */
final class SendingQueue {
  /*
   * A request is in exactly one batch from its arrival to its response, and a batch is in exactly
   * one of four places:
   *
   *   arrival --> open --(full, or its time is up)--> ready --(pace and consumers allow)--> in flight
   *                                                     ^                                      |
   *                                                     |                                      v
   *                                                  backing off <--(failed, retryable)----- response
   *
   * Without batching, every request is a full batch of its own, and is ready immediately. One lock
   * guards everything above. It is held only briefly: attempts, completions and whatever completions
   * trigger happen outside it. Every change of state is followed by pump(), which moves what can be
   * moved, and sets one timer for the next time at which waiting alone allows a move.
   *
   * There are two independent waits. Each batch has its own backoff, so that a request that the
   * backend cannot handle does not delay others. The backend has a Pace, so that a backend that is
   * down gets one attempt at a time, however many requests wait. An attempt starts when both allow.
   *
   * If the time of a request (max_elapsed_time) would end before the next possible attempt, the
   * request is refused immediately, because an early response is more useful to its sender. The
   * outcome has the backend's code, which is retryable, so the sender retries.
   *
   * A sender that disconnects withdraws its request. The request then leaves the queue immediately
   * or, if it is in flight, after a failed attempt. This limits duplicates, because a sender that
   * timed out sends the same request again. For the same reason, no request is accepted while the
   * backend is known to be down and another request already waits to try it: the sender immediately
   * gets a retry delay, instead of waiting for its own timeout.
   *
   * A batch that the backend rejects permanently as invalid is halved, and the halves are sent
   * separately, until the invalid request is alone: one invalid request does not affect the others.
   */

  /** The maximum request size that OTLP recommends, before compression. */
  static final long MAX_REQUEST_BYTES = 64L << 20;

  private static final long SHORTEST_RETRY_AFTER_NANOS = Duration.ofSeconds(1).toNanos();

  private final String exporter;
  private final QueueSettings settings;
  private final BatchSettings batching;
  private final RetrySettings retry;
  private final Transport transport;
  private final Timer timer;
  private final Executor executor;
  private final ExporterMetrics metrics;
  private final long byteBudget;
  private final long maxElapsedNanos;
  private final Backoff backoff;

  private final Object lock = new Object();
  private final Map<Signal, Batch> open = new EnumMap<>(Signal.class);
  private final Set<Batch> ready = new LinkedHashSet<>();
  private final TreeSet<Batch> backingOff =
      new TreeSet<>(
          Comparator.<Batch>comparingLong(batch -> batch.notBefore)
              .thenComparingLong(batch -> batch.sequence));
  private final Set<Batch> inFlight = new HashSet<>();
  private final Pace pace;
  private final ExporterLog log;
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private long requests;
  private long items;
  private long bytes;
  private long nextSequence;
  private boolean closing;
  private boolean closed;
  private Runnable cancelWakeUp = () -> {};
  private long wakeUpAt = Long.MAX_VALUE;

  SendingQueue(OtlpExporter.Builder builder, Transport transport, Timer timer, Executor executor) {
    exporter = builder.id;
    settings = builder.queue;
    batching = settings.batch() == null ? BatchSettings.NONE : settings.batch();
    retry = builder.retry;
    this.transport = transport;
    this.timer = timer;
    this.executor = executor;
    byteBudget = settings.byteBudget();
    maxElapsedNanos = retry.maxElapsedTime().isZero() ? 0 : Backoff.nanos(retry.maxElapsedTime());
    backoff = new Backoff(retry, builder.random);
    long now = timer.nanoTime();
    pace = new Pace(backoff, now);
    log = new ExporterLog(exporter, now);
    metrics =
        new ExporterMetrics(
            builder.meter, exporter, this::size, settings.enabled() ? settings.queueSize() : 0);
  }

  void send(OtlpRequest request) {
    long size = request.bytes().size();
    if (size == 0) {
      request.ack().settle(Outcome.ACCEPTED);
      return;
    }
    if (size > MAX_REQUEST_BYTES) {
      metrics.enqueueFailed(request.signal(), request.items());
      request
          .ack()
          .settle(
              Outcome.refused(
                  StatusCode.RESOURCE_EXHAUSTED,
                  message("a request of " + size + " bytes is larger than 64 MiB")));
      return;
    }
    PendingRequest waiting = new PendingRequest(request, timer.nanoTime());
    Outcome refusal;
    synchronized (lock) {
      refusal = refusal(waiting);
      if (refusal == null) {
        enqueue(request.signal(), waiting);
      }
    }
    if (refusal != null) {
      metrics.enqueueFailed(request.signal(), request.items());
      waiting.ack.settle(refusal);
      return;
    }
    waiting.ack.onWithdrawal(() -> withdrawn(waiting));
    pump();
  }

  /** Returns why the queue does not accept a request, or null if it does. */
  private @Nullable Outcome refusal(PendingRequest waiting) {
    if (closing) {
      return Outcome.refused(StatusCode.UNAVAILABLE, message("is closing"));
    }
    long size = settings.sizer().measure(1, waiting.items, waiting.request.size());
    boolean full = settings.enabled() && sizeLocked() + size > settings.queueSize();
    if (requests > 0 && (full || bytes + waiting.request.size() > byteBudget)) {
      return unavailable("the queue is full", waiting.arrivedAt);
    }
    if (maxElapsedNanos > 0 && pace.opensAt() - waiting.arrivedAt > maxElapsedNanos) {
      return unavailable("the backend asked for a longer pause", waiting.arrivedAt);
    }
    if (requests > 0 && pace.failing() && pace.opensAt() - waiting.arrivedAt > 0) {
      return unavailable("the backend does not accept at the moment", waiting.arrivedAt);
    }
    return null;
  }

  private Outcome unavailable(String why, long now) {
    long wait = Math.max(pace.opensAt() - now, SHORTEST_RETRY_AFTER_NANOS);
    return new Outcome.Refused(StatusCode.UNAVAILABLE, message(why), Duration.ofNanos(wait));
  }

  private void enqueue(Signal signal, PendingRequest waiting) {
    requests++;
    items += waiting.items;
    bytes += waiting.request.size();
    Batch batch = open.get(signal);
    if (batch != null && outgrown(batch, waiting)) {
      ready.add(batch);
      batch = null;
    }
    if (batch == null) {
      batch = new Batch(signal, nextSequence++);
      open.put(signal, batch);
    }
    batch.add(waiting);
    if (measure(batch.items, batch.bytes) >= batching.minSize()) {
      open.remove(signal);
      ready.add(batch);
    }
  }

  private boolean outgrown(Batch batch, PendingRequest waiting) {
    long maxSize = batching.maxSize();
    long bytesTogether = batch.bytes + waiting.request.size();
    return bytesTogether > MAX_REQUEST_BYTES
        || (maxSize > 0 && measure(batch.items + waiting.items, bytesTogether) > maxSize);
  }

  private long measure(long items, long bytes) {
    return batching.sizer().measure(1, items, bytes);
  }

  /** Removes a request whose sender has gone. */
  private void withdrawn(PendingRequest waiting) {
    synchronized (lock) {
      Batch batch = waiting.batch;
      if (batch == null || batch.inFlight) {
        return;
      }
      leave(batch, waiting);
      if (batch.requests.isEmpty()) {
        open.remove(batch.signal, batch);
        ready.remove(batch);
        backingOff.remove(batch);
      }
    }
    waiting.ack.settle(gone());
    pump();
  }

  private Outcome gone() {
    return Outcome.refused(StatusCode.CANCELLED, message("the sender did not wait for the answer"));
  }

  private void leave(Batch batch, PendingRequest waiting) {
    batch.remove(waiting);
    requests--;
    items -= waiting.items;
    bytes -= waiting.request.size();
  }

  /** Moves everything that time, pace and consumers allow to move. Called without the lock. */
  private void pump() {
    List<Batch> start = new ArrayList<>();
    List<Runnable> refuse = new ArrayList<>();
    synchronized (lock) {
      if (closed) {
        return;
      }
      long now = timer.nanoTime();
      closeOpenBatches(now);
      while (!backingOff.isEmpty() && backingOff.first().notBefore - now <= 0) {
        ready.add(backingOff.pollFirst());
      }
      refuseOverdue(now, refuse);
      int consumers = !settings.enabled() ? Integer.MAX_VALUE : settings.numConsumers();
      while (!ready.isEmpty()
          && inFlight.size() < (pace.failing() ? 1 : consumers)
          && pace.opensAt() - now <= 0) {
        Batch batch = ready.iterator().next();
        ready.remove(batch);
        batch.inFlight = true;
        inFlight.add(batch);
        start.add(batch);
      }
      wakeUpAt(nextMove(now), now);
      if (closing && requests == 0) {
        refuse.add(() -> drained.complete(null));
      }
    }
    refuse.forEach(Runnable::run);
    start.forEach(this::attempt);
  }

  private void closeOpenBatches(long now) {
    if (open.isEmpty()) {
      return;
    }
    long flush = Backoff.nanos(batching.flushTimeout());
    open.values()
        .removeIf(
            batch -> {
              boolean due = closing || now - batch.arrivedAt() >= flush;
              return due && ready.add(batch);
            });
  }

  /** Refuses requests whose time ends before the next possible attempt. */
  private void refuseOverdue(long now, List<Runnable> refuse) {
    if (maxElapsedNanos == 0 || pace.opensAt() - now <= 0) {
      return;
    }
    List<Batch> overdue = new ArrayList<>();
    for (Batch batch : ready) {
      if (pace.opensAt() - batch.arrivedAt() > maxElapsedNanos) {
        overdue.add(batch);
      }
    }
    for (Batch batch : overdue) {
      ready.remove(batch);
      refuse.add(finish(batch, unavailable("gave up waiting for the backend", now), now));
    }
  }

  /** Returns when waiting alone allows something to move; {@link Long#MAX_VALUE} = never. */
  private long nextMove(long now) {
    long wait = Long.MAX_VALUE;
    for (Batch batch : open.values()) {
      long flush = Backoff.nanos(batching.flushTimeout());
      wait = Math.min(wait, batch.arrivedAt() + flush - now);
    }
    if (!backingOff.isEmpty()) {
      wait = Math.min(wait, backingOff.first().notBefore - now);
    }
    if (!ready.isEmpty() && pace.opensAt() - now > 0) {
      wait = Math.min(wait, pace.opensAt() - now);
    }
    return wait == Long.MAX_VALUE ? wait : now + wait;
  }

  private void wakeUpAt(long at, long now) {
    if (at == wakeUpAt) {
      return;
    }
    cancelWakeUp.run();
    wakeUpAt = at;
    cancelWakeUp = at == Long.MAX_VALUE ? () -> {} : timer.schedule(this::wakeUp, at - now);
  }

  private void wakeUp() {
    synchronized (lock) {
      wakeUpAt = Long.MAX_VALUE;
    }
    pump();
  }

  private void attempt(Batch batch) {
    try {
      executor.execute(() -> send(batch));
    } catch (RejectedExecutionException e) {
      // close() came first, and has refused the batch.
    }
  }

  private void send(Batch batch) {
    Slices body;
    Pace.Mark started;
    synchronized (lock) {
      if (!inFlight.contains(batch)) {
        return;
      }
      body = batch.body();
      started = pace.mark();
    }
    metrics.inFlight(1);
    CompletableFuture<Outcome> answer;
    try {
      answer = transport.send(batch.signal, body);
    } catch (RuntimeException e) {
      answer =
          CompletableFuture.completedFuture(
              Outcome.refused(StatusCode.INTERNAL, message("cannot send: " + e.getClass())));
    }
    answer.thenAccept(
        outcome -> {
          metrics.inFlight(-1);
          answered(batch, outcome, started);
        });
  }

  private void answered(Batch batch, Outcome outcome, Pace.Mark started) {
    Runnable completion = () -> {};
    synchronized (lock) {
      if (!inFlight.remove(batch)) {
        return;
      }
      batch.inFlight = false;
      long now = timer.nanoTime();
      boolean mayRetry =
          outcome instanceof Outcome.Refused refused && refused.retryable() && !closed;
      if (!mayRetry) {
        // Whatever the outcome, the backend works.
        if (pace.succeeded()) {
          log.up(now);
        }
        completion = isWorthHalving(batch, outcome) ? halve(batch) : finish(batch, outcome, now);
      } else {
        completion = failed(batch, (Outcome.Refused) outcome, started, now);
      }
    }
    completion.run();
    pump();
  }

  /** Requeues a batch that failed, or finishes it if there are no more attempts. */
  private Runnable failed(Batch batch, Outcome.Refused refused, Pace.Mark started, long now) {
    long hint = Backoff.nanos(refused.retryAfter());
    if (pace.failed(started, now, hint)) {
      log.down(refused, now);
    }
    List<PendingRequest> gone =
        batch.requests.stream().filter(waiting -> waiting.ack.isWithdrawn()).toList();
    gone.forEach(waiting -> leave(batch, waiting));
    Runnable settleGone = () -> gone.forEach(waiting -> waiting.ack.settle(gone()));
    if (batch.requests.isEmpty()) {
      return settleGone;
    }
    batch.failures++;
    long wait = Math.max(backoff.nanos(batch.failures), hint);
    boolean late = maxElapsedNanos > 0 && now + wait - batch.arrivedAt() > maxElapsedNanos;
    if (!retry.enabled() || late) {
      Runnable finished = finish(batch, refused, now);
      return () -> {
        settleGone.run();
        finished.run();
      };
    }
    batch.notBefore = now + wait;
    backingOff.add(batch);
    return settleGone;
  }

  /**
   * Whether a part of the batch may be valid. For other codes, such as for a wrong API key, a
   * backend refuses all requests.
   */
  private static boolean isWorthHalving(Batch batch, Outcome outcome) {
    return batch.requests.size() > 1
        && outcome instanceof Outcome.Refused refused
        && switch (refused.code()) {
          case INVALID_ARGUMENT, RESOURCE_EXHAUSTED, FAILED_PRECONDITION, UNKNOWN -> true;
          default -> false;
        };
  }

  private Runnable halve(Batch batch) {
    List<PendingRequest> all = batch.takeAll();
    int half = (all.size() + 1) / 2;
    for (List<PendingRequest> part : List.of(all.subList(0, half), all.subList(half, all.size()))) {
      Batch smaller = new Batch(batch.signal, nextSequence++);
      part.forEach(smaller::add);
      ready.add(smaller);
    }
    return () -> {};
  }

  /**
   * Counts the outcome of a batch that has left the four places.
   *
   * @return settles its requests; to run without the lock
   */
  private Runnable finish(Batch batch, Outcome outcome, long now) {
    long batchItems = batch.items;
    requests -= batch.requests.size();
    items -= batch.items;
    bytes -= batch.bytes;
    List<PendingRequest> done = batch.takeAll();
    Outcome answer = outcome;
    if (outcome instanceof Outcome.Refused refused) {
      metrics.sendFailed(batch.signal, batchItems);
      log.rejected(batch.signal, batchItems, refused.code().name(), now);
    } else if (outcome instanceof Outcome.Partial partial) {
      long rejected = Math.min(partial.rejected(), batchItems);
      metrics.sent(batch.signal, batchItems - rejected);
      answer = Outcome.ACCEPTED;
      if (rejected > 0) {
        metrics.sendFailed(batch.signal, rejected);
        log.rejected(batch.signal, rejected, "partial success", now);
        answer = partial(rejected, batchItems, done.size());
      } else {
        log.warned(partial.message(), now);
      }
    } else {
      metrics.sent(batch.signal, batchItems);
    }
    Outcome each = answer;
    return () -> done.forEach(waiting -> waiting.ack.settle(each));
  }

  /**
   * For a batch of several requests, returns a warning, because it is not known which of them the
   * rejected items belong to.
   */
  private Outcome partial(long rejected, long batchItems, int batchRequests) {
    String counts = "the backend rejected " + rejected + " of " + batchItems + " items";
    return batchRequests == 1
        ? new Outcome.Partial(rejected, message(counts))
        : new Outcome.Partial(
            0, message(counts + " of a batch of " + batchRequests + " requests with this one"));
  }

  void close(Duration drain) {
    synchronized (lock) {
      if (closing) {
        return;
      }
      closing = true;
      long now = timer.nanoTime();
      for (Batch batch : backingOff) {
        batch.notBefore = now;
      }
      ready.addAll(backingOff);
      backingOff.clear();
    }
    pump();
    try {
      drained.get(drain.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // What remains is refused below.
    }
    List<Runnable> refuse = new ArrayList<>();
    synchronized (lock) {
      closed = true;
      cancelWakeUp.run();
      Set<Batch> remaining = new LinkedHashSet<>(inFlight);
      remaining.addAll(ready);
      remaining.addAll(open.values());
      remaining.addAll(backingOff);
      inFlight.clear();
      ready.clear();
      open.clear();
      backingOff.clear();
      Outcome refused =
          Outcome.refused(StatusCode.UNAVAILABLE, message("was closed before it was delivered"));
      for (Batch batch : remaining) {
        refuse.add(finish(batch, refused, timer.nanoTime()));
      }
    }
    refuse.forEach(Runnable::run);
    transport.close();
    timer.close();
    metrics.close();
  }

  /** Whether the backend has failed since its last success. */
  boolean failing() {
    synchronized (lock) {
      return pace.failing();
    }
  }

  /** Returns the size of the queue in the unit of its sizer. */
  private long size() {
    synchronized (lock) {
      return sizeLocked();
    }
  }

  private long sizeLocked() {
    return settings.sizer().measure(requests, items, bytes);
  }

  private String message(String what) {
    return "exporter " + exporter + ": " + what;
  }
}
