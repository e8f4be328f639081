package dev.tallyspan.collector.telemetry;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A count for each value of one label. Values that are known in advance are counted from the start,
 * so that an increase from 0 is seen; of those that senders choose, the first ones have a series of
 * their own, up to a limit, and all others are counted as {@link DistinctNames#OTHER}.
 *
 * <p>Thread-safe; no method blocks. Adding to a value that was seen before creates no object and
 * does not touch the SDK, which reads the sums when it collects.
 */
public final class NamedCounts {

  private record Count(Attributes labels, LongAdder sum) {}

  private final AttributeKey<String> key;
  private final Attributes common;
  private final int limit;
  private final Map<String, Count> counts = new ConcurrentHashMap<>();
  private final Count others;

  /**
   * @param key the label
   * @param common the other labels of every series
   * @param known values to count from the start
   * @param limit the number of further values with a series of their own; concurrent calls may
   *     exceed it slightly
   */
  public NamedCounts(
      AttributeKey<String> key, Attributes common, Collection<String> known, int limit) {
    this.key = requireNonNull(key, "key");
    this.common = requireNonNull(common, "common");
    this.others = count(DistinctNames.OTHER);
    known.forEach(name -> counts.put(name, count(name)));
    this.limit = counts.size() + limit;
  }

  private Count count(String name) {
    Attributes labels = common.toBuilder().put(key, DistinctNames.printable(name)).build();
    return new Count(labels, new LongAdder());
  }

  /** Adds to the count of a value. */
  public void add(String name, long number) {
    Count count = counts.get(name);
    if (count == null) {
      count = counts.size() < limit ? counts.computeIfAbsent(name, this::count) : others;
    }
    count.sum.add(number);
  }

  /** Reports all counts. Called by the SDK when it collects. */
  public void record(ObservableLongMeasurement measurement) {
    counts.values().forEach(count -> measurement.record(count.sum.sum(), count.labels));
    if (others.sum.sum() > 0) {
      measurement.record(others.sum.sum(), others.labels);
    }
  }
}
