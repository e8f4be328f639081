package dev.tallyspan.collector.window;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.ItemCursor;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.TraceStep;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.SpanOutlines;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.KeyClass;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Holds the spans of traces with LLM calls until it is decided which span bills each call, and
 * passes them on to an output. Other spans pass at once.
 *
 * <p>Thread-safe. {@link #write} is called by workers. Traces that wait are decided on the
 * executor's threads, and the output is called there, without a lock.
 */
public final class TraceWindow implements Output, AutoCloseable {

  /*
   * What can still change is held, and nothing else. Children end before their parents, so the
   * ancestors of an LLM span, which get its sums, come after it: a span of a trace in which no LLM
   * span was seen leaves at once, and once a trace has one, all of its later spans wait. A request
   * without LLM spans is not even read while no trace is known.
   *
   * A request usually has spans of several traces. Those that wait hold the whole request, whose
   * bytes the queue keeps anyway until it is delivered; so a limit counts the bytes of requests. Each
   * part that leaves is cut from the request, with the resource and scope of each span, and takes a
   * share of the acknowledgement. Parts of one request that leave together leave as one.
   *
   * The queue counts a request as delivered when all of its parts are. If the process dies before,
   * the queue delivers the request again, whole: nothing is lost, and what waits needs no storage.
   *
   * A trace is decided when it is quiet: a short time after the last span if its root has ended and
   * every parent is known, else a longer one; or when it is too old or too large, or when all traces
   * together are. Nothing is refused: at a limit, a trace is decided with what is there. What was
   * decided is remembered without content, so that late spans are decided with it, and a span that
   * is sent again gets the verdict that it had. Late spans wait like others, since they may come
   * with their twins.
   *
   * Calls are recorded in two traces, too. Traces are still decided one by one, but with the calls of
   * other traces as evidence that have the same response id, or the same tokens. Both sides apply
   * the same order, so that they agree without waiting for each other.
   *
   * One lock guards everything. It is held for some microseconds for each LLM span, while reading,
   * pricing and writing a span take ten times as long and need no lock; and each output has a window
   * of its own. So the window is not divided further.
   */

  private static final long TICK_NANOS = Duration.ofMillis(100).toNanos();

  private final WindowSettings settings;
  private final List<TraceStep> steps;
  private final Set<KeyClass> fillGaps;
  private final Output output;
  private final Timer timer;
  private final Executor executor;
  private final BiFunction<Batch, SpanRecord, SpanRecord> rereading;
  private final WindowMetrics metrics;

  private final Object lock = new Object();

  // Guarded by the lock.

  /** The traces with spans that are held, in the order in which the first of them came. */
  private final Map<TraceId, OpenTrace> held = new LinkedHashMap<>();

  /** The traces of which only forwarded spans are known, in the order of their decisions. */
  private final Map<TraceId, OpenTrace> decided = new LinkedHashMap<>();

  private final Evidence evidence = new Evidence();

  /** The traces that have reached their limit in the request that is being added. */
  private final List<OpenTrace> tooLarge = new ArrayList<>();

  private int heldSpans;
  private long heldBytes;
  private int rememberedSpans;
  private boolean ticking;
  private boolean flushed;

  /** Whether any trace is held or remembered. Written with the lock. */
  private volatile boolean knowsTraces;

  private TraceWindow(Builder builder) {
    settings = builder.settings;
    steps = List.copyOf(builder.steps);
    fillGaps = builder.fillGaps;
    output = builder.output;
    timer = builder.timer;
    executor = builder.executor;
    rereading = builder.rereading;
    metrics = new WindowMetrics(builder.meter, builder.name, this::counts);
  }

  /**
   * Returns a builder.
   *
   * @param output receives what has been decided
   * @param timer not closed with the window
   */
  public static Builder builder(Output output, Timer timer) {
    return new Builder(output, timer);
  }

  @Override
  public void write(Batch batch) {
    if (batch.request().signal() != Signal.TRACES || batch.records().isEmpty() && !knowsTraces) {
      pass(List.of(batch));
      return;
    }
    SpanOutlines outlines;
    try {
      outlines = batch.outlines();
    } catch (MalformedRequestException e) {
      pass(batch); // Only the items of records have been read; the rest is the backend's.
      return;
    }
    Batch passing;
    Decisions decisions = new Decisions();
    synchronized (lock) {
      passing = add(batch, outlines);
      decideOverLimits(decisions);
      tickLater();
    }
    if (passing != null) {
      pass(List.of(passing));
    }
    decisions.pass();
  }

  /** Holds the spans that wait, and returns the others; null if all wait. */
  private @Nullable Batch add(Batch batch, SpanOutlines outlines) {
    Set<TraceId> withCalls = new HashSet<>();
    for (SpanRecord record : batch.records()) {
      TraceId trace = outlines.traceId(record.item());
      if (trace.isValid()) {
        withCalls.add(trace);
      }
    }
    long now = timer.nanoTime();
    HeldRequest request = new HeldRequest(batch, outlines);
    BitSet passing = new BitSet(outlines.size());
    ItemCursor<SpanRecord> records = batch.recordsByItem();
    TraceId last = null;
    boolean lastWaits = false;
    for (int item = 0; item < outlines.size(); item++) {
      TraceId trace = outlines.traceId(item);
      if (!trace.equals(last)) {
        last = trace;
        lastWaits =
            withCalls.contains(trace) || held.containsKey(trace) || decided.containsKey(trace);
      }
      if (lastWaits) {
        hold(RequestSpans.span(outlines, item, trace, records.at(item)), request, now);
      } else {
        passing.set(item);
      }
    }
    if (passing.cardinality() == outlines.size()) {
      return batch;
    }
    heldBytes += request.bytes();
    knowsTraces = true;
    try {
      return passing.isEmpty() ? null : request.part(passing);
    } catch (MalformedRequestException e) {
      throw new IllegalStateException(e); // Cannot happen: the outlines have been read.
    }
  }

  private void hold(TraceSpan span, HeldRequest request, long now) {
    OpenTrace trace = held.get(span.trace);
    if (trace == null) {
      trace = decided.remove(span.trace);
      if (trace == null) {
        trace = new OpenTrace(span.trace);
      }
      held.put(span.trace, trace);
    }
    if (trace.isKnown()) {
      metrics.late();
    }
    trace.add(span, request, now);
    if (trace.held.size() == settings.maxSpansPerTrace()) {
      tooLarge.add(trace);
    }
    heldSpans++;
    if (span.isCall()) {
      evidence.add(span);
    }
  }

  private void decideOverLimits(Decisions decisions) {
    while (!held.isEmpty()
        && (flushed || heldSpans > settings.maxSpans() || heldBytes > settings.maxBytes())) {
      OpenTrace oldest = held.values().iterator().next();
      decisions.decide(oldest, flushed ? Reason.SHUTDOWN : Reason.LIMIT);
      decisions.cut(); // Frees the bytes that the loop counts.
    }
    if (!tooLarge.isEmpty()) {
      for (OpenTrace trace : tooLarge) {
        if (!trace.held.isEmpty()) {
          decisions.decide(trace, Reason.LIMIT);
        }
      }
      tooLarge.clear();
      decisions.cut();
    }
  }

  private void tickLater() {
    if (!ticking && !held.isEmpty()) {
      ticking = true;
      timer.schedule(this::tick, TICK_NANOS);
    }
  }

  /** Runs on the timer's thread, which must not be delayed. */
  private void tick() {
    try {
      executor.execute(this::decideDue);
    } catch (RejectedExecutionException e) {
      // The collector is closing.
    }
  }

  private void decideDue() {
    Decisions decisions = new Decisions();
    synchronized (lock) {
      ticking = false;
      long now = timer.nanoTime();
      for (OpenTrace trace : List.copyOf(held.values())) {
        Reason reason = due(trace, now);
        if (reason != null) {
          decisions.decide(trace, reason);
        }
      }
      decisions.cut();
      tickLater();
    }
    decisions.pass();
  }

  private @Nullable Reason due(OpenTrace trace, long now) {
    long quiet = now - trace.lastNanos;
    if (trace.isComplete() && quiet >= settings.afterRoot().toNanos()) {
      return Reason.ROOT;
    }
    if (quiet >= settings.decisionWait().toNanos()) {
      return Reason.QUIET;
    }
    return now - trace.firstNanos >= settings.maxAge().toNanos() ? Reason.AGE : null;
  }

  /** Why a trace was decided. */
  enum Reason {
    /** Its root has ended, and every parent is known. */
    ROOT,
    /** No span came for a while. */
    QUIET,
    /** It was held for too long. */
    AGE,
    /** It, or all traces together, became too large. */
    LIMIT,
    /** The window was flushed. */
    SHUTDOWN
  }

  /** The traces that are decided in one go, so that the parts of each request leave together. */
  private final class Decisions {

    private final Map<HeldRequest, List<TraceSpan>> parts = new LinkedHashMap<>();
    private final List<Batch> batches = new ArrayList<>();

    /** Decides a trace. Call this with the lock. */
    void decide(OpenTrace trace, Reason reason) {
      held.remove(trace.id);
      metrics.decided(reason);
      boolean whole = reason == Reason.ROOT || reason == Reason.QUIET;
      try {
        List<TraceSpan> spans = trace.spans(rereading);
        List<TraceSpan> withEvidence = new ArrayList<>(spans);
        withEvidence.addAll(evidence.about(spans));
        CallRules.decide(withEvidence, whole, fillGaps);
        Totals.set(spans);
      } catch (RuntimeException | StackOverflowError e) {
        // The spans leave with what they say themselves.
        InternalFault.log("the decision about a trace", e);
      }
      for (OpenTrace.HeldSpan each : trace.held) {
        parts.computeIfAbsent(each.request(), request -> new ArrayList<>()).add(each.span());
        metrics.note(each.span());
      }
      heldSpans -= trace.held.size();
      rememberedSpans -= trace.remembered().size();
      trace.forwarded(evidence::remove);
      rememberedSpans += trace.remembered().size();
      decided.put(trace.id, trace);
    }

    /** Cuts what was decided from the requests. Call this with the lock. */
    void cut() {
      parts.forEach(
          (request, spans) -> {
            spans.sort(Comparator.comparingInt(span -> span.item));
            try {
              batches.add(request.part(spans));
            } catch (MalformedRequestException e) {
              throw new IllegalStateException(e); // Cannot happen: the outlines have been read.
            }
            if (request.isDone()) {
              heldBytes -= request.bytes();
            }
            spans.forEach(TraceSpan::forwarded);
          });
      parts.clear();
      forget();
    }

    /** Passes on what was decided. Call this without the lock. */
    void pass() {
      if (!batches.isEmpty()) {
        TraceWindow.this.pass(batches);
      }
    }
  }

  private void pass(List<Batch> batches) {
    List<Batch> left = batches;
    try {
      for (TraceStep step : steps) {
        left = step.apply(left);
      }
    } catch (RuntimeException | Error e) {
      Outcome failed = InternalFault.log("a step", e);
      batches.forEach(batch -> batch.request().ack().settle(failed));
      return;
    }
    left.forEach(this::pass);
  }

  private void pass(Batch batch) {
    try {
      output.write(batch);
    } catch (RuntimeException | Error e) {
      batch.request().ack().settle(InternalFault.log("an output", e));
    }
  }

  /** Forgets the traces that were decided first, as far as there are too many. */
  private void forget() {
    Iterator<OpenTrace> oldest = decided.values().iterator();
    while (rememberedSpans > settings.remembered() && oldest.hasNext()) {
      OpenTrace trace = oldest.next();
      oldest.remove();
      rememberedSpans -= trace.remembered().size();
      trace.remembered().forEach(evidence::remove);
    }
    knowsTraces = !held.isEmpty() || !decided.isEmpty();
  }

  /**
   * Decides everything that is held, and from now on everything as it comes. Call this before the
   * output is closed, if what is held is stored nowhere else.
   */
  public void flush() {
    Decisions decisions = new Decisions();
    synchronized (lock) {
      flushed = true;
      decideOverLimits(decisions);
    }
    decisions.pass();
  }

  /** Decides everything that is held now, and nothing else. */
  public void decideNow() {
    Decisions decisions = new Decisions();
    synchronized (lock) {
      List.copyOf(held.values()).forEach(trace -> decisions.decide(trace, Reason.LIMIT));
      decisions.cut();
    }
    decisions.pass();
  }

  /** Returns what is held and remembered. */
  WindowMetrics.Counts counts() {
    synchronized (lock) {
      return new WindowMetrics.Counts(held.size(), heldSpans, heldBytes, rememberedSpans);
    }
  }

  /** Drops what is held, without settling it. */
  @Override
  public void close() {
    metrics.close();
  }

  /** The settings of a window. Not thread-safe. */
  public static final class Builder {

    private final Output output;
    private final Timer timer;
    private String name = "";
    private WindowSettings settings = WindowSettings.DEFAULT;
    private List<TraceStep> steps = List.of();
    private Set<KeyClass> fillGaps = Set.of();
    private Executor executor = Runnable::run;
    private BiFunction<Batch, SpanRecord, SpanRecord> rereading = (batch, record) -> record;
    private Meter meter = MeterProvider.noop().get("tallyspan");

    private Builder(Output output, Timer timer) {
      this.output = requireNonNull(output, "output");
      this.timer = requireNonNull(timer, "timer");
    }

    /** The name of the output in metrics. Default: empty. */
    public Builder name(String name) {
      this.name = requireNonNull(name, "name");
      return this;
    }

    public Builder settings(WindowSettings settings) {
      this.settings = requireNonNull(settings, "settings");
      return this;
    }

    /** What is done with traces before they are written, in this order. Default: nothing. */
    public Builder steps(List<TraceStep> steps) {
      this.steps = List.copyOf(steps);
      return this;
    }

    /** What a billed span takes over from the other spans of its call. Default: nothing. */
    public Builder fillGaps(Set<KeyClass> classes) {
      this.fillGaps = Set.copyOf(classes);
      return this;
    }

    /** The threads that decide about traces. Default: the timer's. */
    public Builder executor(Executor executor) {
      this.executor = requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Reads a span again, with what has become known since it arrived; returns the same record if
     * nothing has. Default: spans are not read again.
     */
    public Builder rereading(BiFunction<Batch, SpanRecord, SpanRecord> rereading) {
      this.rereading = requireNonNull(rereading, "rereading");
      return this;
    }

    /** The meter for the window's metrics. Default: no metrics. */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    public TraceWindow build() {
      return new TraceWindow(this);
    }
  }
}
