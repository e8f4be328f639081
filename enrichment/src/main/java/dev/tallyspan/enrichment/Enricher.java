package dev.tallyspan.enrichment;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.read.Normalizer;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.metrics.Meter;
import java.util.function.Supplier;

/**
 * Reads spans, and prices those that are about LLMs: dialects, estimates where no usage was
 * reported, the lifetime of cache writes that a reported cost proves, the tenant's contract, the
 * user's deployments, the currency. Writes nothing. Thread-safe.
 */
public final class Enricher {

  private final Normalizer normalizer;
  private final Supplier<PriceCatalog> catalog;
  private final Supplier<Contracts> contracts;
  private final String tenantAttribute;
  private final Deployments deployments;
  private final TokenEstimator estimator;
  private final CurrencyConversion conversion;

  private Enricher(Builder builder) {
    this.normalizer = builder.normalizer;
    this.catalog = builder.catalog;
    this.contracts = builder.contracts;
    this.tenantAttribute = builder.tenantAttribute;
    this.deployments = builder.deployments;
    this.estimator = builder.estimator;
    this.conversion =
        builder.rates == null
            ? CurrencyConversion.NONE
            : new CurrencyConversion(builder.rates, builder.meter);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** What reads the spans; the one to write them by, too. */
  public Normalizer normalizer() {
    return normalizer;
  }

  /**
   * Begins a request: all its spans are priced by the catalog and the contracts that are in force
   * now. May block while prices are being read for the first time.
   */
  public Request request() {
    PriceCatalog list = catalog.get();
    return new Request(
        list,
        contracts == null ? null : new Tenants(contracts.get(), tenantAttribute),
        new SpanPricer(list, deployments, conversion),
        estimator.session());
  }

  /** The spans and log records of one request. Not thread-safe. */
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

    /** What is known of a span; null if it is not about an LLM. */
    public Enriched enrich(SpanView span) {
      LlmSpan read = normalizer.read(span);
      if (read == null) {
        return null;
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

    /** What prices an item, by its tenant's contract if it has one. */
    public SpanPricer pricer(AttributeView attributes, AttributeView resource) {
      return tenants == null
          ? ofList
          : new SpanPricer(tenants.prices(attributes, resource, list), deployments, conversion);
    }
  }

  /** Providers bill by the time of the request. */
  private static long timeOf(SpanView span) {
    return span.startEpochNanos() != 0 ? span.startEpochNanos() : span.endEpochNanos();
  }

  /** Builds an {@link Enricher}. */
  public static final class Builder {
    private Normalizer normalizer;
    private Supplier<PriceCatalog> catalog;
    private Supplier<Contracts> contracts;
    private String tenantAttribute;
    private Deployments deployments = Deployments.none();
    private TokenEstimator estimator = TokenEstimator.NONE;
    private ExchangeRates rates;
    private Meter meter;

    Builder() {}

    /** The dialects that are read. Default {@link Normalizer#create()}. */
    public Builder normalizer(Normalizer normalizer) {
      this.normalizer = requireNonNull(normalizer, "normalizer");
      return this;
    }

    /** The prices in force, asked for once a request. Default {@link PriceCatalog#shipped()}. */
    public Builder catalog(Supplier<PriceCatalog> catalog) {
      this.catalog = requireNonNull(catalog, "catalog");
      return this;
    }

    /**
     * What tenants have agreed, asked for once a request. Default list prices.
     *
     * @param attribute of the span, or else of its resource, whose text names the tenant
     */
    public Builder contracts(Supplier<Contracts> contracts, String attribute) {
      this.contracts = requireNonNull(contracts, "contracts");
      this.tenantAttribute = requireNonNull(attribute, "attribute");
      return this;
    }

    /** Models by names of the user's own. Default there are none. */
    public Builder deployments(Deployments deployments) {
      this.deployments = requireNonNull(deployments, "deployments");
      return this;
    }

    /** Counts the tokens of calls that report no usage. Default {@link TokenEstimator#NONE}. */
    public Builder estimator(TokenEstimator estimator) {
      this.estimator = requireNonNull(estimator, "estimator");
      return this;
    }

    /** Reports costs in another currency. Default they stay in their own. */
    public Builder currency(ExchangeRates rates) {
      this.rates = requireNonNull(rates, "rates");
      return this;
    }

    /** Counts costs that could not be converted. Default they are not counted. */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    public Enricher build() {
      if (normalizer == null) {
        normalizer = Normalizer.create();
      }
      if (catalog == null) {
        catalog = PriceCatalog::shipped;
      }
      return new Enricher(this);
    }
  }
}
