package dev.tallyspan.sdk;

import dev.tallyspan.enrichment.Enricher;
import dev.tallyspan.enrichment.TokenEstimator;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.content.ContentPolicy;
import dev.tallyspan.semconv.read.CustomDialect;
import dev.tallyspan.semconv.read.LogJoin;
import dev.tallyspan.semconv.read.Normalizer;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Enriches LLM spans inside an application. When a span ends, adds the OpenTelemetry GenAI
 * attributes and the cost, for any supported instrumentation. Other spans are not changed.
 * Thread-safe.
 *
 * <pre>{@code
 * SdkTracerProvider.builder()
 *     .addSpanProcessor(LlmEnrichment.create().spanProcessor())
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
public final class LlmEnrichment {

  /** The most that events may take; a character takes at most two bytes: 16 MB. */
  private static final long EVENT_CHARACTERS = 8 << 20;

  private static final long EVENT_CHARACTERS_OF_SPAN = 2 << 20;

  private final Faults faults = new Faults();
  private final @Nullable LogJoin events;
  private final SpanProcessor processor;
  private final @Nullable ExportPolicy policy;

  /**
   * @throws SettingsException if settings contradict each other, or prices cannot be read and the
   *     settings are strict
   */
  LlmEnrichment(ExtensionSettings settings) {
    boolean active = settings.enabled && OpenTelemetryFloor.isReached();
    events =
        active && !settings.joinLogs.isZero()
            ? LogJoin.window(
                settings.joinLogs,
                EVENT_CHARACTERS,
                EVENT_CHARACTERS_OF_SPAN,
                InstantSource.system())
            : null;
    // What must not leave stays in the application, whether spans are enriched or not.
    policy = settings.contentPolicy == null ? null : new ExportPolicy(settings.contentPolicy);
    EndingPolicy atEnd =
        settings.policyAtEnd && settings.contentPolicy != null
            ? new EndingPolicy(settings.contentPolicy)
            : null;
    if (active) {
      processor = enriching(settings, events, atEnd, faults);
    } else {
      processor =
          atEnd == null
              ? SpanProcessor.composite()
              : new EnrichingSpanProcessor(null, atEnd, () -> {});
    }
  }

  private static SpanProcessor enriching(
      ExtensionSettings settings,
      @Nullable LogJoin events,
      @Nullable EndingPolicy atEnd,
      Faults faults) {
    Enricher.Builder enricher =
        Enricher.builder().normalizer(settings.normalizer()).deployments(settings.deployments);
    PriceSource prices = new PriceSource(settings);
    enricher.catalog(prices.catalog());
    if (prices.contracts() != null) {
      enricher.contracts(prices.contracts(), settings.tenantAttribute);
    }
    if (settings.currency != null) {
      enricher.currency(settings.currency);
    }
    if (settings.estimator != null) {
      enricher.estimator(settings.estimator);
    } else if (settings.estimates) {
      enricher.estimator(Estimates.create(settings.deployments, settings.estimatedCharacters));
    }
    Arrivals arrivals = settings.arrivals;
    return new EnrichingSpanProcessor(
        new SpanEnricher(enricher.build(), settings, events, faults),
        atEnd,
        () -> {
          prices.close();
          if (arrivals != null) {
            System.err.println(arrivals.report());
          }
        });
  }

  /**
   * Reads a content policy from settings, for code that applies it to more than exporters.
   *
   * @param settings the keys of {@code content_policy} in OpenTelemetry's configuration file, in
   *     the same form as those of {@link Builder#settings}
   * @return the policy; {@link Builder#contentPolicy} takes it
   * @throws SettingsException if a key or value is not valid, or the file that they name cannot be
   *     read; its message begins with {@code content_policy}
   */
  public static ContentPolicy contentPolicy(Map<String, ?> settings) {
    ContentPolicy policy =
        PolicyReader.read(new Section("", Map.of("content_policy", Map.copyOf(settings))));
    return Objects.requireNonNull(policy);
  }

  /** {@return an instance with default settings} */
  public static LlmEnrichment create() {
    return builder().build();
  }

  /** {@return a builder with default settings} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@return the processor to add to the tracer provider, before or after other processors} With
   * OpenTelemetry older than 1.43, it does nothing and a warning is logged once.
   */
  public SpanProcessor spanProcessor() {
    return processor;
  }

  /**
   * {@return how many times a span could not be read or written completely} Each cause is logged
   * once, as a warning of the logger {@code dev.tallyspan.sdk.Faults}.
   */
  public long faults() {
    return faults.count();
  }

  /**
   * {@return the processor to add to the logger provider, which keeps the events with which
   * instrumentations record messages, for {@link #spanProcessor} to put them on their spans} Does
   * nothing if events are not joined.
   */
  public LogRecordProcessor logRecordProcessor() {
    return events == null ? LogRecordProcessor.composite() : MessageEvents.processor(() -> events);
  }

  /**
   * {@return an exporter that applies the content policy to spans, with their events, links, status
   * and name, and passes them to another one} Without a policy, returns the other one.
   *
   * @param exporter is closed with the returned one
   */
  public SpanExporter spanExporter(SpanExporter exporter) {
    return policy == null ? exporter : new PolicySpanExporter(exporter, policy, faults);
  }

  /**
   * {@return an exporter that applies the content policy to log records and passes them to another
   * one} Without a policy, returns the other one.
   *
   * @param exporter is closed with the returned one
   */
  public LogRecordExporter logRecordExporter(LogRecordExporter exporter) {
    return policy == null ? exporter : PolicyLogExporter.of(exporter, policy, faults);
  }

  /** The events that wait for their spans; null if they are not joined. */
  @Nullable LogJoin events() {
    return events;
  }

  /** Builds {@link LlmEnrichment}. */
  public static final class Builder {
    private final ExtensionSettings settings = new ExtensionSettings();

    Builder() {}

    /**
     * Sets what the map has, with the keys and values of the component {@code tallyspan} in
     * OpenTelemetry's configuration file: texts, numbers, flags, lists and maps.
     *
     * @param values the settings by key; a key that is absent leaves its setting as it is
     * @return this
     * @throws SettingsException if a key or value is not valid
     */
    public Builder settings(Map<String, ?> values) {
      SettingsReader.read(values, settings);
      return this;
    }

    /**
     * Sets whether prices or contracts that cannot be read are an error in {@link #build}. Default:
     * false, which logs a warning and uses the prices in the jar and no contracts.
     *
     * @param strict true to fail in {@link #build}, false to log a warning
     * @return this
     */
    public Builder strict(boolean strict) {
      settings.strict = strict;
      return this;
    }

    /**
     * Sets the generation of the GenAI conventions to write. Default: {@link
     * ConventionVersion#GENAI_DEV}, the newest.
     *
     * @param generation the generation to write, whatever generation or dialect a span has
     * @return this
     */
    public Builder target(ConventionVersion generation) {
      settings.target = Objects.requireNonNull(generation, "target");
      return this;
    }

    /**
     * Sets the generation of the GenAI conventions to write, by its name in configuration files.
     *
     * @param name such as {@code genai-dev}
     * @return this
     * @throws SettingsException if the name is unknown
     */
    public Builder target(String name) {
      return target(ExtensionSettings.generation(name));
    }

    /**
     * Sets the prices, such as a file that {@link PriceCatalog#read} reads. Default: the catalog in
     * the jar.
     *
     * @param prices the catalog, which does not change
     * @return this
     */
    public Builder catalog(PriceCatalog prices) {
      Objects.requireNonNull(prices, "catalog");
      return catalog(() -> prices);
    }

    /**
     * Sets prices that may change, such as {@code LiveCatalog::current}. Called for each LLM span,
     * on the thread that ends it.
     *
     * @param prices returns the catalog to use now; must be thread-safe and must not block
     * @return this
     */
    public Builder catalog(Supplier<PriceCatalog> prices) {
      settings.catalog = Objects.requireNonNull(prices, "catalog");
      return this;
    }

    /**
     * Sets the form in which messages are written. Default: {@link ContentFormat#JSON_STRING}.
     *
     * @param format JSON text, or structured values
     * @return this
     */
    public Builder content(ContentFormat format) {
      settings.content = Objects.requireNonNull(format, "content");
      return this;
    }

    /**
     * Sets the maximum number of characters of JSON text in one attribute with content. Longer
     * content is cut inside its texts, so that it stays valid. Default: 0 = no limit.
     *
     * @param characters 0 = no limit
     * @return this
     * @throws IllegalArgumentException if the number is negative
     */
    public Builder maxContentLength(int characters) {
      if (characters < 0) {
        throw new IllegalArgumentException("maxContentLength=" + characters + " is negative");
      }
      settings.maxContentLength = characters;
      return this;
    }

    /**
     * Sets what of the content is exported, through {@link LlmEnrichment#spanExporter} and {@link
     * LlmEnrichment#logRecordExporter}. Default: everything that instrumentations capture.
     *
     * @param policy such as one that {@link LlmEnrichment#contentPolicy} reads from settings
     * @return this
     */
    public Builder contentPolicy(ContentPolicy policy) {
      settings.contentPolicy = Objects.requireNonNull(policy, "contentPolicy");
      return this;
    }

    /**
     * Sets how long messages that instrumentations record as events of their own are kept for their
     * spans, see {@link #logRecordProcessor}. Default: 10 minutes; 0 = they are not joined.
     *
     * @param longest at least 1 ms; 0 = events are not joined
     * @return this
     * @throws IllegalArgumentException if the duration is negative, or below 1 ms and not 0
     */
    public Builder joinLogs(Duration longest) {
      if (longest.isNegative() || !longest.isZero() && longest.toMillis() == 0) {
        throw new IllegalArgumentException("joinLogs=" + longest + " must be 0, or 1ms or longer");
      }
      settings.joinLogs = longest;
      return this;
    }

    /**
     * Sets whether the spans of agents, workflows and tools, and the first span of a trace in this
     * process, get the sums over the LLM calls below them that ended before. Default: true.
     *
     * @param rollup false to write no sums
     * @return this
     */
    public Builder rollup(boolean rollup) {
      settings.rollup = rollup;
      return this;
    }

    /**
     * Sets the attributes that LLM spans take over from the spans around them in this process,
     * nearest first, where they do not have them. Default: {@code session.id}, {@code user.id} and
     * {@code gen_ai.conversation.id}.
     *
     * @param keys names of attributes; an empty list inherits nothing
     * @return this
     */
    public Builder inheritIdentity(List<String> keys) {
      settings.inherited = List.copyOf(keys);
      return this;
    }

    /**
     * Sets the entries of baggage that become attributes of LLM spans which do not have them.
     * Baggage may come from callers in other processes, who then decide what it says. Default:
     * none.
     *
     * @param keys names of entries, which are also the names of the attributes
     * @return this
     */
    public Builder identityFromBaggage(List<String> keys) {
      settings.fromBaggage = List.copyOf(keys);
      return this;
    }

    /**
     * Sets whether to also write a cost in US dollars as {@code gen_ai.usage.cost}, which several
     * backends read. An existing attribute is not overwritten. Default: true.
     *
     * @param write false to write only {@code tallyspan.cost.*}
     * @return this
     */
    public Builder genAiUsageCost(boolean write) {
      settings.genAiUsageCost = write;
      return this;
    }

    /**
     * Sets the attribute names for input tokens written to a cache. Default: both names, or in
     * {@link ConventionVersion#CORE_1_41} the one that it defines. Langfuse requires {@link
     * CacheWriteNames#LEGACY}.
     *
     * @param names one name, or both
     * @return this
     */
    public Builder cacheWriteNames(CacheWriteNames names) {
      settings.cacheWriteNames = Objects.requireNonNull(names, "cacheWriteNames");
      return this;
    }

    /**
     * Sets the attribute names for input tokens written to a cache, by their name in configuration
     * files: {@code both}, {@code current} or {@code legacy}.
     *
     * @param name of the choice, in lower case
     * @return this
     * @throws IllegalArgumentException if the name is unknown
     */
    public Builder cacheWriteNames(String name) {
      return cacheWriteNames(CacheWriteNames.ofName(name));
    }

    /**
     * Sets deployments, which are priced as their models, with the place and the service tier of
     * the deployment. Default: none.
     *
     * @param deployments the models by your own names of them
     * @return this
     */
    public Builder deployments(Deployments deployments) {
      settings.deployments = Objects.requireNonNull(deployments, "deployments");
      return this;
    }

    /**
     * Sets the contracts of tenants. Default: list prices.
     *
     * @param contracts the contracts, which do not change
     * @param attribute of the span or, if absent, of its resource, with the name of the tenant
     * @return this
     */
    public Builder contracts(Contracts contracts, String attribute) {
      Objects.requireNonNull(contracts, "contracts");
      return contracts(() -> contracts, attribute);
    }

    /**
     * Sets contracts that may change, such as {@code LiveContracts::current}. Default: list prices.
     *
     * @param contracts returns the contracts to use now; must be thread-safe and must not block
     * @param attribute of the span or, if absent, of its resource, with the name of the tenant
     * @return this
     */
    public Builder contracts(Supplier<Contracts> contracts, String attribute) {
      settings.contracts = Objects.requireNonNull(contracts, "contracts");
      settings.tenantAttribute = Objects.requireNonNull(attribute, "attribute");
      return this;
    }

    /**
     * Sets the exchange rates to convert costs at. Default: costs stay in the currency of the
     * catalog.
     *
     * @param rates the currency to convert to, and the rates from others
     * @return this
     */
    public Builder currency(ExchangeRates rates) {
      settings.currency = Objects.requireNonNull(rates, "currency");
      return this;
    }

    /**
     * Estimates the token counts of chats without usage, where their whole text is on the span. The
     * counts are marked as estimates. Counting takes place on the thread that ends the span, about
     * 1 ms per 1,000 characters. Default: no estimates.
     *
     * @return this
     * @throws IllegalArgumentException if {@code com.knuddels:jtokkit} is not on the class path
     */
    public Builder estimateUsage() {
      return estimateUsage(ExtensionSettings.ESTIMATED_CHARACTERS);
    }

    /**
     * Does the same as {@link #estimateUsage()} for chats of at most this many characters. Default:
     * 100,000.
     *
     * @param maxCharacters the longest chat that is estimated, in characters; at least 1
     * @return this
     * @throws IllegalArgumentException if the number is below 1, or {@code com.knuddels:jtokkit} is
     *     not on the class path
     */
    public Builder estimateUsage(int maxCharacters) {
      if (maxCharacters < 1) {
        throw new IllegalArgumentException("maxCharacters=" + maxCharacters + " is below 1");
      }
      Estimates.checkAvailable();
      settings.estimates = true;
      settings.estimatedCharacters = maxCharacters;
      return this;
    }

    /**
     * Sets an estimator of your own, instead of {@link #estimateUsage}.
     *
     * @param estimator called on the thread that ends the span; must be thread-safe
     * @return this
     */
    public Builder estimator(TokenEstimator estimator) {
      settings.estimator = Objects.requireNonNull(estimator, "estimator");
      return this;
    }

    /**
     * Sets the dialects that are not read, by id ({@link Normalizer#dialectIds}). Default: none.
     * The conventions themselves, {@code otel}, cannot be disabled.
     *
     * @param ids replace those that were set before
     * @return this
     */
    public Builder disableDialects(Set<String> ids) {
      settings.disabledDialects = Set.copyOf(ids);
      return this;
    }

    /**
     * Adds a dialect of your own. If there are several, the first one takes precedence.
     *
     * @param dialect read in addition to the dialects in the jar
     * @return this
     */
    public Builder addDialect(CustomDialect dialect) {
      settings.dialects.add(Objects.requireNonNull(dialect, "dialect"));
      return this;
    }

    /**
     * {@return an instance with the settings so far}
     *
     * @throws SettingsException if a dialect to disable does not exist or must be read, or two
     *     dialects have the same id; or if prices cannot be read and the settings are strict
     */
    public LlmEnrichment build() {
      return new LlmEnrichment(settings);
    }
  }
}
