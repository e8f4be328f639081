package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Processor;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.Set;

/**
 * Changes of spans, their events and resources by statements.
 *
 * @param groups applied in this order
 * @param others the other signals that there are statements for, which are not supported
 */
public record TransformRules(List<StatementGroup> groups, Set<Signal> others) implements EditRules {

  public TransformRules {
    groups = List.copyOf(groups);
    others = Set.copyOf(others);
  }

  @Override
  public List<String> faults(Signal signal) {
    return others.contains(signal)
        ? List.of(
            "has statements for %s, and only those for traces are supported: keep a Collector in front for them"
                .formatted(signal.id()))
        : List.of();
  }

  @Override
  public Processor processor(String id, Meter meter) {
    return new TransformProcessor(groups, new EditFaults(id, "span or resource", meter));
  }
}
