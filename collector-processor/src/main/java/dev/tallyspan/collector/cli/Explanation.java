package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.price.SpanPricer;
import dev.tallyspan.collector.wire.WireSpan;
import dev.tallyspan.semconv.LlmSpan;

/** What {@code explain} prints, span by span. */
interface Explanation {

  /** The spans that follow are in this file. */
  void file(String name);

  void add(WireSpan span, LlmSpan llm, SpanPricer.Priced priced);

  /** There are no more spans. */
  void end();
}
