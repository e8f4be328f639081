package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.sampling.SamplingRules;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.semconv.KeyClass;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A processor {@code tallyspan}: understands and prices LLM spans.
 *
 * @param id {@code tallyspan} or {@code tallyspan/name}
 * @param catalog the price catalog; null for the built-in one
 * @param contracts the contracts of tenants with providers; null for none
 * @param deployments the user's own names for models; default none
 * @param estimate how the tokens of calls without usage are estimated; null for no estimates
 * @param currency the currency that costs are converted to, with its rates; null for no conversion
 * @param profile how spans are written for exporters without a setting of their own
 * @param joinLogs how long messages of log records are kept for their spans; null to not keep them
 * @param window how long traces wait after a queue; null to decide over each request alone
 * @param fillGaps what a billed span takes over from the other spans of its call
 * @param dialects which dialects are read; default all built-in dialects
 * @param sampling which traces exporters get; null for all
 */
public record ProcessorConfig(
    String id,
    @Nullable CatalogConfig catalog,
    @Nullable ContractsConfig contracts,
    Deployments deployments,
    @Nullable EstimateConfig estimate,
    @Nullable ExchangeRates currency,
    ProfileConfig profile,
    @Nullable Duration joinLogs,
    @Nullable WindowConfig window,
    Set<KeyClass> fillGaps,
    DialectsConfig dialects,
    @Nullable SamplingRules sampling)
    implements AnyProcessorConfig {

  /** Everything that a span may take over. */
  public static final Set<KeyClass> ALL_GAPS =
      Set.of(KeyClass.CONTENT, KeyClass.IDENTITY, KeyClass.CALL);

  public ProcessorConfig {
    requireNonNull(id, "id");
    requireNonNull(deployments, "deployments");
    requireNonNull(profile, "profile");
    fillGaps = Set.copyOf(fillGaps);
    requireNonNull(dialects, "dialects");
  }

  /** Returns a copy with another catalog. */
  public ProcessorConfig withCatalog(CatalogConfig other) {
    return new ProcessorConfig(
        id,
        other,
        contracts,
        deployments,
        estimate,
        currency,
        profile,
        joinLogs,
        window,
        fillGaps,
        dialects,
        sampling);
  }

  /** The attribute that names a span's tenant. */
  public String tenantAttribute() {
    return contracts == null ? ContractsConfig.ATTRIBUTE : contracts.attribute();
  }

  /** All defaults. */
  public static ProcessorConfig defaults(String id) {
    return new ProcessorConfig(
        id,
        /* catalog= */ null,
        /* contracts= */ null,
        Deployments.none(),
        /* estimate= */ null,
        /* currency= */ null,
        ProfileConfig.UNSET,
        /* joinLogs= */ null,
        WindowConfig.DEFAULT,
        ALL_GAPS,
        DialectsConfig.DEFAULT,
        /* sampling= */ null);
  }
}
