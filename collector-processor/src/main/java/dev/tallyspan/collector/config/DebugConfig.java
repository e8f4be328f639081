package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.output.debug.DebugSettings;
import dev.tallyspan.collector.tree.TreeSettings;
import org.jspecify.annotations.Nullable;

/** An exporter {@code debug}. */
public record DebugConfig(
    String id,
    DebugSettings settings,
    ProfileConfig profile,
    TreeSettings traces,
    @Nullable PolicyConfig contentPolicy)
    implements LocalExporterConfig {

  public DebugConfig {
    requireNonNull(id, "id");
    requireNonNull(settings, "settings");
    requireNonNull(profile, "profile");
    requireNonNull(traces, "traces");
  }
}
