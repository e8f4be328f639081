package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.wire.RequestCut;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds the requests of one exporter from their arrival until they are settled.
 *
 * <p>Thread-safe. {@link #send} does not block and may be called on any thread. The executor's
 * threads run the transport and cut requests into parts; responses arrive on the transport's
 * threads, timeouts on the timer's. Acknowledgements are settled on any of these threads, never
 * under the lock. Only {@link #close} blocks.
 */
final class SendingQueue implements QueueFigures {
  /*
   * A request is in exactly one batch from its arrival to its settlement, and a batch is in exactly
   * one of four places:
   *
   *   arrival --> open --(full, or its time is up)--> ready --(pace, consumers)--> in flight
   *                                                   ^   ^                        |     |
   *                                                   |   +-------(divided)--------+     |
   *                                                   |                                  |
   *                                              backing off <--(failed, retryable)-- response
   *
   * Without batching, every request is a full batch of its own, and is ready immediately. One lock
   * guards everything above. It is held only briefly: attempts, cutting, completions and whatever
   * completions trigger happen outside it. Every change of state is followed by pump(), which moves
   * what can be moved, and sets one timer for the next time at which waiting alone allows a move.
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
   * timed out sends the same request again.
   *
   * Down. While the backend is known to be down, waiting for it helps no sender: most give up after
   * ten seconds, and send again or drop. So a sender gets an answer at once, with the time until the
   * next attempt, and comes back then. The first request after that time is the probe: it is
   * accepted and sent, and until it has an answer, others are refused. Requests that arrived before
   * the backend was known to be down stay if they can be tried within five seconds of their arrival,
   * because many outages are shorter than that; the others are refused in the same way. A backend
   * that is up again is therefore noticed as soon as any sender comes back, and no request is kept
   * of which a sender has already sent another copy.
   *
   * Dividing. Three kinds of batches are divided: those larger than the backend's limit, those that
   * the backend refuses permanently with a code for which a part of them may be valid, and large
   * ones that timed out several times. A batch of several requests is halved until a request is
   * alone. A request that is alone becomes a PartedRequest: its current part is shortened, to the
   * limit or by half, until it is accepted or is a single unit, and then the next part follows. So
   * the parts of a request are sent one after another: their order is kept, one invalid span among
   * 512 costs about 20 attempts, and the request still is in exactly one batch. It is settled once,
   * after its last part, with the units that were refused. New batches go to the front of those
   * that are ready, so what was begun is finished first.
   *
   * A backend that refuses everything, for example because of a wrong tenant, must not be asked
   * about each unit: after the first few, if nothing was accepted, the rest of the request is
   * refused without attempts. If a part cannot be delivered for now, the request as a whole is
   * refused as retryable, although the parts before it were delivered: duplicates are better than
   * losses.
   *
   * Patience. If a request is kept elsewhere until it is delivered, such as in a log on disk, it
   * does not help to refuse it because the backend is down: it would only wait there. A patient
   * queue accepts all requests and tries for as long as it takes. It also waits when the backend
   * refuses all requests because of who sends them or where to: a wrong API key is corrected one
   * day, and then what arrived in the meantime is delivered.
   */

  /** How old a request may become while the backend is known to be down. */
  private static final long LONGEST_HOLD_NANOS = Duration.ofSeconds(5).toNanos();

  /**
   * After this number of timeouts, a batch is divided if it is larger than a small one. Senders do
   * not wait for a second timeout.
   */
  private static final int TIMEOUTS_OF_A_LARGE_BATCH = 1;

  private static final int TIMEOUTS_OF_A_LARGE_PATIENT_BATCH = 3;

  private static final long SMALL_BATCH_BYTES = 256 << 10;

  private static final Runnable NOTHING = () -> {};

  private final Refusals refusals;
  private final QueueSettings settings;
  private final RetrySettings retry;
  private final Transport transport;
  private final Timer timer;
  private final Executor executor;
  private final ExporterMetrics metrics;
  private final RefusalLog refusalLog;
  private final long maxElapsedNanos;
  private final Backoff backoff;

  private final Object lock = new Object();
  private final Batches batches;
  private final Occupancy occupancy;
  private final SizeLimit limit;
  private final Pace pace;
  private final ExporterLog log;
  private final Division division;
  private final Settlements settlements;
  private final Admission admission;
  private final WakeUp wakeUp;
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private boolean closing;
  private boolean closed;

  SendingQueue(
      String exporter,
      DeliverySettings delivery,
      ExporterMetrics metrics,
      RefusalLog refusalLog,
      DoubleSupplier random,
      Transport transport,
      Timer timer,
      Executor executor) {
    this.transport = transport;
    this.timer = timer;
    this.executor = executor;
    this.metrics = metrics;
    this.refusalLog = refusalLog;
    settings = delivery.queue();
    retry = delivery.retry();
    refusals = new Refusals(exporter, delivery.patient());
    limit = new SizeLimit(delivery.maxRequestBytes());
    batches = new Batches(settings.batch() == null ? BatchSettings.NONE : settings.batch(), limit);
    occupancy = new Occupancy(settings);
    maxElapsedNanos = retry.maxElapsedTime().isZero() ? 0 : Backoff.nanos(retry.maxElapsedTime());
    backoff = new Backoff(retry, random);
    long now = timer.nanoTime();
    pace = new Pace(backoff, now);
    log = new ExporterLog(exporter, delivery.patient(), now);
    division = new Division(batches, limit);
    settlements = new Settlements(refusals, batches, occupancy, new Deliveries(metrics, log));
    admission = new Admission(refusals, transport, occupancy, pace, log, maxElapsedNanos);
    wakeUp = new WakeUp(timer, this::wakeUp);
    metrics.open(this);
  }

  /**
   * @param headers in addition to those of every request. Requests with different ones are sent in
   *     different batches
   */
  void send(OtlpRequest request, Map<String, String> headers) {
    if (request.bytes().size() == 0) {
      request.ack().settle(Outcome.ACCEPTED);
      return;
    }
    PendingRequest waiting = new PendingRequest(request, headers, timer.nanoTime());
    Outcome refusal;
    synchronized (lock) {
      refusal = admission.refusal(request.signal(), waiting, closing);
      if (refusal == null) {
        occupancy.add(waiting);
        batches.add(request.signal(), waiting);
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

  /** Removes a request whose sender has gone. */
  private void withdrawn(PendingRequest waiting) {
    Runnable completion;
    synchronized (lock) {
      ExportBatch batch = waiting.batch;
      if (batch == null || batches.isInFlight(batch)) {
        return;
      }
      completion = settlements.withdraw(batch, waiting);
      if (batch.requests.isEmpty()) {
        batches.remove(batch);
      }
    }
    completion.run();
    pump();
  }

  /** Moves everything that time, pace and consumers allow to move. Called without the lock. */
  private void pump() {
    List<ExportBatch> start = new ArrayList<>();
    List<Runnable> refuse = new ArrayList<>();
    synchronized (lock) {
      if (closed) {
        return;
      }
      long now = timer.nanoTime();
      batches.advance(now, closing);
      refuseOverdue(now, refuse);
      boolean holds = !refusals.patient() && pace.isDown(now);
      if (holds) {
        refuseHeld(now, refuse);
      }
      int consumers = settings.enabled() ? settings.numConsumers() : Integer.MAX_VALUE;
      while (batches.anyReady()
          && batches.inFlight() < (pace.failing() ? 1 : consumers)
          && pace.opensAt() - now <= 0) {
        start.add(batches.start());
      }
      long hold = holds ? LONGEST_HOLD_NANOS : Long.MAX_VALUE;
      wakeUp.in(batches.nanosToNextMove(now, pace.opensAt() - now, hold), now);
      if (closing && occupancy.isEmpty()) {
        refuse.add(() -> drained.complete(null));
      }
    }
    refuse.forEach(Runnable::run);
    start.forEach(batch -> execute(() -> attempt(batch)));
  }

  /** Refuses requests whose time ends before the next possible attempt. */
  private void refuseOverdue(long now, List<Runnable> refuse) {
    if (maxElapsedNanos == 0 || pace.opensAt() - now <= 0) {
      return;
    }
    for (ExportBatch batch : batches.takeOverdue(pace.opensAt(), maxElapsedNanos)) {
      refuse.add(
          settlements.finish(
              batch, admission.unavailable("gave up waiting for the backend", now), now));
    }
  }

  /** Refuses requests that would wait too long for a backend that is down. */
  private void refuseHeld(long now, List<Runnable> refuse) {
    for (ExportBatch batch : batches.takeHeld(now, pace.opensAt() - now, LONGEST_HOLD_NANOS)) {
      refuse.add(settlements.finish(batch, admission.down(now), now));
    }
  }

  private void wakeUp() {
    synchronized (lock) {
      wakeUp.passed();
    }
    pump();
  }

  private void execute(Runnable work) {
    try {
      executor.execute(work);
    } catch (RejectedExecutionException e) {
      // close() came first, and has refused the batch.
    }
  }

  /** Sends a batch that is in flight, or divides it if it is too large. */
  private void attempt(ExportBatch batch) {
    Slices body;
    Pace.Mark started;
    boolean retry;
    long items;
    synchronized (lock) {
      if (!batches.isInFlight(batch)) {
        return;
      }
      retry = batch.failures > 0;
      items = batch.items;
      body = isTooMuch(batch) && !batch.indivisible ? null : batch.body();
      started = pace.mark();
    }
    if (body == null) {
      divide(batch, /* refusal= */ null);
      return;
    }
    if (retry) {
      metrics.retried();
    } else {
      metrics.batch(items, body.size());
    }
    metrics.inFlight(1);
    CompletableFuture<Response> response;
    try {
      response = transport.send(batch.signal, batch.headers, body);
    } catch (RuntimeException e) {
      response =
          CompletableFuture.completedFuture(
              Response.of(refusals.of(StatusCode.INTERNAL, "cannot send: " + e.getClass())));
    }
    response.thenAccept(
        answer -> {
          metrics.inFlight(-1);
          explain(batch.signal, body, answer);
          answered(batch, answer, started);
        });
  }

  /** Counts and logs why an attempt failed. */
  private void explain(Signal signal, Slices body, Response response) {
    Reason reason = response.reason();
    if (response.outcome() instanceof Outcome.Refused refused) {
      reason = reason == null ? Reason.of(refused.code()) : reason;
      metrics.refused(reason.code());
    }
    if (reason != null && refusalLog.isDue(reason, timer.nanoTime())) {
      Reason due = reason;
      execute(() -> refusalLog.log(signal, due, body));
    }
  }

  /** Whether the backend does not accept a batch of this size, or not within the time limit. */
  private boolean isTooMuch(ExportBatch batch) {
    int timeouts =
        refusals.patient() ? TIMEOUTS_OF_A_LARGE_PATIENT_BATCH : TIMEOUTS_OF_A_LARGE_BATCH;
    return batch.bytes > limit.bytes()
        || (batch.timeouts >= timeouts && batch.bytes > SMALL_BATCH_BYTES);
  }

  private void answered(ExportBatch batch, Response response, Pace.Mark started) {
    Outcome outcome = response.outcome();
    Runnable completion = NOTHING;
    synchronized (lock) {
      if (!batches.isInFlight(batch)) {
        return;
      }
      long now = timer.nanoTime();
      if (response.tooLarge() && limit.learn(batch.bytes, response.maxBytes())) {
        log.limited(limit.bytes());
      }
      if (outcome instanceof Outcome.Refused refused && refusals.mayRetry(refused)) {
        batches.land(batch);
        completion = failed(batch, refused, started, now);
      } else {
        // Whatever the outcome, the backend works.
        if (pace.succeeded()) {
          log.up(now);
        }
        if (outcome instanceof Outcome.Refused refused && refusals.isWorthDividing(refused)) {
          completion = () -> execute(() -> divide(batch, refused));
        } else {
          batches.land(batch);
          completion = settlements.finish(batch, outcome, now);
        }
      }
    }
    completion.run();
    pump();
  }

  /** Puts back a batch that failed, or finishes it if there are no more attempts. */
  private Runnable failed(ExportBatch batch, Outcome.Refused refused, Pace.Mark started, long now) {
    long hint = Backoff.nanos(refused.retryAfter());
    if (pace.failed(started, now, hint)) {
      log.down(refused, now);
    }
    List<Runnable> completions = new ArrayList<>();
    for (PendingRequest waiting : List.copyOf(batch.requests)) {
      if (waiting.ack.isWithdrawn()) {
        completions.add(settlements.withdraw(batch, waiting));
      }
    }
    Runnable completion = () -> completions.forEach(Runnable::run);
    if (batch.requests.isEmpty()) {
      return completion;
    }
    batch.failures++;
    batch.timeouts += refused.code() == StatusCode.DEADLINE_EXCEEDED ? 1 : 0;
    long wait = Math.max(backoff.nanos(batch.failures), hint);
    boolean late = maxElapsedNanos > 0 && now + wait - batch.arrivedAt() > maxElapsedNanos;
    if (!retry.enabled() || late) {
      completions.add(settlements.finish(batch, refused, now));
    } else {
      batches.backOff(batch, now + wait);
    }
    return completion;
  }

  /**
   * Replaces a batch that is in flight by smaller ones. If it cannot be divided, finishes it, or
   * sends it as it is if it was not tried yet. Called without the lock; may take as long as it
   * takes to copy and walk through a request.
   *
   * @param refusal the backend's response; null if the batch was not sent because it is too large
   */
  private void divide(ExportBatch batch, Outcome.@Nullable Refused refusal) {
    Slices uncut;
    synchronized (lock) {
      if (!batches.isInFlight(batch)) {
        return;
      }
      uncut = Division.needsCut(batch) ? batch.body() : null;
    }
    RequestCut cut = uncut == null ? null : Division.cut(batch.signal, uncut);
    Runnable completion = NOTHING;
    synchronized (lock) {
      if (!batches.isInFlight(batch)) {
        return;
      }
      if (!division.divide(batch, cut)) {
        completion = undivided(batch, refusal);
      }
    }
    completion.run();
    pump();
  }

  private Runnable undivided(ExportBatch batch, Outcome.@Nullable Refused refusal) {
    long max = limit.certainBytes();
    if (refusal == null && batch.bytes <= max) {
      batch.indivisible = true;
      return () -> attempt(batch);
    }
    batches.land(batch);
    long now = timer.nanoTime();
    return refusal == null
        ? settlements.finishTooLarge(batch, max, now)
        : settlements.finish(batch, refusal, now);
  }

  void close(Duration drain) {
    synchronized (lock) {
      if (closing) {
        return;
      }
      closing = true;
      batches.hurry();
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
      wakeUp.cancel();
      if (refusals.patient()) {
        settlements.keep();
      }
      Outcome refused = refusals.of(StatusCode.UNAVAILABLE, "was closed before it was delivered");
      for (ExportBatch batch : batches.takeAll()) {
        refuse.add(settlements.finish(batch, refused, timer.nanoTime()));
      }
    }
    refuse.forEach(Runnable::run);
    transport.close();
    timer.close();
    metrics.close(this);
  }

  /** Whether the backend has failed since its last success. */
  boolean failing() {
    synchronized (lock) {
      return pace.failing();
    }
  }

  @Override
  public long size() {
    synchronized (lock) {
      return occupancy.size();
    }
  }

  @Override
  public long capacity() {
    return settings.enabled() ? settings.queueSize() : 0;
  }

  @Override
  public double oldestAge() {
    synchronized (lock) {
      return batches.oldestAge(timer.nanoTime()) / 1e9;
    }
  }
}
