package dev.tallyspan.collector.edit;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts what a processor could not handle and passed on unchanged, and logs the first of it. Logs
 * the class of the exception and never its message, which may quote a prompt. Thread-safe.
 */
final class EditFaults {

  private static final Logger LOGGER = System.getLogger(EditFaults.class.getName());
  private static final AttributeKey<String> PROCESSOR = AttributeKey.stringKey("processor");

  private final String processor;
  private final String what;
  private final LongCounter counter;
  private final Attributes attributes;
  private final AtomicBoolean logged = new AtomicBoolean();

  /**
   * @param what a thing that the processor handles: {@code resource}
   */
  EditFaults(String processor, String what, Meter meter) {
    this.processor = processor;
    this.what = what;
    counter =
        meter
            .counterBuilder("tallyspan_processor_faults")
            .setDescription("What a processor passed on unchanged because it could not handle it.")
            .setUnit("{fault}")
            .build();
    attributes = Attributes.of(PROCESSOR, processor);
    counter.add(0, attributes);
  }

  /** The id of the processor. */
  String processor() {
    return processor;
  }

  void failed(Throwable cause) {
    counter.add(1, attributes);
    if (!logged.getAndSet(true)) {
      LOGGER.log(
          Level.WARNING,
          "processors.{0}: a {1} is passed on unchanged: {2} (logged once; counted in"
              + " tallyspan_processor_faults_total)",
          processor,
          what,
          cause.getClass().getName());
    }
  }

  /** A statement, or the conditions of statements, could not be applied to a span or resource. */
  void notApplied(String function, Throwable cause) {
    counter.add(1, attributes);
    if (!logged.getAndSet(true)) {
      LOGGER.log(
          Level.WARNING,
          "processors.{0}: {1} cannot be applied to a {2}: {3} (logged once; counted in"
              + " tallyspan_processor_faults_total)",
          processor,
          function,
          what,
          cause.getClass().getName());
    }
  }
}
