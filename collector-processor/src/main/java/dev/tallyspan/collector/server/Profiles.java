package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.AnyExporterConfig;
import dev.tallyspan.collector.config.BackendChoice;
import dev.tallyspan.collector.config.BackendProfile;
import dev.tallyspan.collector.config.ExporterConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.config.ProfileConfig;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.KeyClass;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Resolves how spans are written: a setting of the exporter, else of the processor, else of the
 * backend's profile, else a default.
 */
public final class Profiles {

  private Profiles() {}

  /** Returns the profile of a processor, for output without an exporter. */
  public static Profile of(ProcessorConfig processor) {
    ProfileConfig chosen = processor.profile();
    return named(
        profile(chosen, chosen.cacheWriteNames(), processor.dialects().dropOriginalsOf()), chosen);
  }

  /** Returns the profile of a processor for a backend, for output without an exporter. */
  public static Profile of(ProcessorConfig processor, BackendProfile backend) {
    ProfileConfig chosen = processor.profile().orElse(backend.writing());
    return named(
        profile(chosen, chosen.cacheWriteNames(), processor.dialects().dropOriginalsOf())
            .with(backend.attributes()),
        chosen);
  }

  /** Returns the profile of an exporter in a pipeline with this processor. */
  public static Profile of(ProcessorConfig processor, AnyExporterConfig exporter) {
    ProfileConfig own = exporter.profile();
    ProfileConfig chosen = own.orElse(processor.profile());
    BackendChoice backend = chosen.backend();
    if (backend != null) {
      chosen = chosen.orElse(backend.profile().writing());
    }
    Profile profile =
        profile(
            chosen,
            chosen.cacheWriteNames() == null ? cacheWriteNames(exporter) : chosen.cacheWriteNames(),
            own.dropOriginals() == null ? processor.dialects().dropOriginalsOf() : Map.of());
    return named(backend == null ? profile : profile.with(backend.profile().attributes()), chosen);
  }

  private static Profile named(Profile profile, ProfileConfig chosen) {
    return Boolean.TRUE.equals(chosen.conventionalNames()) ? profile.withNames(true) : profile;
  }

  private static Profile profile(
      ProfileConfig chosen,
      @Nullable CacheWriteNames names,
      Map<String, Set<KeyClass>> dropOriginalsOf) {
    Profile otherwise = Profile.DEFAULT;
    return new Profile(
        Optional.ofNullable(chosen.target()).orElse(otherwise.target()),
        Optional.ofNullable(chosen.content()).orElse(otherwise.content()),
        names,
        Optional.ofNullable(chosen.dropOriginals()).orElse(otherwise.dropOriginals()),
        dropOriginalsOf,
        Optional.ofNullable(chosen.genAiUsageCost()).orElse(otherwise.genAiUsageCost()));
  }

  /** Returns the names that the backend needs; null if it accepts any. */
  private static @Nullable CacheWriteNames cacheWriteNames(AnyExporterConfig any) {
    if (!(any instanceof ExporterConfig exporter)) {
      return null;
    }
    return Stream.concat(
            Stream.ofNullable(exporter.endpoint()), exporter.signalEndpoints().values().stream())
        .map(CacheWriteNames::forEndpoint)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
