package dev.tallyspan.collector.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The extension {@code file_storage} of the OpenTelemetry Collector, whose directory Tallyspan uses
 * for its own data.
 *
 * @param id {@code file_storage}, or {@code file_storage/name}
 * @param directory null if it is not set
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/storage/filestorage">File
 *     Storage</a>
 */
record FileStorage(String id, @Nullable Path directory) implements ExtensionConfig {

  private static final String DATABASE =
      "has no effect: it configures the Collector's database, which Tallyspan does not use";

  /** Reads the extension. Keys without an effect are accepted, so that a file can be shared. */
  static FileStorage read(String id, Section section) {
    Path directory = section.file("directory");
    if (!section.bool("fsync", true)) {
      warn(section, "fsync", "has no effect: data is always on disk before it is acknowledged");
    }
    if (!section.bool("create_directory", true)) {
      warn(section, "create_directory", "has no effect: a missing directory is always created");
    }
    if (section.has("directory_permissions")) {
      warn(
          section,
          "directory_permissions",
          "has no effect: only the owner can access a directory that Tallyspan creates");
    }
    for (String key : new String[] {"timeout", "compaction", "recreate"}) {
      if (section.has(key)) {
        warn(section, key, DATABASE);
      }
    }
    if (section.has("max_size")) {
      warn(section, "max_size", "has no effect: set storage.max_size");
    }
    section.end();
    return new FileStorage(id, directory);
  }

  private static void warn(Section section, String key, String why) {
    section.warning(key, section.name(key) + ": " + why);
  }
}
