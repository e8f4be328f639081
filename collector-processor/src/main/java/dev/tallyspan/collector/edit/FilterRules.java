package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.wire.WireItem;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which spans and log records are dropped.
 *
 * @param include spans that do not match are dropped; null = none
 * @param exclude spans that match are dropped; null = none
 * @param spans drop the spans that fulfil any of them
 * @param logs drop the log records that fulfil any of them
 */
public record FilterRules(
    @Nullable MatchProperties include,
    @Nullable MatchProperties exclude,
    List<Condition> spans,
    List<Condition> logs)
    implements EditRules {

  public FilterRules {
    spans = List.copyOf(spans);
    logs = List.copyOf(logs);
  }

  @Override
  public List<String> faults(Signal signal) {
    return signal == Signal.METRICS
        ? List.of("takes traces and logs, not metrics: filter metrics in a Collector")
        : List.of();
  }

  @Override
  public Processor processor(String id, Meter meter) {
    Predicate<WireItem> selected = MatchProperties.selection(include, exclude);
    return new FilterProcessor(
        span -> !selected.test(span) || any(spans, span),
        record -> any(logs, record),
        /* dropsUnreadable= */ false,
        new EditFaults(id, "span or log record", meter),
        meter);
  }

  private static boolean any(List<Condition> conditions, WireItem item) {
    for (Condition condition : conditions) {
      if (condition.matches(item)) {
        return true;
      }
    }
    return false;
  }
}
