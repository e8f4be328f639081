package dev.tallyspan.collector.output.budget;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.accounting.Dimension;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much each value of a key may cost within a sliding window, before an alert is sent.
 *
 * @param name in alerts and metrics
 * @param key whose values have a budget each; null for one budget for all calls
 * @param window how far back costs count; at least a minute
 * @param limit above 0
 * @param currency ISO 4217; costs in other currencies do not count
 * @param thresholds shares of the limit at which an alert is sent, ascending; at least one
 * @param maxKeys the most values of the key that are watched; the one that spent least recently is
 *     forgotten
 */
public record Budget(
    String name,
    @Nullable Dimension key,
    Duration window,
    double limit,
    String currency,
    List<Double> thresholds,
    int maxKeys) {

  public Budget {
    requireNonNull(name, "name");
    requireNonNull(currency, "currency");
    thresholds = thresholds.stream().sorted().distinct().toList();
    if (thresholds.isEmpty() || !(thresholds.get(0) > 0)) {
      throw new IllegalArgumentException("thresholds=" + thresholds + ": must be above 0");
    }
    if (!(limit > 0)) {
      throw new IllegalArgumentException("limit=" + limit + ": must be above 0");
    }
    if (window.compareTo(Duration.ofMinutes(1)) < 0) {
      throw new IllegalArgumentException("window=" + window + ": must be 1m or longer");
    }
    if (maxKeys < 1) {
      throw new IllegalArgumentException("max_keys=" + maxKeys + ": must be positive");
    }
  }
}
