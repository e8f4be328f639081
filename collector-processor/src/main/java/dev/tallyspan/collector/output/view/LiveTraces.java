package dev.tallyspan.collector.output.view;

import dev.tallyspan.collector.pipeline.Output;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Prints traces as they arrive, if a filter selects them: each when none of its spans has arrived
 * for two seconds, and again if more spans arrive later.
 */
public final class LiveTraces implements AutoCloseable {

  private static final long QUIET_MILLIS = 2_000;
  private static final long CHECK_MILLIS = 250;

  private final PrintStream out;
  private final TerminalOptions options;
  private final TraceFilter filter;
  private final InstantSource clock;
  private final TraceStore store = TraceStore.builder().build();

  /** When the last span of a trace arrived; without traces that were printed. */
  private final Map<String, Long> lastSpanMillis = new LinkedHashMap<>();

  private final ScheduledExecutorService printer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "live-traces");
            thread.setDaemon(true);
            return thread;
          });

  private long printed;
  private boolean hiddenNamed;

  LiveTraces(PrintStream out, TerminalOptions options, TraceFilter filter, InstantSource clock) {
    this.out = out;
    this.options = options;
    this.filter = filter;
    this.clock = clock;
  }

  /** Starts to print. */
  public static LiveTraces start(PrintStream out, TerminalOptions options, TraceFilter filter) {
    LiveTraces live = new LiveTraces(out, options, filter, InstantSource.system());
    live.printer.scheduleWithFixedDelay(
        live::printQuiet, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    return live;
  }

  /** Returns the output that accepts the spans to print. */
  public Output output() {
    return new StoreOutput(store, this::arrived);
  }

  /** Prints all traces that have not been printed. */
  @Override
  public void close() {
    printer.shutdownNow();
    print(due(Long.MAX_VALUE));
  }

  void printQuiet() {
    print(due(clock.millis() - QUIET_MILLIS));
  }

  private void arrived(List<SpanRow> rows) {
    long now = clock.millis();
    synchronized (lastSpanMillis) {
      rows.forEach(row -> lastSpanMillis.put(row.traceId(), now));
    }
  }

  private List<String> due(long lastSpanUntil) {
    List<String> due = new ArrayList<>();
    synchronized (lastSpanMillis) {
      lastSpanMillis.forEach(
          (traceId, last) -> {
            if (last <= lastSpanUntil) {
              due.add(traceId);
            }
          });
      due.forEach(lastSpanMillis::remove);
    }
    return due;
  }

  private synchronized void print(List<String> traceIds) {
    List<SpanRow> rows = new ArrayList<>();
    for (String traceId : traceIds) {
      List<SpanRow> trace = store.spans(traceId);
      if (filter.selects(trace)) {
        rows.addAll(trace);
      } else if (!trace.isEmpty()) {
        hidden(trace);
      }
    }
    for (TraceTree tree : TraceTree.of(rows)) {
      new TreePrinter(out, options, tree).print(Formats.count(++printed));
      out.println();
      out.flush();
    }
  }

  /** Users who see nothing should know that something arrived; they need to know it once. */
  private void hidden(List<SpanRow> trace) {
    if (!hiddenNamed && printed == 0) {
      hiddenNamed = true;
      boolean llm = TraceFilter.LLM.selects(trace);
      out.println(
          llm
              ? "A trace arrived that the filter does not select; such traces are not shown."
              : "A trace without LLM spans arrived; such traces are shown with --show=all only.");
      out.println();
      out.flush();
    }
  }
}
