package dev.tallyspan.sdk;

import dev.tallyspan.semconv.span.DialectFault;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Counts failures to enrich spans, and logs each cause once. Leaves out the messages of exceptions,
 * which may contain a prompt. Thread-safe.
 */
final class Faults {

  private static final Logger LOGGER = Logger.getLogger(Faults.class.getName());

  /** The most causes to log, to bound memory; far more than one version of the code can have. */
  private static final int MAX_CAUSES = 100;

  private final LongAdder count = new LongAdder();
  private final Set<String> causes = ConcurrentHashMap.newKeySet();

  /** The number of failures so far. */
  long count() {
    return count.sum();
  }

  /** Reports a span that was not enriched. */
  void spanFailed(Throwable cause) {
    try {
      StackTraceElement[] trace = cause.getStackTrace();
      record(
          "An LLM span was not enriched: "
              + cause.getClass().getName()
              + (trace.length == 0 ? "" : " at " + trace[0]));
    } catch (Throwable alsoFailed) {
      // Out of memory or stack, or a log handler that throws: must not affect the application.
    }
  }

  /** Reports a span that was read in part. */
  void dialectFailed(DialectFault fault) {
    record(
        "Part of an LLM span could not be read in the dialect "
            + fault.dialect()
            + ": "
            + fault.exception()
            + (fault.place().isEmpty() ? "" : " at " + fault.place()));
  }

  /** Reports a span that reached its attribute limit. */
  void attributesLost() {
    record(
        "An LLM span has reached its attribute limit and lost computed attributes; raise"
            + " otel.span.attribute.count.limit (YAML: attribute_limits/attribute_count_limit)");
  }

  /** Reports that more spans than usual wait for their end. */
  void sumsLost() {
    record(
        "More than "
            + PendingSums.MAX_SPANS
            + " spans with LLM calls below them have not ended; sums of the oldest are incomplete");
  }

  private void record(String cause) {
    count.increment();
    if (causes.size() < MAX_CAUSES && causes.add(cause)) {
      LOGGER.log(Level.WARNING, cause);
    }
  }
}
