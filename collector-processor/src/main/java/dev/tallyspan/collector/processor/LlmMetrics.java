package dev.tallyspan.collector.processor;

import dev.tallyspan.collector.accounting.CountedSpan;
import dev.tallyspan.collector.accounting.CountedSpan.Counts;
import dev.tallyspan.collector.accounting.SpanListener;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.price.CostCounts;
import dev.tallyspan.collector.price.UnpricedModels;
import dev.tallyspan.collector.telemetry.NamedCounts;
import dev.tallyspan.pricing.Bill;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.LongCounterBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a processor found in the spans and log records about LLMs: how many there were, what is
 * known about their costs, their tokens, and what they cost. Thread-safe; no method blocks.
 */
public final class LlmMetrics implements SpanListener, AutoCloseable {

  /*
   * Spans are counted when it is final who bills their calls, and once, whatever senders and queues
   * repeat: that is the rule of Accounting, which calls this class. An earlier state of a span that
   * was sent again is not a span of its own, so it does not count, either.
   *
   * Spans are counted twice: by status, in tallyspan.llm.spans, and by dialect, in
   * tallyspan.llm.dialect.spans. One counter with both attributes would have some 200 series, most
   * of which never occur. If they did not exist from the start, increase() would miss the first
   * spans of each; if they did, every scrape would be that much larger. The eight statuses and the
   * dialects exist at 0 from the start, so that every increase is seen.
   *
   * Nothing on the way of a span touches the SDK: the counts are adders, which are found without
   * creating an object, and the SDK reads them in one callback when it collects.
   */

  static final AttributeKey<String> PROCESSOR = AttributeKey.stringKey("processor");

  private static final AttributeKey<String> STATUS = AttributeKey.stringKey("status");
  private static final AttributeKey<String> DIALECT = AttributeKey.stringKey("dialect");
  private static final AttributeKey<String> KIND = AttributeKey.stringKey("kind");
  private static final AttributeKey<String> UNIT = AttributeKey.stringKey("unit");

  /** Users name their own dialects, so there may be further ones. */
  private static final int MORE_DIALECTS = 20;

  private static final int MORE_UNITS = 100;

  private static final Cost.Status[] STATUSES = Cost.Status.values();

  /** The kinds of tokens, which do not overlap: their sum is the number of tokens. */
  private enum Kind {
    /** Input that was neither read from nor written to a cache. */
    INPUT("input"),
    CACHE_READ("cache_read"),
    CACHE_WRITE("cache_write"),
    /** Output that is not reasoning. */
    OUTPUT("output"),
    REASONING("reasoning");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  private static final Kind[] KINDS = Kind.values();

  private final LongAdder[] spans = adders(STATUSES.length);
  private final LongAdder[] tokens = adders(KINDS.length);
  private final Attributes[] statusLabels = new Attributes[STATUSES.length];
  private final Attributes[] kindLabels = new Attributes[KINDS.length];
  private final NamedCounts dialects;
  private final NamedCounts units;
  private final CostCounts costs;
  private final UnpricedModels unpricedModels;
  private final BatchCallback callback;

  /**
   * @param processor the id of the processor
   */
  public LlmMetrics(Meter meter, String processor) {
    Attributes common = Attributes.of(PROCESSOR, processor);
    for (Cost.Status status : STATUSES) {
      statusLabels[status.ordinal()] = common.toBuilder().put(STATUS, status.wireName()).build();
    }
    for (Kind kind : KINDS) {
      kindLabels[kind.ordinal()] = common.toBuilder().put(KIND, kind.label).build();
    }
    dialects = new NamedCounts(DIALECT, common, Normalizer.dialectIds(), MORE_DIALECTS);
    List<String> names = Arrays.stream(Unit.values()).map(Unit::wireName).toList();
    units = new NamedCounts(UNIT, common, names, MORE_UNITS);
    costs = new CostCounts(common);
    unpricedModels = new UnpricedModels(meter, common);
    ObservableLongMeasurement spanSums =
        counter(
                meter,
                "tallyspan.llm.spans",
                "{span}",
                "Spans and log records about LLMs, by what is known about their cost.")
            .buildObserver();
    ObservableLongMeasurement dialectSums =
        counter(
                meter,
                "tallyspan.llm.dialect.spans",
                "{span}",
                "Spans and log records about LLMs, by the strongest of their dialects.")
            .buildObserver();
    ObservableLongMeasurement tokenSums =
        counter(
                meter,
                "tallyspan.llm.tokens",
                "{token}",
                "Tokens of billed calls, by kind; the kinds do not overlap.")
            .buildObserver();
    ObservableLongMeasurement unitSums =
        counter(
                meter,
                "tallyspan.llm.units.unpriced",
                "{call}",
                "Billed calls without a complete price, by each thing that has no price.")
            .buildObserver();
    ObservableDoubleMeasurement costSums =
        counter(
                meter,
                "tallyspan.llm.cost",
                "{currency}",
                "Cost of billed calls; a lower bound for calls without a complete price.")
            .ofDoubles()
            .buildObserver();
    callback =
        meter.batchCallback(
            () -> {
              record(spans, statusLabels, spanSums);
              record(tokens, kindLabels, tokenSums);
              dialects.record(dialectSums);
              units.record(unitSums);
              costs.record(costSums);
            },
            spanSums,
            dialectSums,
            tokenSums,
            unitSums,
            costSums);
  }

  private static LongAdder[] adders(int number) {
    LongAdder[] adders = new LongAdder[number];
    Arrays.setAll(adders, i -> new LongAdder());
    return adders;
  }

  private static LongCounterBuilder counter(
      Meter meter, String name, String unit, String description) {
    return meter.counterBuilder(name).setUnit(unit).setDescription(description);
  }

  private static void record(
      LongAdder[] sums, Attributes[] labels, ObservableLongMeasurement measurement) {
    for (int i = 0; i < sums.length; i++) {
      measurement.record(sums[i].sum(), labels[i]);
    }
  }

  @Override
  public void onSpan(CountedSpan span) {
    SpanRecord record = span.record();
    if (span.counts() == Counts.REPEATED || record.isEarlierState()) {
      return;
    }
    Cost cost = record.cost();
    LlmSpan llm = record.llm();
    spans[cost.status().ordinal()].increment();
    dialects.add(llm.dialects().get(0), 1);
    if (span.counts() != Counts.BILLED) {
      return;
    }
    TokenUsage usage = llm.usage();
    if (usage != null) {
      count(usage);
    }
    costs.add(llm, cost);
    List<String> missing = cost.missing();
    for (int i = 0; i < missing.size(); i++) {
      units.add(missing.get(i), 1);
    }
    Bill bill = record.enriched().priced().bill();
    if (bill != null && !llm.alreadyProcessed()) {
      unpricedModels.count(llm, bill.price());
    }
  }

  private void count(TokenUsage usage) {
    long reasoning = TokenUsage.known(usage.reasoning());
    add(Kind.INPUT, usage.uncachedInput());
    add(Kind.CACHE_READ, usage.cacheRead());
    add(Kind.CACHE_WRITE, usage.cacheWrite());
    // If a sender counts wrongly, the parts count.
    add(Kind.OUTPUT, usage.output() - reasoning);
    add(Kind.REASONING, reasoning);
  }

  private void add(Kind kind, long number) {
    if (number > 0) {
      tokens[kind.ordinal()].add(number);
    }
  }

  /** Ends the series. */
  @Override
  public void close() {
    callback.close();
  }
}
