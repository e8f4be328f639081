package dev.tallyspan.sdk;

import dev.tallyspan.enrichment.Enricher;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.Generation;
import dev.tallyspan.semconv.read.Normalizer;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The enrichment of LLM spans inside an application: as a span ends, it is given the OpenTelemetry
 * GenAI attributes and its cost, whatever instrumentation wrote it. Other spans are left alone.
 *
 * <pre>{@code
 * SdkTracerProvider.builder()
 *     .addSpanProcessor(LlmTracing.create().spanProcessor())
 *     .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
 *     .build();
 * }</pre>
 *
 * <p>Applications that use SDK autoconfiguration, OpenTelemetry's Spring Boot starter or the Java
 * agent need no code: the jar registers itself. Spring Boot's own tracing takes the processor as a
 * bean. Registered twice, it works once. The cost is written on the span and counts against the
 * SDK's limit of attributes per span, 128 by default.
 *
 * <p>Needs OpenTelemetry 1.43 or newer, API and SDK.
 */
public final class LlmTracing {

  private final Faults faults = new Faults();
  private final SpanProcessor processor;

  private LlmTracing(Builder builder) {
    processor =
        OpenTelemetryFloor.isReached() ? enriching(builder, faults) : SpanProcessor.composite();
  }

  private static SpanProcessor enriching(Builder builder, Faults faults) {
    // An attribute of the SDK cannot change its type: it would be there twice.
    Normalizer.Builder normalizer = Normalizer.builder().target(builder.target).keepStructure(true);
    if (builder.cacheWriteNames != null) {
      normalizer.cacheWriteNames(builder.cacheWriteNames);
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

  /** Returns the enrichment with its defaults. */
  public static LlmTracing create() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the processor to be added to the tracer provider, before or after any other. With an
   * OpenTelemetry older than 1.43 it does nothing, and a warning says so once.
   */
  public SpanProcessor spanProcessor() {
    return processor;
  }

  /**
   * Returns how often a span could not be read or written in full. Each cause is logged once, as a
   * warning of the logger {@code dev.tallyspan.sdk.Faults}.
   */
  public long faults() {
    return faults.count();
  }

  /**
   * The jar's prices, read beside the application's start rather than in it. An LLM span that ends
   * before they are there waits for them, as for any class that is being initialised.
   */
  private static Supplier<PriceCatalog> shippedCatalog() {
    Thread reader = new Thread(PriceCatalog::shipped, "tallyspan-catalog");
    reader.setDaemon(true);
    reader.start();
    return PriceCatalog::shipped;
  }

  /** What spans are given. */
  public static final class Builder {
    private final Enricher.Builder enricher = Enricher.builder();
    private Generation target = Generation.GENAI_DEV;
    private PriceCatalog catalog = null;
    private boolean genAiUsageCost = true;
    private CacheWriteNames cacheWriteNames = null;

    Builder() {}

    /** The generation of the GenAI conventions that is written; by default the newest. */
    public Builder target(Generation generation) {
      target = Objects.requireNonNull(generation, "target");
      return this;
    }

    /**
     * The generation of the GenAI conventions by its name in configuration.
     *
     * @throws IllegalArgumentException if there is none with this name
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
          "target=" + name + " is no generation of the GenAI conventions; known: " + known);
    }

    /** The prices, such as {@link PriceCatalog#read} has them from a file; by default the jar's. */
    public Builder catalog(PriceCatalog prices) {
      catalog = Objects.requireNonNull(prices, "catalog");
      return this;
    }

    /**
     * Whether a cost in US dollars is also written as {@code gen_ai.usage.cost}, which several
     * backends read; by default it is. An attribute of that name is never overwritten.
     */
    public Builder genAiUsageCost(boolean write) {
      genAiUsageCost = write;
      return this;
    }

    /**
     * The names of the count of input tokens written to a cache; by default both, and in {@link
     * Generation#CORE_1_41} the one that it has. Langfuse wants {@link CacheWriteNames#LEGACY}.
     */
    public Builder cacheWriteNames(CacheWriteNames names) {
      cacheWriteNames = Objects.requireNonNull(names, "cacheWriteNames");
      return this;
    }

    /**
     * The same by its name in configuration: {@code both}, {@code current}, {@code legacy}.
     *
     * @throws IllegalArgumentException if there is none with this name
     */
    public Builder cacheWriteNames(String name) {
      return cacheWriteNames(CacheWriteNames.ofName(name));
    }

    /**
     * Prices calls of deployments, whose names are the user's own, as calls of their models, at the
     * place and in the tier that the deployment states; by default there are none.
     */
    public Builder deployments(Deployments deployments) {
      enricher.deployments(deployments);
      return this;
    }

    /**
     * Prices the calls of tenants by what they have agreed; by default at list prices.
     *
     * @param attribute of the span, or else of its resource, whose text names the tenant
     */
    public Builder contracts(Contracts contracts, String attribute) {
      Objects.requireNonNull(contracts, "contracts");
      enricher.contracts(() -> contracts, attribute);
      return this;
    }

    /** Writes costs in another currency, at these rates; by default in the catalog's. */
    public Builder currency(ExchangeRates rates) {
      enricher.currency(rates);
      return this;
    }

    public LlmTracing build() {
      return new LlmTracing(this);
    }
  }
}
