package dev.tallyspan.collector.edit;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.wire.WireItem;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which spans the connector {@code routing} sends to one pipeline; the others are left out of it.
 *
 * @param routes in their order
 * @param toRest whether the pipeline gets what no route takes
 */
public record RouteRules(List<Route> routes, boolean toRest) implements EditRules {

  /**
   * A row of the table.
   *
   * @param takes whether later routes do not get what this one gets
   * @param here whether it leads to the pipeline
   */
  public record Route(Condition condition, boolean takes, boolean here) {
    public Route {
      requireNonNull(condition, "condition");
    }
  }

  public RouteRules {
    routes = List.copyOf(routes);
  }

  @Override
  public List<String> faults(Signal signal) {
    return signal == Signal.TRACES
        ? List.of()
        : List.of("routes traces only: keep a Collector in front for " + signal.id());
  }

  @Override
  public Processor processor(String id, Meter meter) {
    EditFaults faults = new EditFaults(id, "span", meter);
    Predicate<WireItem> gone = span -> !comesHere(span, faults);
    // Spans are not lost here, so they are not counted as dropped.
    return new FilterProcessor(
        gone, record -> false, !toRest, faults, MeterProvider.noop().get("tallyspan"));
  }

  private boolean comesHere(WireItem span, EditFaults faults) {
    Subject subject = Subject.of(span);
    for (Route route : routes) {
      if (matches(route.condition, subject, faults)) {
        if (route.here) {
          return true;
        }
        if (route.takes) {
          return false;
        }
      }
    }
    return toRest;
  }

  /** A condition that cannot be decided does not hold, as in the Collector. */
  private static boolean matches(Condition condition, Subject subject, EditFaults faults) {
    try {
      return condition.matches(subject);
    } catch (RuntimeException | StackOverflowError e) {
      faults.notApplied("a condition", e);
      return false;
    }
  }
}
