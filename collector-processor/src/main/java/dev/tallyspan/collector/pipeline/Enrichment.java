package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.otlp.Signal;
import dev.tallyspan.collector.price.CostDelta;
import dev.tallyspan.collector.price.SpanPricer;
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
import dev.tallyspan.collector.wire.WireLog;
import dev.tallyspan.collector.wire.WireSpan;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.Cost;
import dev.tallyspan.semconv.LlmSpan;
import dev.tallyspan.semconv.Normalizer;
import io.opentelemetry.api.metrics.Meter;
import java.util.function.Supplier;

/**
 * Makes the LLM spans of a trace request GenAI spans with their cost, and puts the messages that
 * log records hold under the names that spans have for them; everything else, metrics included,
 * leaves with the bytes it came with. Thread-safe.
 *
 * <p>A record says what it said, no more: it is not joined with its span, which comes in another
 * request, and it is not priced, since its span is.
 */
public final class Enrichment implements Step {

  /** What was understood of one LLM span, for those who want to look over the shoulder. */
  public interface Observer {

    /** Is told of each LLM span before it leaves. Nothing may be kept of {@code span}. */
    void understood(WireSpan span, LlmSpan llm, SpanPricer.Priced priced);
  }

  private static final Observer NOBODY = (span, llm, priced) -> {};

  private static final String GEN_AI_USAGE_COST = "gen_ai.usage.cost";

  private final Normalizer normalizer;
  private final Supplier<PriceCatalog> catalog;
  private final Tenants tenants;
  private final CostDelta costDelta;
  private final boolean genAiUsageCost;
  private final Observer observer;
  private final TraceRewriter traces;
  private final LogRewriter logs;

  private Enrichment(Builder builder) {
    this.normalizer = builder.normalizer;
    this.catalog = builder.catalog;
    this.tenants = builder.tenants;
    this.costDelta = builder.meter == null ? null : new CostDelta(builder.meter);
    this.genAiUsageCost = builder.genAiUsageCost;
    this.observer = builder.observer;
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
      case LOGS -> processed(logs.rewrite(request, 0, request.length, this::edit));
      case METRICS -> PASS.apply(signal, request);
    };
  }

  private Processed traces(byte[] request) throws MalformedRequestException {
    // Asked for once: all spans of a request are priced by the same catalog.
    PriceCatalog list = catalog.get();
    SpanPricer pricer = new SpanPricer(list);
    return processed(
        traces.rewrite(
            request,
            0,
            request.length,
            (span, edits) -> edit(span, edits, tenants == null ? pricer : pricer(span, list))));
  }

  private static Processed processed(Rewritten rewritten) {
    return new Processed(rewritten.body(), rewritten.items(), rewritten.failed());
  }

  private SpanPricer pricer(WireSpan span, PriceCatalog list) {
    return new SpanPricer(tenants.prices(span, list));
  }

  private void edit(WireSpan span, SpanEdits spanEdits, SpanPricer pricer) {
    WireSpanView view = new WireSpanView(span);
    LlmSpan llm = normalizer.read(view);
    if (llm == null) {
      return;
    }
    SpanPricer.Priced priced = pricer.price(llm, timeOf(span));
    if (!llm.alreadyProcessed()) {
      AttributeEdits edits = new WireEdits(spanEdits);
      normalizer.render(llm, view, edits);
      boolean hasCost = span.attributes().indexOf(GEN_AI_USAGE_COST) >= 0;
      priced.cost().render(edits, genAiUsageCost && !hasCost);
      if (costDelta != null && priced.cost().status() == Cost.Status.PROVIDER_REPORTED) {
        costDelta.measure(llm, pricer, timeOf(span));
      }
    }
    observer.understood(span, llm, priced);
  }

  private void edit(WireLog log, LogEdits edits) {
    WireLogView view = new WireLogView(log);
    LlmSpan llm = normalizer.readLog(view);
    if (llm != null) {
      normalizer.renderLog(llm, view, new WireEdits(edits));
    }
  }

  /** Providers bill by the time of the request. */
  private static long timeOf(WireSpan span) {
    return span.startEpochNanos() != 0 ? span.startEpochNanos() : span.endEpochNanos();
  }

  /** Builds an {@link Enrichment}. */
  public static final class Builder {
    private Normalizer normalizer = Normalizer.create();
    private Supplier<PriceCatalog> catalog;
    private Tenants tenants;
    private Meter meter;
    private boolean genAiUsageCost = true;
    private Observer observer = NOBODY;

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
      this.tenants =
          new Tenants(
              requireNonNull(contracts, "contracts"), requireNonNull(attribute, "attribute"));
      return this;
    }

    /** Counts how far reported costs are from computed ones. Default nothing does. */
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

    public Enrichment build() {
      if (catalog == null) {
        catalog(PriceCatalog.shipped());
      }
      return new Enrichment(this);
    }
  }
}
