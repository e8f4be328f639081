package dev.tallyspan.collector.queue;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.RequestLog;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Answers senders when their requests are in a log, and delivers the requests from there.
 *
 * <p>Thread-safe. Receivers call {@link #intake intakes} on their workers. Outputs are called on
 * the executor's threads, and settle requests on any thread.
 */
public final class RequestQueue implements AutoCloseable {

  /*
   * The acknowledgement of the sender and the delivery are two things here. An intake appends the
   * request to the log; when the log has stored it, the sender is answered, and the lanes of the
   * outputs are woken. Each lane reads the log at its own position, so an output that is slow or down
   * delays neither the sender nor the other outputs.
   *
   * What the outputs are done with is saved five times a second, and when the queue closes. After a
   * crash in between, outputs receive some requests again: at least once, not exactly once. What all
   * outputs are done with is discarded at the same time, even if it could not be saved: on a full
   * disk, this is what makes room. A position that was not saved then points before the log's start,
   * which does no harm.
   *
   * What is to be erased is erased once every output is done with it: a request that waits is one
   * that was acknowledged, and cannot be called back from outputs that have it already. The list of
   * those is kept on disk, so a restart does not forget it.
   *
   * An output that is new gets what arrives from its first start on, so its position is saved before
   * the first request is accepted; otherwise, after a crash, it would be new once more.
   */

  /**
   * What {@link #erase} did.
   *
   * @param removed requests that were delivered and still on disk
   * @param waiting requests that some output waits for; they are erased when all outputs are done
   */
  public record Erased(long removed, long waiting) {}

  private static final Logger LOGGER = System.getLogger(RequestQueue.class.getName());

  /** The name under which a {@link CursorStore} keeps what is to be erased. */
  public static final String ERASURES = "erase";

  private static final long SAVE_EVERY_NANOS = Duration.ofMillis(200).toNanos();

  private final RequestLog log;

  /** What outputs of earlier runs are done with, as long as something waits for them. */
  private final Map<String, SequenceSet> orphans = new TreeMap<>();

  private final Set<String> awaitedOrphans = new TreeSet<>();
  private final List<Lane> lanes = new ArrayList<>();
  private final EntrySizes sizes = new EntrySizes();
  private final CursorStore cursors;
  private final Timer timer;
  private final Executor executor;
  private final boolean hasNewOutputs;
  private final QueueMetrics metrics;

  private final Object saving = new Object();

  private final CursorStore erasureStore;

  /** Guards the entries that are to be erased when they are done. */
  private final Object erasing = new Object();

  private final TreeSet<Long> toErase = new TreeSet<>();

  /** Whether the last attempt to save failed. */
  private volatile boolean saveFailed;

  // Guarded by this.
  private boolean saveScheduled;
  private boolean awaited;
  private boolean closed;

  private RequestQueue(Builder builder) {
    log = builder.log;
    cursors = builder.cursors;
    timer = builder.timer;
    executor = builder.executor;
    Map<String, List<long[]>> saved = new HashMap<>(builder.done);
    hasNewOutputs =
        builder.outputs.stream().anyMatch(output -> !builder.done.containsKey(output.name()));
    long end = log.end();
    for (QueueOutput output : builder.outputs) {
      List<long[]> ranges = saved.remove(output.name());
      SequenceSet done = new SequenceSet(ranges == null ? List.of() : before(end, ranges));
      if (ranges == null && !builder.newOutputsFromStart) {
        // An output that is new gets what arrives from now on.
        done.add(0, end - 1);
      }
      lanes.add(
          new Lane(
              output,
              log,
              sizes,
              done,
              builder.deadLetters,
              builder.executor,
              timer,
              this::onDone));
    }
    erasureStore = builder.erasures;
    for (long[] range : before(end, builder.toErase)) {
      for (long sequence = Math.max(range[0], log.start()); sequence <= range[1]; sequence++) {
        toErase.add(sequence);
      }
    }
    saved.forEach((name, ranges) -> orphans.put(name, new SequenceSet(before(end, ranges))));
    metrics = new QueueMetrics(builder.meter, builder.mode, lanes, builder.clock);
  }

  /** Leaves out sequences that the log does not have yet: they will be those of other entries. */
  private static List<long[]> before(long end, List<long[]> ranges) {
    return ranges.stream()
        .filter(range -> range[0] < end)
        .map(range -> new long[] {range[0], Math.min(range[1], end - 1)})
        .toList();
  }

  /**
   * Returns a builder.
   *
   * @param mode how the queue is called in metrics: {@code durable} or {@code memory}
   * @param log closed with the queue
   * @param timer not closed with the queue
   */
  public static Builder builder(String mode, RequestLog log, Timer timer) {
    return new Builder(mode, log, timer);
  }

  /**
   * The outputs that an earlier run knew and this one does not, and for which recovered requests
   * wait. The log keeps the requests.
   */
  public List<String> formerOutputs() {
    return List.copyOf(awaitedOrphans);
  }

  /**
   * Saves the positions of new outputs, and starts the delivery of what earlier runs left. Call
   * this before an intake gets requests.
   *
   * @throws IOException if the positions of new outputs cannot be saved
   */
  public void start() throws IOException {
    orphans.keySet().retainAll(awaitedOrphans);
    if (hasNewOutputs) {
      saveAndDiscard();
    }
    if (!hasNewOutputs || hasErasures()) {
      onDone();
    }
    lanes.forEach(Lane::wake);
  }

  /**
   * Returns an intake that queues requests for the outputs of these routes, and settles them when
   * they are stored.
   */
  public Intake intake(List<String> routes) {
    List<String> labels = List.copyOf(routes);
    List<Lane> takers = lanes.stream().filter(lane -> lane.takes(labels)).toList();
    List<Lane> others = lanes.stream().filter(lane -> !lane.takes(labels)).toList();
    return request -> append(request, labels, takers, others);
  }

  private void append(
      OtlpRequest request, List<String> labels, List<Lane> takers, List<Lane> others) {
    if (request.ack().isWithdrawn()) {
      request
          .ack()
          .settle(Outcome.refused(StatusCode.CANCELLED, "the sender did not wait for the answer"));
      return;
    }
    if (request.items() == 0) {
      request.ack().settle(Outcome.ACCEPTED);
      return;
    }
    log.append(
        request.signal(),
        request.items(),
        labels,
        request.bytes(),
        new RequestLog.Appended() {
          @Override
          public void stored(long sequence) {
            sizes.put(sequence, request.items(), request.bytes().size());
            if (!others.isEmpty()) {
              others.forEach(lane -> lane.skip(sequence));
              onDone(sequence);
            }
            for (Lane lane : takers) {
              lane.stored(request.items(), request.bytes().size());
              lane.wake();
            }
            request.ack().settle(Outcome.ACCEPTED);
          }

          @Override
          public void refused(Outcome.Refused why) {
            metrics.refused(request.signal(), request.items());
            // What is done makes room.
            onDone();
            request.ack().settle(why);
          }
        });
  }

  /** Counts an entry that an earlier run left; call this for each before {@link #start}. */
  public void recovered(long sequence, int items, List<String> labels, long bytes) {
    sizes.put(sequence, items, bytes);
    for (Lane lane : lanes) {
      if (lane.takes(labels)) {
        lane.recovered(sequence, items, bytes);
      }
    }
    orphans.forEach(
        (name, done) -> {
          if (QueueOutput.isOf(name, labels) && !done.contains(sequence)) {
            awaitedOrphans.add(name);
          }
        });
  }

  /**
   * Gives up entries that the log drops or cannot read. Call this on any thread; does not block.
   *
   * @param first the first sequence
   * @param last the last one, inclusive
   */
  public void lost(long first, long last) {
    lanes.forEach(lane -> lane.lost(first, last));
    onDone();
  }

  /** Called when an output is done with a request. */
  private void onDone(long sequence) {
    if (lanes.stream().allMatch(lane -> lane.isDone(sequence, sequence))) {
      log.release(sequence);
    }
    onDone();
  }

  private void onDone() {
    synchronized (this) {
      if (awaited) {
        notifyAll();
      }
      if (saveScheduled || closed) {
        return;
      }
      saveScheduled = true;
    }
    // Saving blocks, which the timer must not.
    timer.schedule(() -> execute(this::save), SAVE_EVERY_NANOS);
  }

  private void execute(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      // The queue is closing, and saves then.
    }
  }

  private void save() {
    boolean open;
    synchronized (this) {
      saveScheduled = false;
      open = !closed;
    }
    try {
      saveAndDiscard();
      if (open) {
        eraseDone(); // The next run does it otherwise: the log is closed.
      }
      saveFailed = false;
    } catch (IOException | RuntimeException e) {
      if (!saveFailed) {
        saveFailed = true;
        LOGGER.log(
            Level.WARNING,
            "queue: the positions of the outputs, or what is to be erased, cannot be saved: {0};"
                + " trying again",
            e.getClass().getName());
      }
      onDone();
    }
  }

  private void saveAndDiscard() throws IOException {
    synchronized (saving) {
      Map<String, List<long[]>> done = new LinkedHashMap<>();
      orphans.forEach((name, set) -> done.put(name, set.ranges()));
      lanes.forEach(lane -> done.put(lane.name(), lane.doneRanges()));
      try {
        cursors.save(done);
      } finally {
        log.discard(covering(done));
        sizes.forgetBefore(log.start());
      }
    }
  }

  /**
   * Erases the chosen requests that are delivered and still on disk; those that wait for an output
   * are erased when all outputs are done with them, also after a restart. Blocks while the log is
   * read.
   *
   * @param which chooses; it sees each request in the log
   * @throws IOException if the disk cannot be read or written; some requests may be erased then
   */
  public Erased erase(Predicate<LogEntry> which) throws IOException {
    synchronized (erasing) {
      List<Long> waiting = new ArrayList<>();
      long removed =
          log.erase(
              log.start(),
              log.end() - 1,
              entry -> {
                if (!which.test(entry)) {
                  return false;
                }
                boolean done = isDone(entry.sequence());
                if (!done) {
                  waiting.add(entry.sequence());
                }
                return done;
              });
      if (!waiting.isEmpty()) {
        toErase.addAll(waiting);
        saveErasures();
      }
      onDone();
      return new Erased(removed, waiting.size());
    }
  }

  private boolean hasErasures() {
    synchronized (erasing) {
      return !toErase.isEmpty();
    }
  }

  private void eraseDone() throws IOException {
    synchronized (erasing) {
      if (toErase.isEmpty()) {
        return;
      }
      Set<Long> done = new TreeSet<>(toErase);
      done.removeIf(sequence -> sequence >= log.start() && !isDone(sequence));
      if (done.isEmpty()) {
        return;
      }
      log.erase(toErase.first(), toErase.last(), entry -> done.contains(entry.sequence()));
      toErase.removeAll(done);
      saveErasures();
    }
  }

  private void saveErasures() throws IOException {
    erasureStore.save(
        Map.of(
            ERASURES, toErase.stream().map(sequence -> new long[] {sequence, sequence}).toList()));
  }

  private boolean isDone(long sequence) {
    return lanes.stream().allMatch(lane -> lane.isDone(sequence, sequence))
        && orphans.values().stream().allMatch(done -> done.contains(sequence));
  }

  /**
   * Returns what all outputs are done with.
   *
   * @param done for each output, the first and the last sequence of each range, inclusive
   */
  public static RequestLog.Done covering(Map<String, List<long[]>> done) {
    List<SequenceSet> sets = done.values().stream().map(SequenceSet::new).toList();
    return (first, last) -> sets.stream().allMatch(set -> set.covers(first, last));
  }

  /** Delivers nothing more from the log; what outputs have already can still be settled. */
  public void stop() {
    lanes.forEach(Lane::stop);
  }

  /** Whether every output is done with everything. */
  boolean isDrained() {
    return lanes.stream().allMatch(Lane::isDrained);
  }

  /** Waits until every output is done with everything, at most for {@code limit}. */
  public void awaitDrained(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (this) {
      awaited = true;
      try {
        for (long left = limit.toNanos(); left > 0 && !isDrained(); ) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
          left = deadline - System.nanoTime();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns what each output received, and what became of it. */
  List<LaneCounts> counts() {
    return lanes.stream().map(Lane::counts).toList();
  }

  /** The number of items that some output is not done with; for several outputs, their sum. */
  public long undelivered() {
    return counts().stream().mapToLong(LaneCounts::queuedItems).sum();
  }

  /** Stops, stores what was accepted, and saves the positions of the outputs. */
  @Override
  public void close() {
    lanes.forEach(Lane::close);
    log.close();
    synchronized (this) {
      closed = true;
    }
    save();
    metrics.close();
  }

  /** The settings of a queue. Not thread-safe. */
  public static final class Builder {

    private final String mode;
    private final RequestLog log;
    private final List<QueueOutput> outputs = new ArrayList<>();
    private Map<String, List<long[]>> done = Map.of();
    private CursorStore cursors = CursorStore.NONE;
    private List<long[]> toErase = List.of();
    private CursorStore erasures = CursorStore.NONE;
    private DeadLetters deadLetters = DeadLetters.NONE;
    private boolean newOutputsFromStart;
    private Executor executor = Runnable::run;
    private InstantSource clock = InstantSource.system();
    private Meter meter = OpenTelemetry.noop().getMeter("dev.tallyspan.collector");

    private final Timer timer;

    private Builder(String mode, RequestLog log, Timer timer) {
      this.mode = requireNonNull(mode, "mode");
      this.log = requireNonNull(log, "log");
      this.timer = requireNonNull(timer, "timer");
    }

    /** Adds an output. */
    public Builder output(QueueOutput output) {
      outputs.add(output);
      return this;
    }

    /**
     * Keeps the positions of the outputs. Default: not kept.
     *
     * @param done what was kept by the last run
     */
    public Builder cursors(Map<String, List<long[]>> done, CursorStore cursors) {
      this.done = Map.copyOf(done);
      this.cursors = requireNonNull(cursors, "cursors");
      return this;
    }

    /**
     * Keeps what is to be erased when it is delivered, under {@link RequestQueue#ERASURES}.
     * Default: not kept.
     *
     * @param kept what was kept by the last run
     */
    public Builder erasures(Map<String, List<long[]>> kept, CursorStore erasures) {
      toErase = kept.getOrDefault(ERASURES, List.of());
      this.erasures = requireNonNull(erasures, "erasures");
      return this;
    }

    /**
     * Whether outputs without a kept position get what the log already holds. Set this if the
     * positions were lost. Default: false.
     */
    public Builder newOutputsFromStart(boolean newOutputsFromStart) {
      this.newOutputsFromStart = newOutputsFromStart;
      return this;
    }

    /** Keeps what backends refuse permanently. Default: not kept. */
    public Builder deadLetters(DeadLetters deadLetters) {
      this.deadLetters = requireNonNull(deadLetters, "deadLetters");
      return this;
    }

    /** The threads that understand and write requests. Default: the caller's. */
    public Builder executor(Executor executor) {
      this.executor = requireNonNull(executor, "executor");
      return this;
    }

    public Builder clock(InstantSource clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /** The meter for the queue's metrics. Default: no metrics. */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    /**
     * @throws IllegalArgumentException if two outputs have the same name
     */
    public RequestQueue build() {
      long names = outputs.stream().map(QueueOutput::name).distinct().count();
      if (names != outputs.size()) {
        throw new IllegalArgumentException(
            "outputs=" + outputs.stream().map(QueueOutput::name).toList() + ": names must differ");
      }
      return new RequestQueue(this);
    }
  }
}
