package dev.tallyspan.sdk;

import dev.tallyspan.semconv.span.DialectFault;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What went wrong while spans were enriched: counted always, logged once for each cause. Messages
 * of exceptions are left out, since they may quote a prompt.
 */
final class Faults {

  private static final Logger LOGGER = Logger.getLogger(Faults.class.getName());

  /** A bound for memory, far above what one version of the code can produce. */
  private static final int MAX_CAUSES = 100;

  private final LongAdder count = new LongAdder();
  private final Set<String> causes = ConcurrentHashMap.newKeySet();

  /** The number of faults so far. */
  long count() {
    return count.sum();
  }

  /** A span stays as it was. */
  void spanFailed(Throwable cause) {
    try {
      StackTraceElement[] trace = cause.getStackTrace();
      record(
          "An LLM span was left as it was: "
              + cause.getClass().getName()
              + (trace.length == 0 ? "" : " at " + trace[0]));
    } catch (Throwable alsoFailed) {
      // Out of memory or stack, or a log handler that throws: nothing of it is the application's.
    }
  }

  /** Part of a span could not be read. */
  void dialectFailed(DialectFault fault) {
    record(
        "Part of an LLM span could not be read in the dialect "
            + fault.dialect()
            + ": "
            + fault.exception()
            + (fault.place().isEmpty() ? "" : " at " + fault.place()));
  }

  /** The span had no room for attributes that were to be written. */
  void attributesLost() {
    record(
        "An LLM span has reached the limit of attributes and lost what was computed for it; raise"
            + " otel.span.attribute.count.limit (YAML: attribute_limits/attribute_count_limit)");
  }

  private void record(String cause) {
    count.increment();
    if (causes.size() < MAX_CAUSES && causes.add(cause)) {
      LOGGER.log(Level.WARNING, cause);
    }
  }
}
