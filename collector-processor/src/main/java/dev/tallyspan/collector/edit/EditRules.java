package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Processor;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;

/** What a processor of this package does, as it is configured. */
public sealed interface EditRules
    permits ResourceRules, AttributeRules, FilterRules, SamplerRules, TransformRules, RouteRules {

  /**
   * Returns why the rules cannot apply to a signal; empty if they can.
   *
   * @return phrases that follow the name of the processor: {@code takes traces and logs, not
   *     metrics}
   */
  List<String> faults(Signal signal);

  /**
   * Returns a processor for requests of any signal that the rules can apply to.
   *
   * @param id of the processor, for logs and metrics
   */
  Processor processor(String id, Meter meter);
}
