package dev.tallyspan.collector.config;

import dev.tallyspan.collector.config.StorageConfig.Encryption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code storage}. */
final class StorageReader {
  private static final long MOST = 1L << 60;

  private static final Map<String, Boolean> ON_FULL = Map.of("refuse", false, "drop_oldest", true);

  private StorageReader() {}

  static StorageConfig read(@Nullable Section section) {
    StorageConfig otherwise = StorageConfig.DEFAULT;
    if (section == null) {
      return otherwise;
    }
    Path directory = section.file("directory");
    long maxBytes =
        section.bytes(
            "max_size", 4 * StorageConfig.MIN_SEGMENT_BYTES, MOST, StorageConfig.DEFAULT_MAX_BYTES);
    boolean dropOldest = section.choice("on_full", ON_FULL, otherwise.dropOldest());
    long segmentBytes = segmentBytes(section, maxBytes);
    Duration retainAge = otherwise.retainAge();
    long retainBytes = otherwise.retainBytes();
    Section retain = section.section("retain");
    if (retain != null) {
      retainAge = retain.duration("max_age", retainAge);
      retainBytes = retain.bytes("max_size", 0, maxBytes, retainBytes);
      retain.end();
    }
    Encryption encryption = encryption(section.section("encryption"));
    section.end();
    return new StorageConfig(
        directory, maxBytes, dropOldest, segmentBytes, retainAge, retainBytes, encryption);
  }

  /** A segment is deleted as a whole, so there must be several. */
  private static long segmentBytes(Section section, long maxBytes) {
    long otherwise = Math.min(StorageConfig.DEFAULT_SEGMENT_BYTES, maxBytes / 4);
    return section.bytes("segment_size", StorageConfig.MIN_SEGMENT_BYTES, maxBytes / 2, otherwise);
  }

  private static @Nullable Encryption encryption(@Nullable Section section) {
    if (section == null) {
      return null;
    }
    Path file = section.file("key_file");
    String env = section.text("key_env");
    section.end();
    if (env != null && !env.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      section.error("key_env", section.name("key_env") + ": must be the name of a variable");
      return null;
    }
    try {
      return new Encryption(file, env);
    } catch (IllegalArgumentException e) {
      section.error(e);
      return null;
    }
  }
}
