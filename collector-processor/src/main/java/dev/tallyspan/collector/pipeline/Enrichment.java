package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.estimate.UsageEstimator;
import dev.tallyspan.collector.otlp.Signal;
import dev.tallyspan.collector.price.CostDelta;
import dev.tallyspan.collector.price.CurrencyConversion;
import dev.tallyspan.collector.price.SpanPricer;
import dev.tallyspan.collector.price.UnpricedModels;
import dev.tallyspan.collector.understand.WireEdits;
import dev.tallyspan.collector.understand.WireLogView;
import dev.tallyspan.collector.understand.WireSpanView;
import dev.tallyspan.collector.wire.KeyPrefixes;
import dev.tallyspan.collector.wire.LogEdits;
import dev.tallyspan.collector.wire.LogRewriter;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Rewritten;
import dev.tallyspan.collector.wire.SpanEdits;
import dev.tallyspan.collector.wire.TraceRewriter;
import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireLog;
import dev.tallyspan.collector.wire.WireSpan;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.Cost;
import dev.tallyspan.semconv.LlmSpan;
import dev.tallyspan.semconv.LogJoin;
import dev.tallyspan.semconv.Normalizer;
import dev.tallyspan.semconv.SpanView;
import io.opentelemetry.api.metrics.Meter;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Makes the LLM spans of a trace request GenAI spans with their cost, and puts the messages that
 * log records hold under the names that spans have for them; everything else, metrics included,
 * leaves with the bytes it came with. Thread-safe.
 *
 * <p>Spans and their records come in different requests. What records say of a span is known to it
 * only if they were kept before, see {@link Builder#logJoin}. A record that tells of a whole call
 * is priced like a span if it belongs to no trace, so that no span can tell of the same call; in a
 * trace it is a duplicate.
 */
public final class Enrichment implements Step {

  /** What was understood of one LLM span, for those who want to look over the shoulder. */
  public interface Observer {

    /** Is told of each LLM span before it leaves. Nothing may be kept of {@code span}. */
    void understood(WireSpan span, LlmSpan llm, SpanPricer.Priced priced);

    /** Is told, before {@link #understood}, why the tokens of a call were not estimated. */
    default void notEstimated(String reason) {}
  }

  private static final Observer NOBODY = (span, llm, priced) -> {};

  private static final String GEN_AI_USAGE_COST = "gen_ai.usage.cost";

  /** The trace id of a record outside of every trace. */
  private static final Pattern NO_TRACE = Pattern.compile("0*");

  private final Normalizer normalizer;
  private final Supplier<PriceCatalog> catalog;
  private final Supplier<Contracts> contracts;
  private final String tenantAttribute;
  private final Deployments deployments;
  private final UsageEstimator estimator;
  private final CurrencyConversion conversion;
  private final CostDelta costDelta;
  private final UnpricedModels unpricedModels;
  private final boolean genAiUsageCost;
  private final Observer observer;
  private final LogJoin logJoin;
  private final TraceRewriter traces;
  private final LogRewriter logs;

  private Enrichment(Builder builder) {
    this.normalizer = builder.normalizer;
    this.catalog = builder.catalog;
    this.contracts = builder.contracts;
    this.tenantAttribute = builder.tenantAttribute;
    this.deployments = builder.deployments;
    this.estimator = builder.estimator;
    this.conversion =
        builder.rates == null ? null : new CurrencyConversion(builder.rates, builder.meter);
    this.costDelta = builder.meter == null ? null : new CostDelta(builder.meter);
    this.unpricedModels = builder.meter == null ? null : new UnpricedModels(builder.meter);
    this.genAiUsageCost = builder.genAiUsageCost;
    this.observer = builder.observer;
    this.logJoin = builder.logJoin;
    this.traces = new TraceRewriter(KeyPrefixes.of(normalizer.markerKeyPrefixes()));
    this.logs = new LogRewriter(KeyPrefixes.none(), KeyPrefixes.of(Normalizer.logEventPrefixes()));
  }

  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Processed apply(Signal signal, byte[] request) throws MalformedRequestException {
    return switch (signal) {
      case TRACES -> traces(request);
      case LOGS -> logs(request);
      case METRICS -> PASS.apply(signal, request);
    };
  }

  private Processed traces(byte[] request) throws MalformedRequestException {
    // Asked for once: all spans of a request are priced by the same catalog and contracts.
    PriceCatalog list = catalog.get();
    Tenants tenants = tenants();
    SpanPricer pricer = new SpanPricer(list, deployments);
    UsageEstimator.Request estimates = estimator == null ? null : estimator.request();
    return processed(
        traces.rewrite(
            request,
            0,
            request.length,
            (span, edits) ->
                edit(
                    span,
                    edits,
                    tenants == null
                        ? pricer
                        : pricer(tenants, span.attributes(), span.resource(), list),
                    estimates)));
  }

  private Processed logs(byte[] request) throws MalformedRequestException {
    PriceCatalog list = catalog.get();
    Tenants tenants = tenants();
    SpanPricer pricer = new SpanPricer(list, deployments);
    return processed(
        logs.rewrite(
            request,
            0,
            request.length,
            (log, edits) ->
                edit(
                    log,
                    edits,
                    tenants == null
                        ? pricer
                        : pricer(tenants, log.attributes(), log.resource(), list))));
  }

  private Tenants tenants() {
    return contracts == null ? null : new Tenants(contracts.get(), tenantAttribute);
  }

  private SpanPricer pricer(
      Tenants tenants, WireAttributes attributes, WireAttributes resource, PriceCatalog list) {
    return new SpanPricer(tenants.prices(attributes, resource, list), deployments);
  }

  private static Processed processed(Rewritten rewritten) {
    return new Processed(rewritten.body(), rewritten.items(), rewritten.failed());
  }

  private void edit(
      WireSpan span, SpanEdits spanEdits, SpanPricer pricer, UsageEstimator.Request estimates) {
    SpanView view = new WireSpanView(span);
    if (logJoin != null) {
      view = logJoin.join(view);
    }
    LlmSpan read = normalizer.read(view);
    if (read == null) {
      return;
    }
    LlmSpan llm = estimates == null ? read : estimated(read, view, estimates);
    SpanPricer.Priced priced = pricer.price(llm, timeOf(span));
    if (!llm.alreadyProcessed()) {
      priced = conversion == null ? priced : conversion.convert(priced, timeOf(span));
      AttributeEdits edits = new WireEdits(spanEdits);
      normalizer.render(llm, view, edits);
      boolean hasCost = span.attributes().indexOf(GEN_AI_USAGE_COST) >= 0;
      priced.cost().render(edits, genAiUsageCost && !hasCost);
      if (unpricedModels != null) {
        unpricedModels.count(llm, priced.price());
      }
      if (costDelta != null && priced.cost().status() == Cost.Status.PROVIDER_REPORTED) {
        costDelta.measure(llm, pricer, timeOf(span));
      }
    }
    observer.understood(span, llm, priced);
  }

  private LlmSpan estimated(LlmSpan llm, SpanView view, UsageEstimator.Request estimates) {
    UsageEstimator.Estimate estimate = estimates.estimate(llm, view);
    if (estimate.result() != null && !estimate.result().equals(UsageEstimator.ESTIMATED)) {
      observer.notEstimated(estimate.result());
    }
    return estimate.llm();
  }

  private void edit(WireLog log, LogEdits logEdits, SpanPricer pricer) {
    WireLogView view = new WireLogView(log);
    if (logJoin != null) {
      logJoin.keep(view);
    }
    LlmSpan llm = normalizer.readLog(view);
    if (llm == null || llm.alreadyProcessed()) {
      return;
    }
    AttributeEdits edits = new WireEdits(logEdits);
    normalizer.renderLog(llm, view, edits);
    if (llm.usage() != null && llm.billing() == Billing.CALL) {
      boolean hasCost = log.attributes().indexOf(GEN_AI_USAGE_COST) >= 0;
      cost(view, llm, pricer).render(edits, genAiUsageCost && !hasCost);
    }
  }

  private Cost cost(WireLogView log, LlmSpan llm, SpanPricer pricer) {
    if (!NO_TRACE.matcher(log.traceId()).matches()) {
      return Cost.builder(Cost.Status.DUPLICATE).build();
    }
    SpanPricer.Priced priced = pricer.price(llm, log.epochNanos());
    if (unpricedModels != null) {
      unpricedModels.count(llm, priced.price());
    }
    return (conversion == null ? priced : conversion.convert(priced, log.epochNanos())).cost();
  }

  /** Providers bill by the time of the request. */
  private static long timeOf(WireSpan span) {
    return span.startEpochNanos() != 0 ? span.startEpochNanos() : span.endEpochNanos();
  }

  /** Builds an {@link Enrichment}. */
  public static final class Builder {
    private Normalizer normalizer = Normalizer.create();
    private Supplier<PriceCatalog> catalog;
    private Supplier<Contracts> contracts;
    private String tenantAttribute;
    private Deployments deployments = Deployments.none();
    private UsageEstimator estimator;
    private ExchangeRates rates;
    private Meter meter;
    private boolean genAiUsageCost = true;
    private Observer observer = NOBODY;
    private LogJoin logJoin;

    Builder() {}

    /** Reads and writes the dialects. Default {@link Normalizer#create()}. */
    public Builder normalizer(Normalizer normalizer) {
      this.normalizer = requireNonNull(normalizer, "normalizer");
      return this;
    }

    /** Holds the prices. Default {@link PriceCatalog#shipped()}. */
    public Builder catalog(PriceCatalog catalog) {
      requireNonNull(catalog, "catalog");
      return catalog(() -> catalog);
    }

    /** Gives the prices in force. Asked once for each request, by the thread that processes it. */
    public Builder catalog(Supplier<PriceCatalog> catalog) {
      this.catalog = requireNonNull(catalog, "catalog");
      return this;
    }

    /**
     * Prices by what the tenant of a span has agreed. Default list prices.
     *
     * @param attribute of the span, or else of its resource, whose text names the tenant
     */
    public Builder contracts(Contracts contracts, String attribute) {
      requireNonNull(contracts, "contracts");
      return contracts(() -> contracts, attribute);
    }

    /** The same with the contracts in force. Asked once for each request, as the catalog is. */
    public Builder contracts(Supplier<Contracts> contracts, String attribute) {
      this.contracts = requireNonNull(contracts, "contracts");
      this.tenantAttribute = requireNonNull(attribute, "attribute");
      return this;
    }

    /** Prices calls of deployments as calls of their models. Default no model has other names. */
    public Builder deployments(Deployments deployments) {
      this.deployments = requireNonNull(deployments, "deployments");
      return this;
    }

    /** Counts the tokens of calls whose usage nobody reported. Default nothing does. */
    public Builder estimator(UsageEstimator estimator) {
      this.estimator = requireNonNull(estimator, "estimator");
      return this;
    }

    /** Says costs in another currency. Default they stay in their own. */
    public Builder currency(ExchangeRates rates) {
      this.rates = requireNonNull(rates, "rates");
      return this;
    }

    /**
     * Counts how far reported costs are from computed ones, and the calls of models without a
     * price, which are logged once. Default nothing does.
     */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    /**
     * Whether {@code gen_ai.usage.cost} is written beside {@code tallyspan.cost.total}. Default
     * true.
     */
    public Builder genAiUsageCost(boolean genAiUsageCost) {
      this.genAiUsageCost = genAiUsageCost;
      return this;
    }

    /** Is told of each LLM span. Default nobody. */
    public Builder observer(Observer observer) {
      this.observer = requireNonNull(observer, "observer");
      return this;
    }

    /**
     * Shows spans the messages of their log records, as far as these are in {@code logJoin} when a
     * span comes, from log requests before it or put there beforehand. Default spans are alone.
     */
    public Builder logJoin(LogJoin logJoin) {
      this.logJoin = requireNonNull(logJoin, "logJoin");
      return this;
    }

    public Enrichment build() {
      if (catalog == null) {
        catalog(PriceCatalog.shipped());
      }
      return new Enrichment(this);
    }
  }
}
