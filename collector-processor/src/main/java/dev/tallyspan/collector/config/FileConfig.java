package dev.tallyspan.collector.config;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.output.file.FileSettings;
import dev.tallyspan.collector.tree.TreeSettings;
import org.jspecify.annotations.Nullable;

/** An exporter {@code file}. */
public record FileConfig(
    String id,
    FileSettings settings,
    ProfileConfig profile,
    TreeSettings traces,
    @Nullable PolicyConfig contentPolicy)
    implements LocalExporterConfig {

  public FileConfig {
    requireNonNull(id, "id");
    requireNonNull(settings, "settings");
    requireNonNull(profile, "profile");
    requireNonNull(traces, "traces");
  }
}
