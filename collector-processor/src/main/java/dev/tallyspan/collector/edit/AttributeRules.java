package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Processor;
import io.opentelemetry.api.metrics.Meter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes of the attributes of spans and log records.
 *
 * @param actions applied in this order
 * @param include the items to change; null = all
 * @param exclude the items of these not to change; null = none
 */
public record AttributeRules(
    List<AttributeAction> actions,
    @Nullable MatchProperties include,
    @Nullable MatchProperties exclude)
    implements EditRules {

  public AttributeRules {
    actions = List.copyOf(actions);
  }

  @Override
  public List<String> faults(Signal signal) {
    List<String> faults = new ArrayList<>();
    if (signal == Signal.METRICS) {
      faults.add(
          "takes traces and logs, not metrics: change metrics in a Collector before Tallyspan");
      return faults;
    }
    check(faults, signal, "include", include);
    check(faults, signal, "exclude", exclude);
    return faults;
  }

  private static void check(
      List<String> faults, Signal signal, String key, @Nullable MatchProperties properties) {
    if (properties != null) {
      List<String> wrong = signal == Signal.TRACES ? properties.ofLogs() : properties.ofSpans();
      if (!wrong.isEmpty()) {
        faults.add(
            "has %s in %s, which %s do not have"
                .formatted(
                    String.join(" and ", wrong),
                    key,
                    signal == Signal.TRACES ? "spans" : "log records"));
      }
    }
  }

  @Override
  public Processor processor(String id, Meter meter) {
    return new AttributeProcessor(
        actions,
        MatchProperties.selection(include, exclude),
        new EditFaults(id, "span or log record", meter));
  }
}
