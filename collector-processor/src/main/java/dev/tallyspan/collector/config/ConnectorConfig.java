package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connector {@code tallyspan_metrics}: takes spans and log records, and produces metrics.
 *
 * @param id {@code tallyspan_metrics} or {@code tallyspan_metrics/name}
 * @param dimensions attribute keys
 * @param cardinalityLimit the most series of each metric; at least 2
 * @param interval how often metrics are sent to pipelines
 * @param budgets default none
 * @param loopRepeats the number of identical tool calls that is a loop; 0 = loops are not watched
 * @param webhook null for none
 * @param logKeys whether the values of keys are shown in alerts and metrics, instead of a hash
 */
public record ConnectorConfig(
    String id,
    List<String> dimensions,
    int cardinalityLimit,
    Duration interval,
    List<Budget> budgets,
    int loopRepeats,
    @Nullable Webhook webhook,
    boolean logKeys) {

  /**
   * How much each value of a key may cost within a window.
   *
   * @param key an attribute key; null for one budget for all calls
   * @param currency ISO 4217
   * @param thresholds shares of the limit, above 0
   */
  public record Budget(
      String name,
      @Nullable String key,
      Duration window,
      double limit,
      String currency,
      List<Double> thresholds,
      int maxKeys) {

    public Budget {
      thresholds = List.copyOf(thresholds);
    }
  }

  /**
   * Where alerts are posted.
   *
   * @param timeout of one attempt
   */
  public record Webhook(URI url, Map<String, String> headers, Duration timeout) {

    public Webhook {
      headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** Leaves out the URL and the values of headers, which may contain credentials. */
    @Override
    public String toString() {
      return "Webhook[headers=" + headers.keySet() + "]";
    }
  }

  public ConnectorConfig {
    requireNonNull(id, "id");
    dimensions = List.copyOf(dimensions);
    budgets = List.copyOf(budgets);
  }
}
