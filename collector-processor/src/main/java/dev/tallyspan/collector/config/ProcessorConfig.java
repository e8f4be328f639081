package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.semconv.CacheWriteNames;
import java.time.Duration;

/**
 * A processor {@code tallyspan}: understands and prices LLM spans.
 *
 * @param id {@code tallyspan} or {@code tallyspan/name}
 * @param catalog prices other than the built-in ones; null for those
 * @param contracts what tenants have agreed with providers; null for nothing
 * @param deployments names of models that are the user's own; default none
 * @param estimate how tokens of calls without usage are estimated; null if they are not
 * @param currency the currency that costs are said in, and its rates; null for their own
 * @param target the generation of the conventions that is written; default genai-dev
 * @param content how messages are written; default json
 * @param genAiUsageCost whether {@code gen_ai.usage.cost} is written as well; default true
 * @param cacheWriteNames the names of the count of cache writes; null to tell them from where the
 *     spans go
 * @param joinLogs how long messages of log records are kept for their spans; null for not at all
 * @param dialects which dialects are read; default all that are built in
 */
public record ProcessorConfig(
    String id,
    CatalogConfig catalog,
    ContractsConfig contracts,
    Deployments deployments,
    EstimateConfig estimate,
    ExchangeRates currency,
    Target target,
    Content content,
    boolean genAiUsageCost,
    CacheWriteNames cacheWriteNames,
    Duration joinLogs,
    DialectsConfig dialects) {

  /** Generations of the GenAI semantic conventions. */
  public enum Target {
    /** Those of the core conventions 1.41, the last that held them. */
    CORE_1_41,
    /** Those in development in a repository of their own. */
    GENAI_DEV
  }

  /** The shapes of message attributes. */
  public enum Content {
    /** Strings of JSON, which every backend takes. */
    JSON,
    /** Nested attribute values. */
    STRUCTURED
  }

  public ProcessorConfig {
    requireNonNull(id, "id");
    requireNonNull(deployments, "deployments");
    requireNonNull(target, "target");
    requireNonNull(content, "content");
    requireNonNull(dialects, "dialects");
  }

  /** The same with another catalog. */
  public ProcessorConfig withCatalog(CatalogConfig other) {
    return with(other, cacheWriteNames);
  }

  /** The same with these names of the count of cache writes. */
  ProcessorConfig with(CacheWriteNames names) {
    return with(catalog, names);
  }

  private ProcessorConfig with(CatalogConfig prices, CacheWriteNames names) {
    return new ProcessorConfig(
        id,
        prices,
        contracts,
        deployments,
        estimate,
        currency,
        target,
        content,
        genAiUsageCost,
        names,
        joinLogs,
        dialects);
  }

  /** All defaults. */
  static ProcessorConfig defaults(String id) {
    return new ProcessorConfig(
        id,
        /* catalog= */ null,
        /* contracts= */ null,
        Deployments.none(),
        /* estimate= */ null,
        /* currency= */ null,
        Target.GENAI_DEV,
        Content.JSON,
        /* genAiUsageCost= */ true,
        /* cacheWriteNames= */ null,
        /* joinLogs= */ null,
        DialectsConfig.DEFAULT);
  }
}
