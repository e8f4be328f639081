package dev.tallyspan.sdk;

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
import dev.tallyspan.semconv.read.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the extension with their defaults: the one model behind properties, configuration
 * files and {@link LlmEnrichment.Builder}.
 */
final class ExtensionSettings {

  static final List<String> INHERITED = List.of("session.id", "user.id", "gen_ai.conversation.id");
  static final Duration JOIN_LOGS = Duration.ofMinutes(10);
  static final String TENANT = "tenant.id";

  /** The most characters of a chat to count tokens of. */
  static final int ESTIMATED_CHARACTERS = 100_000;

  boolean enabled = true;

  /** What the doctor counts; null if nobody asked for its report. */
  @Nullable Arrivals arrivals;

  boolean strict;

  ConventionVersion target = ConventionVersion.GENAI_DEV;
  ContentFormat content = ContentFormat.JSON_STRING;
  int maxContentLength;

  /** What of the content is exported; null = everything, as it was captured. */
  @Nullable ContentPolicy contentPolicy;

  /**
   * Whether the policy is applied as spans end, because it cannot be applied as they are exported.
   */
  boolean policyAtEnd;

  @Nullable CacheWriteNames cacheWriteNames;
  boolean genAiUsageCost = true;

  /** How long events wait for the end of their span; 0 = events are not joined. */
  Duration joinLogs = JOIN_LOGS;

  boolean rollup = true;
  List<String> inherited = INHERITED;
  List<String> fromBaggage = List.of();

  Set<String> disabledDialects = Set.of();
  final List<CustomDialect> dialects = new ArrayList<>();

  Deployments deployments = Deployments.none();
  @Nullable ExchangeRates currency;
  boolean estimates;
  int estimatedCharacters = ESTIMATED_CHARACTERS;
  @Nullable TokenEstimator estimator;

  /** Given by code; takes precedence over {@link #catalogSource}. */
  @Nullable Supplier<PriceCatalog> catalog;

  @Nullable CatalogSettings catalogSource;

  /** Given by code; takes precedence over {@link #contractsSource}. */
  @Nullable Supplier<Contracts> contracts;

  @Nullable ContractsSettings contractsSource;
  String tenantAttribute = TENANT;

  /**
   * Returns a generation of the conventions by its name.
   *
   * @throws SettingsException if the name is unknown
   */
  static ConventionVersion generation(String name) {
    for (ConventionVersion generation : ConventionVersion.values()) {
      if (generation.wireName().equals(name)) {
        return generation;
      }
    }
    String known =
        Stream.of(ConventionVersion.values())
            .map(ConventionVersion::wireName)
            .collect(Collectors.joining(", "));
    throw new SettingsException(
        "target", "=" + name + " is not a generation of the GenAI conventions; known: " + known);
  }

  /**
   * Returns the normalizer.
   *
   * @throws SettingsException if a dialect to disable does not exist, or two have the same id
   */
  Normalizer normalizer() {
    // An attribute of an SDK span cannot change its type: older SDKs would keep both.
    Normalizer.Builder normalizer =
        Normalizer.builder()
            .target(target)
            .content(content)
            .keepStructure(true)
            .maxContentLength(maxContentLength)
            .disable(disabledDialects);
    if (cacheWriteNames != null) {
      normalizer.cacheWriteNames(cacheWriteNames);
    }
    dialects.forEach(normalizer::custom);
    try {
      return normalizer.build();
    } catch (IllegalArgumentException e) {
      String setting = dialects.isEmpty() ? "disabled_dialects" : "dialects";
      throw new SettingsException(setting, ": " + e.getMessage(), e);
    }
  }
}
