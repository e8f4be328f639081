package dev.tallyspan.collector.processor;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Processed;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.price.UnpricedModels;
import dev.tallyspan.collector.wire.KeyPrefixes;
import dev.tallyspan.collector.wire.LogEditor;
import dev.tallyspan.collector.wire.LogEdits;
import dev.tallyspan.collector.wire.LogRewriter;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Rewritten;
import dev.tallyspan.collector.wire.SpanEditor;
import dev.tallyspan.collector.wire.SpanEdits;
import dev.tallyspan.collector.wire.TraceRewriter;
import dev.tallyspan.collector.wire.WireLog;
import dev.tallyspan.collector.wire.WireSpan;
import dev.tallyspan.enrichment.CostDelta;
import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.enrichment.Enricher;
import dev.tallyspan.enrichment.SpanPricer;
import dev.tallyspan.enrichment.TokenEstimator;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.read.LogJoin;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
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
public final class Enrichment implements Processor {

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

  private final Enricher enricher;
  private final Normalizer normalizer;
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
    this.enricher = builder.enricher.build();
    this.normalizer = enricher.normalizer();
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
    Enricher.Request enrichment = enricher.request();
    List<Enriched> calls = new ArrayList<>();
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
                Enriched call = understand(span, enrichment);
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
      Iterator<Enriched> understood = calls.iterator();
      rewritten =
          traces.rewrite(
              request,
              0,
              request.length,
              new SpanEditor() {
                @Override
                public void edit(WireSpan span, SpanEdits edits) {
                  Enriched call = understood.next();
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

  private static SameCalls.Seen seen(int index, WireSpan span, Enriched call) {
    return new SameCalls.Seen(
        index,
        span.traceId(),
        span.spanId(),
        span.parentSpanId(),
        span.scopeName(),
        span.startEpochNanos(),
        span.endEpochNanos(),
        call.llm(),
        call.cost().status());
  }

  private Processed logs(byte[] request) throws MalformedRequestException {
    Enricher.Request enrichment = enricher.request();
    return processed(
        logs.rewrite(
            request,
            0,
            request.length,
            new LogEditor() {
              @Override
              public void edit(WireLog log, LogEdits edits) {
                Enrichment.this.edit(log, edits, enrichment);
              }

              @Override
              public void failed(Throwable cause) {
                readFaults.failed(cause);
              }
            }));
  }

  private static Processed processed(Rewritten rewritten) {
    return new Processed(rewritten.body(), rewritten.items());
  }

  private Enriched understand(WireSpan span, Enricher.Request enrichment) {
    SpanView view = new WireSpanView(span);
    return enrichment.enrich(logJoin == null ? view : logJoin.join(view));
  }

  private void write(WireSpan span, SpanEdits spanEdits, Enriched call) {
    if (!call.llm().alreadyProcessed()) {
      AttributeEdits edits = new WireEdits(spanEdits);
      normalizer.render(call.llm(), new WireSpanView(span), edits, call.cost().status());
      boolean hasCost = span.attributes().indexOf(GEN_AI_USAGE_COST) >= 0;
      call.cost().render(edits, genAiUsageCost && !hasCost);
    }
  }

  private void tellObserver(WireSpan span, Enriched call) {
    if (call.notEstimated() != null) {
      observer.notEstimated(call.notEstimated());
    }
    observer.understood(span, call.llm(), call.priced());
  }

  private void measure(Enriched call) {
    if (call == null) {
      return;
    }
    readFaults.note(call.llm());
    if (call.llm().alreadyProcessed()) {
      return;
    }
    if (costDelta != null && call.cost().status() == Cost.Status.PROVIDER_REPORTED) {
      costDelta.measure(call);
    }
    if (unreadKeys != null) {
      unreadKeys.note(call.llm());
    }
    if (unpricedModels != null && call.priced().bill() != null) {
      unpricedModels.count(call.llm(), call.priced().bill().price());
    }
  }

  private void edit(WireLog log, LogEdits logEdits, Enricher.Request enrichment) {
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
    SpanPricer pricer = enrichment.pricer(view.attributes(), view.resource());
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
    return priced.cost();
  }

  /** Builds an {@link Enrichment}. */
  public static final class Builder {
    private final Enricher.Builder enricher = Enricher.builder();
    private Meter meter;
    private boolean genAiUsageCost = true;
    private Observer observer = NOBODY;
    private LogJoin logJoin;

    Builder() {}

    /** Reads and writes the dialects. Default {@link Normalizer#create()}. */
    public Builder normalizer(Normalizer normalizer) {
      enricher.normalizer(normalizer);
      return this;
    }

    /** Holds the prices. Default {@link PriceCatalog#shipped()}. */
    public Builder catalog(PriceCatalog catalog) {
      requireNonNull(catalog, "catalog");
      return catalog(() -> catalog);
    }

    /** Gives the prices in force. Asked once for each request, by the thread that processes it. */
    public Builder catalog(Supplier<PriceCatalog> catalog) {
      enricher.catalog(catalog);
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
      enricher.contracts(contracts, attribute);
      return this;
    }

    /** Prices calls of deployments as calls of their models. Default no model has other names. */
    public Builder deployments(Deployments deployments) {
      enricher.deployments(deployments);
      return this;
    }

    /** Counts the tokens of calls whose usage nobody reported. Default nothing does. */
    public Builder estimator(TokenEstimator estimator) {
      enricher.estimator(estimator);
      return this;
    }

    /** Says costs in another currency. Default they stay in their own. */
    public Builder currency(ExchangeRates rates) {
      enricher.currency(rates);
      return this;
    }

    /**
     * Counts how far reported costs are from computed ones, token counts that no rule understood,
     * spans that could not be read, and the calls of models without a price, which are logged once.
     * Default nothing does.
     */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      enricher.meter(meter);
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
      return new Enrichment(this);
    }
  }
}
