package dev.tallyspan.collector.price;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.telemetry.DistinctNames;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import org.jspecify.annotations.Nullable;

/**
 * The sum of costs by currency, provider and model, the latter two as named on the span. The first
 * {@value #LIMIT} combinations have a series of their own; the costs of all others are summed by
 * currency, with provider and model {@code other}. Thread-safe; no method blocks.
 *
 * <p>Adding to a known combination creates no object.
 */
public final class CostCounts {

  static final int LIMIT = 100;

  /** Senders that report costs choose the currency, too. */
  private static final int MOST_CURRENCIES = 20;

  private static final AttributeKey<String> CURRENCY = AttributeKey.stringKey("currency");
  private static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("provider");
  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("model");

  /** A sum, and the next one of the same model. */
  private record Sum(
      String currency, String provider, Attributes labels, DoubleAdder amount, @Nullable Sum next) {

    @Nullable Sum find(String ofCurrency, String ofProvider) {
      for (Sum each = this; each != null; each = each.next) {
        if (each.currency.equals(ofCurrency) && each.provider.equals(ofProvider)) {
          return each;
        }
      }
      return null;
    }
  }

  private final Attributes common;
  private final Map<String, Sum> byModel = new ConcurrentHashMap<>();
  private final Map<String, Sum> others = new ConcurrentHashMap<>();

  /** The number of sums in {@code byModel}. Written under the lock. */
  private volatile int size;

  /**
   * @param common labels of every series
   */
  public CostCounts(Attributes common) {
    this.common = requireNonNull(common, "common");
  }

  /** Adds the cost of a billed call. Does nothing if the cost is not known, or not valid. */
  public void add(LlmSpan llm, Cost cost) {
    Double total = cost.total();
    String currency = cost.currency();
    // A provider may report anything; a counter must not decrease.
    if (total == null || currency == null || !(total >= 0) || total.isInfinite()) {
      return;
    }
    String model = ModelLabels.model(llm);
    String provider = ModelLabels.provider(llm);
    Sum first = byModel.get(model);
    Sum sum = first == null ? null : first.find(currency, provider);
    if (sum == null) {
      sum = size < LIMIT ? create(currency, provider, model) : other(currency);
    }
    sum.amount.add(total);
  }

  private synchronized Sum create(String currency, String provider, String model) {
    Sum first = byModel.get(model);
    Sum sum = first == null ? null : first.find(currency, provider);
    if (sum != null) {
      return sum;
    }
    if (size >= LIMIT) {
      return other(currency);
    }
    sum = new Sum(currency, provider, labels(currency, provider, model), new DoubleAdder(), first);
    byModel.put(model, sum);
    size++;
    return sum;
  }

  private Sum other(String currency) {
    Sum sum = others.get(currency);
    if (sum != null) {
      return sum;
    }
    String other = DistinctNames.OTHER;
    String name = others.size() < MOST_CURRENCIES ? currency : other;
    return others.computeIfAbsent(
        name, each -> new Sum(each, other, labels(each, other, other), new DoubleAdder(), null));
  }

  private Attributes labels(String currency, String provider, String model) {
    return common.toBuilder()
        .put(CURRENCY, DistinctNames.printable(currency))
        .put(PROVIDER, DistinctNames.printable(provider))
        .put(MODEL, DistinctNames.printable(model))
        .build();
  }

  /** Reports all sums. Called by the SDK when it collects. */
  public void record(ObservableDoubleMeasurement measurement) {
    for (Sum first : byModel.values()) {
      for (Sum each = first; each != null; each = each.next) {
        measurement.record(each.amount.sum(), each.labels);
      }
    }
    others.values().forEach(sum -> measurement.record(sum.amount.sum(), sum.labels));
  }
}
