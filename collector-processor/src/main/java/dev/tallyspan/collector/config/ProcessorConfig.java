package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
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
 * @param profile how spans are written for exporters that do not say otherwise
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
    ProfileConfig profile,
    Duration joinLogs,
    DialectsConfig dialects) {

  public ProcessorConfig {
    requireNonNull(id, "id");
    requireNonNull(deployments, "deployments");
    requireNonNull(profile, "profile");
    requireNonNull(dialects, "dialects");
  }

  /** The same with another catalog. */
  public ProcessorConfig withCatalog(CatalogConfig other) {
    return new ProcessorConfig(
        id, other, contracts, deployments, estimate, currency, profile, joinLogs, dialects);
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
        ProfileConfig.UNSET,
        /* joinLogs= */ null,
        DialectsConfig.DEFAULT);
  }
}
