package dev.tallyspan.enrichment;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.LogView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads spans and prices LLM spans, taking into account dialects, estimated usage, the lifetime of
 * cache writes as proved by a reported cost, contracts of tenants, deployments, and the currency.
 * Does not modify spans. Thread-safe.
 */
public final class Enricher {

  /** The trace id of a record that does not belong to a trace. */
  private static final Pattern NO_TRACE = Pattern.compile("0*");

  private final Normalizer normalizer;
  private final Supplier<PriceCatalog> catalog;
  private final Supplier<Tenants> tenants;
  private final Deployments deployments;
  private final TokenEstimator estimator;
  private final CurrencyConversion conversion;

  private Enricher(Builder builder) {
    this.normalizer = builder.normalizer == null ? Normalizer.create() : builder.normalizer;
    this.catalog = builder.catalog;
    this.tenants = builder.tenants;
    this.deployments = builder.deployments;
    this.estimator = builder.estimator;
    this.conversion =
        builder.rates == null
            ? CurrencyConversion.NONE
            : new ConversionByRates(builder.rates, builder.meter);
  }

  /** {@return a builder with default settings} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return the normalizer that reads the spans} Use the same one to write them. */
  public Normalizer normalizer() {
    return normalizer;
  }

  /**
   * Starts a request. All of its spans are priced by the catalog and the contracts that are in
   * force now. May block while prices are read for the first time.
   *
   * @return the request
   */
  public Request request() {
    PriceCatalog list = catalog.get();
    return new Request(
        list, tenants.get(), new SpanPricer(list, deployments, conversion), estimator.session());
  }

  /** The spans and log records of one request. Not thread-safe, unless {@link #isThreadSafe}. */
  public final class Request {

    private final PriceCatalog list;
    private final Tenants tenants;
    private final SpanPricer ofList;
    private final TokenEstimator.Session estimates;

    private Request(
        PriceCatalog list, Tenants tenants, SpanPricer ofList, TokenEstimator.Session estimates) {
      this.list = list;
      this.tenants = tenants;
      this.ofList = ofList;
      this.estimates = estimates;
    }

    /**
     * {@return whether several threads may read spans at a time} Not if token counts are estimated:
     * the limit for estimates counts what the spans before have used.
     */
    public boolean isThreadSafe() {
      return estimator == TokenEstimator.NONE;
    }

    /**
     * {@return a span with its cost, or null if it is not an LLM span}
     *
     * @param span the span
     */
    public @Nullable Enriched enrich(SpanView span) {
      LlmSpan read = normalizer.read(span);
      if (read == null) {
        return null;
      }
      Cost written = read.alreadyProcessed() ? WrittenCost.read(span.attributes()) : null;
      if (written != null) {
        return new Enriched(
            read,
            new SpanPricer.Priced(written, /* bill= */ null),
            timeOf(span),
            /* notEstimated= */ null,
            pricer(span.attributes(), span.resource()));
      }
      TokenEstimator.Estimate estimate = estimates.estimate(read, span);
      String result = estimate.result();
      SpanPricer pricer = pricer(span.attributes(), span.resource());
      long time = timeOf(span);
      LlmSpan llm = pricer.withProvenLifetimes(estimate.llm(), time);
      return new Enriched(
          llm,
          pricer.price(llm, time),
          time,
          TokenEstimator.ESTIMATED.equals(result) ? null : result,
          pricer);
    }

    /**
     * {@return a log record with its cost, or null if it is not about an LLM} A record with the
     * usage of a whole call is priced like a span if it does not belong to a trace, because then no
     * span can contain the same call. In a trace, it is a duplicate.
     *
     * @param log the log record
     */
    public @Nullable Enriched enrich(LogView log) {
      LlmSpan read = normalizer.readLog(log);
      if (read == null) {
        return null;
      }
      SpanPricer pricer = pricer(log.attributes(), log.resource());
      LlmSpan llm = pricer.withProvenLifetimes(read, log.epochNanos());
      return new Enriched(
          llm, price(llm, log, pricer), log.epochNanos(), /* notEstimated= */ null, pricer);
    }

    private static SpanPricer.Priced price(LlmSpan llm, LogView log, SpanPricer pricer) {
      if (llm.billing() != Billing.CALL) {
        return pricer.price(llm, log.epochNanos());
      }
      if (llm.usage() == null) {
        return unpriced(Cost.Status.UNPRICED);
      }
      return NO_TRACE.matcher(log.traceId()).matches()
          ? pricer.price(llm, log.epochNanos())
          : unpriced(Cost.Status.DUPLICATE);
    }

    private static SpanPricer.Priced unpriced(Cost.Status status) {
      return new SpanPricer.Priced(Cost.builder(status).build(), /* bill= */ null);
    }

    /** Returns the pricer for an item, which applies the contract of its tenant. */
    private SpanPricer pricer(AttributeView attributes, AttributeView resource) {
      PriceCatalog prices = tenants.prices(attributes, resource, list);
      return prices == list ? ofList : new SpanPricer(prices, deployments, conversion);
    }
  }

  /** Providers bill by the time of the request, so the start comes first. */
  private static long timeOf(SpanView span) {
    return span.startEpochNanos() != 0 ? span.startEpochNanos() : span.endEpochNanos();
  }

  /** Builds an {@link Enricher}. */
  public static final class Builder {
    private @Nullable Normalizer normalizer;
    private Supplier<PriceCatalog> catalog = PriceCatalog::shipped;
    private Supplier<Tenants> tenants = () -> Tenants.NONE;
    private Deployments deployments = Deployments.none();
    private TokenEstimator estimator = TokenEstimator.NONE;
    private @Nullable ExchangeRates rates;
    private Meter meter = MeterProvider.noop().get("dev.tallyspan.enrichment");

    Builder() {}

    /**
     * Sets the normalizer that reads spans. Default: {@link Normalizer#create()}.
     *
     * @param normalizer the normalizer
     * @return this
     */
    public Builder normalizer(Normalizer normalizer) {
      this.normalizer = requireNonNull(normalizer, "normalizer");
      return this;
    }

    /**
     * Sets the prices, which are queried once per request. Default: {@link PriceCatalog#shipped()}.
     *
     * @param catalog the prices
     * @return this
     */
    public Builder catalog(Supplier<PriceCatalog> catalog) {
      this.catalog = requireNonNull(catalog, "catalog");
      return this;
    }

    /**
     * Sets the contracts of tenants, which are queried once per request. Default: list prices.
     *
     * @param attribute of the span or, if absent, of its resource, with the name of the tenant
     * @param contracts the contracts of tenants
     * @return this
     */
    public Builder contracts(Supplier<Contracts> contracts, String attribute) {
      requireNonNull(contracts, "contracts");
      requireNonNull(attribute, "attribute");
      this.tenants = () -> new Tenants.ByAttribute(contracts.get(), attribute);
      return this;
    }

    /**
     * Sets the deployments, which are priced as their models. Default: none.
     *
     * @param deployments the deployments
     * @return this
     */
    public Builder deployments(Deployments deployments) {
      this.deployments = requireNonNull(deployments, "deployments");
      return this;
    }

    /**
     * Sets the estimator for calls that report no usage. Default: {@link TokenEstimator#NONE}.
     *
     * @param estimator the estimator
     * @return this
     */
    public Builder estimator(TokenEstimator estimator) {
      this.estimator = requireNonNull(estimator, "estimator");
      return this;
    }

    /**
     * Sets the exchange rates to convert costs at. Default: costs are not converted.
     *
     * @param rates the rates
     * @return this
     */
    public Builder currency(ExchangeRates rates) {
      this.rates = requireNonNull(rates, "rates");
      return this;
    }

    /**
     * Sets the meter that counts costs that could not be converted. Default: not counted.
     *
     * @param meter the meter to record with
     * @return this
     */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    /** {@return the enricher} */
    public Enricher build() {
      return new Enricher(this);
    }
  }
}
