package dev.tallyspan.sdk;

import dev.tallyspan.enrichment.Enricher;
import dev.tallyspan.enrichment.TokenEstimator;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.Generation;
import dev.tallyspan.semconv.read.CustomDialect;
import dev.tallyspan.semconv.read.Normalizer;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Enriches LLM spans inside an application. When a span ends, adds the OpenTelemetry GenAI
 * attributes and the cost, for any supported instrumentation. Other spans are not changed.
 * Thread-safe.
 *
 * <pre>{@code
 * SdkTracerProvider.builder()
 *     .addSpanProcessor(LlmTracing.create().spanProcessor())
 *     .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
 *     .build();
 * }</pre>
 *
 * <p>Applications that use SDK autoconfiguration, OpenTelemetry's Spring Boot starter or the Java
 * agent need no code: the jar registers itself. For Spring Boot's own tracing, declare the
 * processor as a bean. A processor that is registered twice enriches each span once. The attributes
 * count towards the SDK's limit of attributes per span, 128 by default.
 *
 * <p>Requires OpenTelemetry API and SDK 1.43 or newer.
 */
public final class LlmTracing {

  private final Faults faults = new Faults();
  private final SpanProcessor processor;

  private LlmTracing(Builder builder) {
    processor =
        OpenTelemetryFloor.isReached() ? enriching(builder, faults) : SpanProcessor.composite();
  }

  private static SpanProcessor enriching(Builder builder, Faults faults) {
    // An attribute of an SDK span cannot change its type: older SDKs would keep both.
    Normalizer.Builder normalizer =
        builder.normalizer.target(builder.target).keepStructure(true).disable(builder.disabled);
    if (builder.cacheWriteNames != null) {
      normalizer.cacheWriteNames(builder.cacheWriteNames);
    }
    if (builder.estimates) {
      builder.enricher.estimator(Estimates.create(builder.deployments));
    }
    PriceCatalog given = builder.catalog;
    Enricher enricher =
        builder
            .enricher
            .normalizer(normalizer.build())
            .catalog(given == null ? shippedCatalog() : () -> given)
            .build();
    return new EnrichingSpanProcessor(new SpanEnricher(enricher, builder.genAiUsageCost, faults));
  }

  /** Returns an instance with default settings. */
  public static LlmTracing create() {
    return builder().build();
  }

  /** Returns a builder with default settings. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the processor to add to the tracer provider, before or after other processors. With
   * OpenTelemetry older than 1.43, it does nothing and a warning is logged once.
   */
  public SpanProcessor spanProcessor() {
    return processor;
  }

  /**
   * Returns how many times a span could not be read or written completely. Each cause is logged
   * once, as a warning of the logger {@code dev.tallyspan.sdk.Faults}.
   */
  public long faults() {
    return faults.count();
  }

  /**
   * The prices in the jar, read by a thread of their own so that the application does not wait. An
   * LLM span that ends before they are loaded waits for them, as for class initialisation.
   */
  private static Supplier<PriceCatalog> shippedCatalog() {
    Thread reader = new Thread(PriceCatalog::shipped, "tallyspan-catalog");
    reader.setDaemon(true);
    reader.start();
    return PriceCatalog::shipped;
  }

  /** Builds {@link LlmTracing}. */
  public static final class Builder {
    private final Enricher.Builder enricher = Enricher.builder();
    private final Normalizer.Builder normalizer = Normalizer.builder();
    private Deployments deployments = Deployments.none();
    private boolean estimates;
    private Set<String> disabled = Set.of();
    private Generation target = Generation.GENAI_DEV;
    private @Nullable PriceCatalog catalog;
    private boolean genAiUsageCost = true;
    private @Nullable CacheWriteNames cacheWriteNames;

    Builder() {}

    /**
     * Sets the generation of the GenAI conventions to write. Default: {@link Generation#GENAI_DEV},
     * the newest.
     */
    public Builder target(Generation generation) {
      target = Objects.requireNonNull(generation, "target");
      return this;
    }

    /**
     * Sets the generation of the GenAI conventions to write, by its name in configuration files.
     *
     * @throws IllegalArgumentException if the name is unknown
     */
    public Builder target(String name) {
      for (Generation generation : Generation.values()) {
        if (generation.wireName().equals(name)) {
          return target(generation);
        }
      }
      String known =
          Arrays.stream(Generation.values())
              .map(Generation::wireName)
              .collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          "target=" + name + " is not a generation of the GenAI conventions; known: " + known);
    }

    /**
     * Sets the prices, such as a file that {@link PriceCatalog#read} reads. Default: the catalog in
     * the jar.
     */
    public Builder catalog(PriceCatalog prices) {
      catalog = Objects.requireNonNull(prices, "catalog");
      return this;
    }

    /**
     * Sets whether to also write a cost in US dollars as {@code gen_ai.usage.cost}, which several
     * backends read. An existing attribute is not overwritten. Default: true.
     */
    public Builder genAiUsageCost(boolean write) {
      genAiUsageCost = write;
      return this;
    }

    /**
     * Sets the attribute names for input tokens written to a cache. Default: both names, or in
     * {@link Generation#CORE_1_41} the one that it defines. Langfuse requires {@link
     * CacheWriteNames#LEGACY}.
     */
    public Builder cacheWriteNames(CacheWriteNames names) {
      cacheWriteNames = Objects.requireNonNull(names, "cacheWriteNames");
      return this;
    }

    /**
     * Sets the attribute names for input tokens written to a cache, by their name in configuration
     * files: {@code both}, {@code current} or {@code legacy}.
     *
     * @throws IllegalArgumentException if the name is unknown
     */
    public Builder cacheWriteNames(String name) {
      return cacheWriteNames(CacheWriteNames.ofName(name));
    }

    /**
     * Sets deployments, which are priced as their models, with the place and the service tier of
     * the deployment. Default: none.
     */
    public Builder deployments(Deployments deployments) {
      this.deployments = Objects.requireNonNull(deployments, "deployments");
      enricher.deployments(deployments);
      return this;
    }

    /**
     * Sets the contracts of tenants. Default: list prices.
     *
     * @param attribute of the span or, if absent, of its resource, with the name of the tenant
     */
    public Builder contracts(Contracts contracts, String attribute) {
      Objects.requireNonNull(contracts, "contracts");
      enricher.contracts(() -> contracts, attribute);
      return this;
    }

    /**
     * Sets the exchange rates to convert costs at. Default: costs stay in the currency of the
     * catalog.
     */
    public Builder currency(ExchangeRates rates) {
      enricher.currency(rates);
      return this;
    }

    /**
     * Estimates the token counts of chats without usage, where their whole text is on the span. The
     * counts are marked as estimates. Counting takes place on the thread that ends the span, about
     * 1 ms per 1,000 characters. Default: no estimates.
     *
     * @throws IllegalArgumentException if {@code com.knuddels:jtokkit} is not on the class path
     */
    public Builder estimateUsage() {
      Estimates.checkAvailable();
      estimates = true;
      return this;
    }

    /** Sets an estimator of your own, instead of {@link #estimateUsage}. */
    public Builder estimator(TokenEstimator estimator) {
      enricher.estimator(estimator);
      return this;
    }

    /**
     * Sets the dialects that are not read, by id ({@link Normalizer#dialectIds}). Default: none.
     * The conventions themselves, {@code otel}, cannot be disabled.
     */
    public Builder disableDialects(Set<String> ids) {
      disabled = Set.copyOf(ids);
      return this;
    }

    /** Adds a dialect of your own. If there are several, the first one takes precedence. */
    public Builder addDialect(CustomDialect dialect) {
      normalizer.custom(dialect);
      return this;
    }

    /**
     * Returns the instance.
     *
     * @throws IllegalArgumentException if a dialect to disable does not exist or must be read, or
     *     two dialects have the same id
     */
    public LlmTracing build() {
      return new LlmTracing(this);
    }
  }
}
