package dev.tallyspan.collector.output.recent;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.erasure.Removal;
import dev.tallyspan.collector.erasure.Subject;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.semconv.content.ContentPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the spans of batches in {@link RecentTraces}. Accepts a batch at once and reads it later on
 * a thread of its own, so that the pipeline does not wait; while more than 32 MiB wait, further
 * batches are not kept, and their spans are counted. So are those of the traces that the {@link
 * ReadingBudget} leaves out. Of logs, only the results of evaluations are kept. Metrics are
 * accepted and not kept.
 */
public final class RecentOutput implements Output, PersonalData, AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(RecentOutput.class.getName());

  private static final long MAX_WAITING_BYTES = 32L << 20;

  private final RecentTraces traces;
  private final @Nullable StoredTraces stored;
  private final SpanReading reading;
  private final @Nullable ReadingBudget budget;
  private final Executor executor;
  private final @Nullable ExecutorService owned;
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicLong skippedSpans = new AtomicLong();
  private final AtomicLong unnamed = new AtomicLong();

  private RecentOutput(
      RecentTraces traces,
      @Nullable ContentPolicy policy,
      @Nullable StoredTraces stored,
      @Nullable ReadingBudget budget,
      Executor executor,
      @Nullable ExecutorService owned) {
    this.stored = stored;
    this.budget = budget;
    // Spans without an id must not replace those of an earlier run.
    unnamed.set(stored == null ? 0 : System.currentTimeMillis() * 1000);
    this.traces = requireNonNull(traces, "traces");
    this.executor = executor;
    this.owned = owned;
    reading = new SpanReading(policy, "tallyspan.metadata.feature");
  }

  /**
   * Starts the thread that reads batches.
   *
   * @param policy what of the content is kept; null = everything
   */
  public static RecentOutput start(RecentTraces traces, @Nullable ContentPolicy policy) {
    return start(traces, policy, /* stored= */ null);
  }

  /**
   * Starts the thread that reads batches.
   *
   * @param policy what of the content is kept; null = everything
   * @param stored keeps the same on disk, and is closed with the output; null = nothing does
   */
  public static RecentOutput start(
      RecentTraces traces, @Nullable ContentPolicy policy, @Nullable StoredTraces stored) {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread created = new Thread(task, "recent-traces");
              created.setDaemon(true);
              return created;
            });
    ReadingBudget budget = ReadingBudget.system(traces.stats().maxBytes());
    return new RecentOutput(traces, policy, stored, budget, thread, thread);
  }

  /**
   * Returns an output that reads all batches on an executor of its owner.
   *
   * @param policy what of the content is kept; null = everything
   */
  public static RecentOutput on(
      Executor executor, RecentTraces traces, @Nullable ContentPolicy policy) {
    return on(executor, traces, policy, /* budget= */ null);
  }

  static RecentOutput on(
      Executor executor,
      RecentTraces traces,
      @Nullable ContentPolicy policy,
      @Nullable ReadingBudget budget) {
    return new RecentOutput(
        traces, policy, /* stored= */ null, budget, executor, /* owned= */ null);
  }

  /** The number of spans that were not kept because too much arrived, or because they failed. */
  public long skippedSpans() {
    return skippedSpans.get();
  }

  @Override
  public void write(Batch batch) {
    long size = batch.request().bytes().size();
    if (!mayBeKept(batch)) {
      skipped(batch);
    } else if (batch.request().signal() != Signal.METRICS) {
      if (waitingBytes.addAndGet(size) > MAX_WAITING_BYTES + size) {
        waitingBytes.addAndGet(-size);
        skipped(batch);
      } else {
        later(batch, size);
      }
    }
    batch.request().ack().settle(Outcome.ACCEPTED);
  }

  /**
   * Whether a trace of the batch is to be read by the budget of now. While it is short, this is
   * found out here: what is left out should not wait, with all that was understood of it.
   */
  private boolean mayBeKept(Batch batch) {
    double share = budget == null ? 1 : budget.share();
    if (share >= 1 || batch.request().signal() != Signal.TRACES) {
      return true;
    }
    try {
      return batch.hasTrace(trace -> ReadingBudget.isIn(share, trace));
    } catch (MalformedRequestException e) {
      return false; // The pipeline has answered its sender.
    }
  }

  private void later(Batch batch, long size) {
    try {
      executor.execute(
          () -> {
            try {
              keep(batch);
            } finally {
              waitingBytes.addAndGet(-size);
            }
          });
    } catch (RejectedExecutionException e) {
      waitingBytes.addAndGet(-size);
      skipped(batch); // It is closed.
    }
  }

  private void skipped(Batch batch) {
    if (batch.request().signal() == Signal.TRACES) {
      skippedSpans.addAndGet(batch.request().items());
    }
  }

  private void keep(Batch batch) {
    if (batch.request().signal() == Signal.LOGS) {
      keepEvaluations(batch);
      return;
    }
    List<RecentSpan> spans = new ArrayList<>();
    if (budget != null) {
      budget.begin();
    }
    try {
      visit(
          batch,
          (span, record, sums) -> {
            String key =
                span.spanId().isEmpty() ? "unnamed-" + unnamed.incrementAndGet() : span.spanId();
            try {
              spans.add(reading.read(span, record, batch.evaluations(span, record), key));
            } catch (RuntimeException e) {
              skippedSpans.incrementAndGet();
              // The class alone: a message may quote content.
              LOGGER.log(
                  System.Logger.Level.ERROR,
                  "the viewer cannot keep a span: " + e.getClass().getName());
            }
          });
    } catch (MalformedRequestException e) {
      return; // The pipeline has answered its sender.
    }
    List<RecentSpan> taken = traces.add(spans);
    if (stored != null) {
      stored.add(taken);
    }
    if (budget != null) {
      budget.end(taken.stream().mapToLong(RecentSpan::bytes).sum());
    }
  }

  /** Visits the spans that the budget allows to read, and counts the others. */
  private void visit(Batch batch, Batch.SpanVisitor visitor) throws MalformedRequestException {
    double share = budget == null ? 1 : budget.share();
    if (share >= 1) {
      batch.forEachSpan(visitor);
      return;
    }
    batch.forEachSpan(
        trace -> {
          boolean wanted = ReadingBudget.isIn(share, trace);
          if (!wanted) {
            skippedSpans.incrementAndGet();
          }
          return wanted;
        },
        visitor);
  }

  private void keepEvaluations(Batch batch) {
    List<LateScore> scores = new ArrayList<>();
    try {
      batch.forEachEvaluation(
          (log, evaluation) ->
              scores.add(new LateScore(log.traceId(), log.spanId(), reading.score(evaluation))));
    } catch (MalformedRequestException e) {
      return; // The pipeline has answered its sender.
    } catch (RuntimeException e) {
      LOGGER.log(
          System.Logger.Level.ERROR,
          "the viewer cannot keep an evaluation: " + e.getClass().getName());
    }
    List<RecentSpan> changed = traces.addScores(scores);
    if (stored != null) {
      stored.add(changed);
    }
  }

  @Override
  public String place() {
    return "the viewer";
  }

  @Override
  public void findTraces(Subject subject, Set<String> traceIds) throws IOException {
    // After what waits was read.
    afterWaiting(
        () -> {
          traces.findTraces(subject, traceIds);
          return traceIds;
        });
    if (stored != null) {
      stored.findTraces(subject, traceIds);
    }
  }

  @Override
  public List<Removal> forget(Subject subject, Set<String> traceIds) throws IOException {
    if (stored != null) {
      stored.awaitLoaded();
    }
    int[] removed = afterWaiting(() -> traces.forget(traceIds));
    List<Removal> removals = new ArrayList<>();
    removals.add(
        Removal.done(
            "removed "
                + Removal.count(removed[0], "trace")
                + " with "
                + Removal.count(removed[1], "span")
                + " from the viewer"));
    if (stored != null) {
      removals.addAll(stored.forget(subject, traceIds));
    }
    return removals;
  }

  private <T> T afterWaiting(Supplier<T> work) throws IOException {
    CompletableFuture<T> done = new CompletableFuture<>();
    try {
      executor.execute(
          () -> {
            try {
              done.complete(work.get());
            } catch (RuntimeException | Error e) {
              done.completeExceptionally(e);
            }
          });
      return done.get();
    } catch (RejectedExecutionException e) {
      throw new IOException("the viewer is closed", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Stops reading. What waits is dropped, unless it is to be kept on disk; then it is read first,
   * for two seconds at most.
   */
  @Override
  public void close() {
    if (owned != null) {
      if (stored != null) {
        owned.shutdown();
        try {
          owned.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      owned.shutdownNow();
    }
    if (stored != null) {
      stored.close();
    }
  }
}
