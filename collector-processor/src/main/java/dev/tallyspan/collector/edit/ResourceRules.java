package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Processor;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;

/**
 * Changes of the attributes of resources.
 *
 * @param actions applied in this order
 */
public record ResourceRules(List<AttributeAction> actions) implements EditRules {

  public ResourceRules {
    actions = List.copyOf(actions);
  }

  @Override
  public List<String> faults(Signal signal) {
    return List.of();
  }

  @Override
  public Processor processor(String id, Meter meter) {
    return new ResourceProcessor(actions, new EditFaults(id, "resource", meter));
  }
}
