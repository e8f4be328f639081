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
import dev.tallyspan.collector.wire.LogEditor;
import dev.tallyspan.collector.wire.LogEdits;
import dev.tallyspan.collector.wire.LogRewriter;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Rewritten;
import dev.tallyspan.collector.wire.SpanEditor;
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
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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
  private final ReadFaults readFaults;
  private final UnreadKeys unreadKeys;
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
    this.readFaults = new ReadFaults(builder.meter);
    this.unreadKeys = builder.meter == null ? null : new UnreadKeys(builder.meter);
    this.unpricedModels = builder.meter == null ? null : new UnpricedModels(builder.meter);
    this.genAiUsageCost = builder.genAiUsageCost;
    this.observer = builder.observer;
    this.logJoin = builder.logJoin;
    this.traces =
        new TraceRewriter(
            KeyPrefixes.of(normalizer.markerKeyPrefixes()),
            KeyPrefixes.of(normalizer.markerEventPrefixes()));
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
    List<Call> calls = new ArrayList<>();
    SameCalls sameCalls = new SameCalls();
    Rewritten rewritten =
        traces.rewrite(
            request,
            0,
            request.length,
            new SpanEditor() {
              @Override
              public void edit(WireSpan span, SpanEdits edits) {
                int index = calls.size();
                calls.add(null); // what fails stays so, and leaves as it came the second time, too
                SpanPricer own =
                    tenants == null
                        ? pricer
                        : pricer(tenants, span.attributes(), span.resource(), list);
                Call call = understand(span, own, estimates);
                if (call != null) {
                  write(span, edits, call);
                  calls.set(index, call);
                  sameCalls.add(seen(index, span, call));
                }
              }

              @Override
              public void failed(Throwable cause) {
                readFaults.failed(cause);
              }
            });
    Map<Integer, String> duplicates = sameCalls.duplicates();
    if (!duplicates.isEmpty() || observer != NOBODY) {
      duplicates.forEach((index, of) -> calls.set(index, calls.get(index).asDuplicateOf(of)));
      Iterator<Call> understood = calls.iterator();
      rewritten =
          traces.rewrite(
              request,
              0,
              request.length,
              new SpanEditor() {
                @Override
                public void edit(WireSpan span, SpanEdits edits) {
                  Call call = understood.next();
                  if (call != null) {
                    write(span, edits, call);
                    tellObserver(span, call);
                  }
                }

                @Override
                public void failed(Throwable cause) {
                  readFaults.failedAgain(cause);
                }
              });
    }
    calls.forEach(this::measure);
    return processed(rewritten);
  }

  /**
   * What was understood of a span, kept until the whole request is.
   *
   * @param notEstimated why its tokens were not estimated; null if that was not tried
   */
  private record Call(
      LlmSpan llm, SpanPricer pricer, SpanPricer.Priced priced, long time, String notEstimated) {

    Call asDuplicateOf(String spanId) {
      LlmSpan duplicate = llm.asDuplicateOf(spanId);
      return new Call(duplicate, pricer, pricer.price(duplicate, time), time, notEstimated);
    }
  }

  private static SameCalls.Seen seen(int index, WireSpan span, Call call) {
    return new SameCalls.Seen(
        index,
        span.traceId(),
        span.spanId(),
        span.parentSpanId(),
        span.scopeName(),
        span.startEpochNanos(),
        span.endEpochNanos(),
        call.llm,
        call.priced.cost().status());
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
            new LogEditor() {
              @Override
              public void edit(WireLog log, LogEdits edits) {
                SpanPricer own =
                    tenants == null
                        ? pricer
                        : pricer(tenants, log.attributes(), log.resource(), list);
                Enrichment.this.edit(log, edits, own);
              }

              @Override
              public void failed(Throwable cause) {
                readFaults.failed(cause);
              }
            }));
  }

  private Tenants tenants() {
    return contracts == null ? null : new Tenants(contracts.get(), tenantAttribute);
  }

  private SpanPricer pricer(
      Tenants tenants, WireAttributes attributes, WireAttributes resource, PriceCatalog list) {
    return new SpanPricer(tenants.prices(attributes, resource, list), deployments);
  }

  private static Processed processed(Rewritten rewritten) {
    return new Processed(rewritten.body(), rewritten.items());
  }

  private Call understand(WireSpan span, SpanPricer pricer, UsageEstimator.Request estimates) {
    SpanView view = new WireSpanView(span);
    if (logJoin != null) {
      view = logJoin.join(view);
    }
    LlmSpan llm = normalizer.read(view);
    if (llm == null) {
      return null;
    }
    String notEstimated = null;
    if (estimates != null) {
      UsageEstimator.Estimate estimate = estimates.estimate(llm, view);
      boolean without =
          estimate.result() != null && !estimate.result().equals(UsageEstimator.ESTIMATED);
      notEstimated = without ? estimate.result() : null;
      llm = estimate.llm();
    }
    long time = timeOf(span);
    llm = pricer.withProvenLifetimes(llm, time);
    return new Call(llm, pricer, priced(llm, pricer, time), time, notEstimated);
  }

  private void write(WireSpan span, SpanEdits spanEdits, Call call) {
    LlmSpan llm = call.llm;
    if (!llm.alreadyProcessed()) {
      AttributeEdits edits = new WireEdits(spanEdits);
      normalizer.render(llm, new WireSpanView(span), edits, call.priced.cost().status());
      boolean hasCost = span.attributes().indexOf(GEN_AI_USAGE_COST) >= 0;
      call.priced.cost().render(edits, genAiUsageCost && !hasCost);
    }
  }

  private SpanPricer.Priced priced(LlmSpan llm, SpanPricer pricer, long time) {
    SpanPricer.Priced priced = pricer.price(llm, time);
    return conversion == null || llm.alreadyProcessed() ? priced : conversion.convert(priced, time);
  }

  private void tellObserver(WireSpan span, Call call) {
    if (call.notEstimated != null) {
      observer.notEstimated(call.notEstimated);
    }
    observer.understood(span, call.llm, call.priced);
  }

  private void measure(Call call) {
    if (call == null) {
      return;
    }
    readFaults.note(call.llm);
    if (call.llm.alreadyProcessed()) {
      return;
    }
    if (costDelta != null && call.priced.cost().status() == Cost.Status.PROVIDER_REPORTED) {
      costDelta.measure(call.llm, call.pricer, call.time);
    }
    if (unreadKeys != null) {
      unreadKeys.note(call.llm);
    }
    if (unpricedModels != null && call.priced.bill() != null) {
      unpricedModels.count(call.llm, call.priced.bill().price());
    }
  }

  private void edit(WireLog log, LogEdits logEdits, SpanPricer pricer) {
    WireLogView view = new WireLogView(log);
    if (logJoin != null) {
      logJoin.keep(view);
    }
    LlmSpan read = normalizer.readLog(view);
    if (read == null) {
      return;
    }
    readFaults.note(read);
    if (read.alreadyProcessed()) {
      return;
    }
    LlmSpan llm = pricer.withProvenLifetimes(read, view.epochNanos());
    AttributeEdits edits = new WireEdits(logEdits);
    if (llm.usage() != null && llm.billing() == Billing.CALL) {
      boolean hasCost = log.attributes().indexOf(GEN_AI_USAGE_COST) >= 0;
      Cost cost = cost(view, llm, pricer);
      normalizer.renderLog(llm, view, edits, cost.status());
      cost.render(edits, genAiUsageCost && !hasCost);
    } else {
      normalizer.renderLog(llm, view, edits);
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
     * Counts how far reported costs are from computed ones, token counts that no rule understood,
     * spans that could not be read, and the calls of models without a price, which are logged once.
     * Default nothing does.
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
