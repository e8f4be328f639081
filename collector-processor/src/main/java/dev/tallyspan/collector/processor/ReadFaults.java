package dev.tallyspan.collector.processor;

import dev.tallyspan.collector.telemetry.DistinctNames;
import dev.tallyspan.collector.wire.TooManyValuesException;
import dev.tallyspan.semconv.read.Normalizer;
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
 * LLMs that could not be read, in part or completely, and logs each place in the code where that
 * happens once. Logs the class of the exception and never its message, which may quote a prompt.
 * Thread-safe.
 */
final class ReadFaults {

  private static final Logger LOGGER = System.getLogger("dev.tallyspan.collector.pipeline");
  private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");
  private static final AttributeKey<String> DIALECT = AttributeKey.stringKey("dialect");

  /** A limit for memory, far above what one version of the code can produce. */
  private static final int MOST_PLACES = 100;

  private final DistinctNames places = new DistinctNames(MOST_PLACES);
  private final LongCounter counter;
  private final Attributes common;
  private final Attributes tooLarge;
  private final Attributes exception;

  /**
   * @param common labels of every series
   */
  ReadFaults(Meter meter, Attributes common) {
    this.common = common;
    tooLarge = labels("too_large", "");
    exception = labels("exception", "");
    counter =
        meter
            .counterBuilder("tallyspan_read_faults")
            .setDescription(
                "LLM spans and log records that could not be read, in part or completely.")
            .setUnit("{fault}")
            .build();
    // Exported from the start, so that the first fault appears as an increase.
    count(0, tooLarge);
    count(0, exception);
    Normalizer.dialectIds().forEach(dialect -> count(0, labels("dialect", dialect)));
  }

  private Attributes labels(String reason, String dialect) {
    return common.toBuilder().put(REASON, reason).put(DIALECT, dialect).build();
  }

  /** Reports an item that is forwarded unchanged. */
  void failed(Throwable cause) {
    if (cause instanceof TooManyValuesException) {
      count(1, tooLarge);
      log(
          "too_large",
          "An LLM span is forwarded unchanged: it or its resource is too large to be read");
      return;
    }
    count(1, exception);
    StackTraceElement[] trace = cause.getStackTrace();
    String place = cause.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    log(place, "An LLM span is forwarded unchanged because of a fault in Tallyspan: " + place);
  }

  /** Reports an item of which dialects could not read a part; the rest is written. */
  void note(LlmSpan llm) {
    for (DialectFault fault : llm.faults()) {
      count(1, labels("dialect", fault.dialect()));
      String place = fault.dialect() + ": " + fault.exception() + " at " + fault.place();
      log(place, "Part of an LLM span is not read because of a fault in Tallyspan: " + place);
    }
  }

  private void count(long faults, Attributes attributes) {
    counter.add(faults, attributes);
  }

  private void log(String place, String line) {
    if (places.see(place) == DistinctNames.Sighting.FIRST) {
      LOGGER.log(Level.WARNING, "{0} (logged once; counted in tallyspan_read_faults_total)", line);
    }
  }
}
