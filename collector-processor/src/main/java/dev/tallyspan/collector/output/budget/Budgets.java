package dev.tallyspan.collector.output.budget;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.accounting.CountedSpan;
import dev.tallyspan.collector.accounting.CountedSpan.Counts;
import dev.tallyspan.collector.accounting.SpanListener;
import dev.tallyspan.collector.output.budget.KeyedSpend.Change;
import dev.tallyspan.collector.output.budget.KeyedSpend.Spend;
import dev.tallyspan.collector.telemetry.DistinctNames;
import dev.tallyspan.semconv.TallyspanAttributes;
import dev.tallyspan.semconv.span.Cost;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Adds the cost of each billed call to the budgets of its keys, and sends an alert when a threshold
 * is crossed. A cost that is a lower bound counts as it is. Costs count at the time at which they
 * become known, not at the time of the call. Thread-safe.
 */
public final class Budgets implements SpanListener {

  private static final Logger LOGGER = System.getLogger(Budgets.class.getName());
  private static final AttributeKey<String> NAME = AttributeKey.stringKey("tallyspan.budget.name");
  private static final AttributeKey<String> KEY = AttributeKey.stringKey("tallyspan.budget.key");
  private static final AttributeKey<Double> THRESHOLD =
      AttributeKey.doubleKey("tallyspan.budget.threshold");
  private static final AttributeKey<String> REASON =
      AttributeKey.stringKey("tallyspan.budget.reason");

  /** The keys of a budget that have their own series: those that have spent most. */
  private static final int SHOWN_KEYS = 100;

  private record Watched(Budget budget, KeyedSpend spend) {}

  private final List<Watched> budgets;
  private final KeyNames names;
  private final AlertSink alerts;
  private final InstantSource clock;
  private final LongCounter crossed;
  private final LongCounter skipped;

  /** The names of budgets that met another currency, which is logged once. */
  private final Set<String> otherCurrency = ConcurrentHashMap.newKeySet();

  /**
   * @param names how the values of keys are shown in alerts and metrics
   * @param alerts called once for each crossing
   */
  public Budgets(
      List<Budget> budgets, KeyNames names, AlertSink alerts, Meter meter, InstantSource clock) {
    this.budgets = budgets.stream().map(it -> new Watched(it, new KeyedSpend(it))).toList();
    this.names = requireNonNull(names, "names");
    this.alerts = requireNonNull(alerts, "alerts");
    this.clock = requireNonNull(clock, "clock");
    crossed =
        meter
            .counterBuilder("tallyspan.budget.crossed")
            .setUnit("{crossing}")
            .setDescription("How often a threshold of a budget was crossed.")
            .build();
    skipped =
        meter
            .counterBuilder("tallyspan.budget.skipped")
            .setUnit("{call}")
            .setDescription(
                "Billed calls that count in no budget, by `tallyspan.budget.reason`: `no_cost`,"
                    + " `other_currency` or `no_key`.")
            .build();
    meter
        .gaugeBuilder("tallyspan.budget.spend")
        .setUnit("{currency}")
        .setDescription("What the keys of a budget that spent most have spent in its window.")
        .buildWithCallback(this::observeSpend);
    meter
        .gaugeBuilder("tallyspan.budget.limit")
        .setUnit("{currency}")
        .setDescription("The limit of a budget.")
        .buildWithCallback(
            measured ->
                this.budgets.forEach(
                    it -> measured.record(it.budget.limit(), attributes(it.budget).build())));
    meter
        .counterBuilder("tallyspan.budget.evicted")
        .setUnit("{key}")
        .setDescription("Keys whose spend was forgotten because there are more than `max_keys`.")
        .buildWithCallback(
            measured ->
                this.budgets.forEach(
                    it -> measured.record(it.spend.evicted(), attributes(it.budget).build())));
  }

  @Override
  public void onSpan(CountedSpan span) {
    if (span.counts() == Counts.BILLED) {
      budgets.forEach(watched -> add(watched, span));
    }
  }

  private void add(Watched watched, CountedSpan span) {
    Budget budget = watched.budget;
    Cost cost = span.record().cost();
    Double total = cost.total();
    if (total == null || !(total >= 0)) {
      skip(budget, "no_cost");
      return;
    }
    if (!budget.currency().equals(cost.currency())) {
      skip(budget, "other_currency");
      if (otherCurrency.add(budget.name())) {
        LOGGER.log(
            Level.WARNING,
            "budget {0}: costs in {1} do not count, because its currency is {2}",
            DistinctNames.printable(budget.name()),
            cost.currency(),
            budget.currency());
      }
      return;
    }
    String key = budget.key() == null ? "" : budget.key().value(span);
    if (key == null) {
      skip(budget, "no_key");
      return;
    }
    Instant now = clock.instant();
    Change change = watched.spend.add(key, total, now.toEpochMilli());
    for (double threshold : change.crossed()) {
      crossed.add(1, attributes(budget).put(THRESHOLD, threshold).build());
      alerts.send(
          new Alert.Crossed(
              now,
              budget.name(),
              budget.key() == null ? null : budget.key().key(),
              budget.key() == null ? null : names.shown(key),
              threshold,
              change.spend(),
              budget.limit(),
              budget.currency(),
              budget.window()));
    }
  }

  private void skip(Budget budget, String reason) {
    skipped.add(1, attributes(budget).put(REASON, reason).build());
  }

  private void observeSpend(ObservableDoubleMeasurement measured) {
    long now = clock.millis();
    for (Watched watched : budgets) {
      for (Spend spend : watched.spend.top(SHOWN_KEYS, now)) {
        AttributesBuilder attributes = attributes(watched.budget);
        if (watched.budget.key() != null) {
          attributes.put(KEY, names.shown(spend.key()));
        }
        measured.record(spend.amount(), attributes.build());
      }
    }
  }

  private static AttributesBuilder attributes(Budget budget) {
    return Attributes.builder()
        .put(NAME, budget.name())
        .put(TallyspanAttributes.TALLYSPAN_COST_CURRENCY, budget.currency());
  }
}
