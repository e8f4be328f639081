package dev.tallyspan.collector.processor;

import dev.tallyspan.collector.telemetry.DistinctNames;
import dev.tallyspan.collector.wire.TooManyValuesException;
import dev.tallyspan.semconv.span.DialectFault;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Counts, in {@code tallyspan_read_faults} by reason and dialect, the spans and log records about
 * LLMs that could not be read, in part or at all, and logs each place in the code where that
 * happens once. Says the class of the exception and never its message, which may quote a prompt.
 * Thread-safe.
 */
final class ReadFaults {

  private static final Logger LOGGER = System.getLogger("dev.tallyspan.collector.pipeline");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");
  private static final AttributeKey<String> DIALECT = AttributeKey.stringKey("dialect");

  private static final Attributes TOO_LARGE = Attributes.of(REASON, "too_large", DIALECT, "");
  private static final Attributes EXCEPTION = Attributes.of(REASON, "exception", DIALECT, "");

  /** A bound for memory, far above what one version of the code can produce. */
  private static final int MOST_PLACES = 100;

  private final DistinctNames places = new DistinctNames(MOST_PLACES);
  private final LongCounter counter;

  /**
   * @param meter null to log only
   */
  ReadFaults(Meter meter) {
    counter =
        meter == null
            ? null
            : meter
                .counterBuilder("tallyspan_read_faults")
                .setDescription(
                    "LLM spans and log records that left without what could not be read of them.")
                .setUnit("{fault}")
                .build();
    count(0, TOO_LARGE);
    count(0, EXCEPTION);
  }

  /** The item leaves as it came. */
  void failed(Throwable cause) {
    if (cause instanceof TooManyValuesException) {
      count(1, TOO_LARGE);
      log("too_large", "An LLM span leaves as it came: it or its resource is too large to be read");
      return;
    }
    count(1, EXCEPTION);
    StackTraceElement[] trace = cause.getStackTrace();
    String place = cause.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    log(place, "An LLM span leaves as it came, which is a fault of Tallyspan: " + place);
  }

  /** Dialects could not read their part of it; the rest is written. */
  void note(LlmSpan llm) {
    for (DialectFault fault : llm.faults()) {
      count(1, Attributes.of(REASON, "dialect", DIALECT, fault.dialect()));
      String place = fault.dialect() + ": " + fault.exception() + " at " + fault.place();
      log(place, "Part of an LLM span is not read, which is a fault of Tallyspan: " + place);
    }
  }

  private void count(long faults, Attributes attributes) {
    if (counter != null) {
      counter.add(faults, attributes);
    }
  }

  private void log(String place, String line) {
    if (places.see(place) == DistinctNames.Sighting.FIRST) {
      LOGGER.log(Level.WARNING, "{0} (logged once; tallyspan_read_faults_total counts)", line);
    }
  }
}
