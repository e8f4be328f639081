package dev.tallyspan.sdk;

import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what arrived on the calls of this process, for the report of the doctor: whether messages
 * and the usage of streams do is known only then. Thread-safe.
 */
final class Arrivals {

  private final LongAdder calls = new LongAdder();
  private final LongAdder withMessages = new LongAdder();
  private final LongAdder streams = new LongAdder();
  private final LongAdder streamsWithUsage = new LongAdder();

  void add(LlmSpan llm) {
    if (llm.billing() != Billing.CALL || llm.errorType() != null) {
      return;
    }
    calls.increment();
    if (!llm.inputMessages().isEmpty() || !llm.outputMessages().isEmpty()) {
      withMessages.increment();
    }
    if (Boolean.TRUE.equals(llm.get(Slot.STREAM)) || llm.timeToFirstChunk() != null) {
      streams.increment();
      if (llm.usage() != null) {
        streamsWithUsage.increment();
      }
    }
  }

  /** Returns the report, in one line. */
  String report() {
    long missing = streams.sum() - streamsWithUsage.sum();
    return "Tallyspan saw "
        + calls
        + " LLM calls that succeeded, "
        + withMessages
        + " with messages; "
        + streams
        + " were streams, "
        + streamsWithUsage
        + " with usage"
        + (missing > 0 ? "; let requests ask for usage, such as stream_options.include_usage" : "");
  }
}
