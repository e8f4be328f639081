package dev.tallyspan.collector.output.file;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How an exporter {@code file} writes.
 *
 * @param append whether a file that exists is continued; if not, it is emptied when the exporter
 *     starts. With a rotation, it is always continued
 * @param zstd whether each request is compressed
 * @param rotation null = the file grows without a limit
 * @param createDirectory whether missing directories of the path are created
 * @param directoryPermissions of created directories, as in {@code 0755}, on systems that have them
 */
public record FileSettings(
    Path path,
    boolean append,
    Format format,
    boolean zstd,
    @Nullable Rotation rotation,
    boolean createDirectory,
    int directoryPermissions) {

  /** How a request is encoded. */
  public enum Format {
    /** OTLP/JSON, one line for each request. */
    JSON,
    /** Protobuf, each request after its length in four bytes. */
    PROTO
  }

  /**
   * When a file is renamed and a new one started, and when the renamed ones are deleted.
   *
   * @param maxBytes the largest size of a file, unless a single request is larger
   * @param maxDays how long renamed files are kept, by the time in their names; 0 = no limit
   * @param maxBackups how many renamed files are kept; 0 = no limit
   * @param localTime whether names have the time of this machine's zone; otherwise UTC
   */
  public record Rotation(long maxBytes, int maxDays, int maxBackups, boolean localTime) {

    /** The Collector's defaults. */
    public static final Rotation DEFAULT = new Rotation(100L << 20, 0, 100, false);
  }

  public FileSettings {
    requireNonNull(path, "path");
    requireNonNull(format, "format");
  }

  /** Whether each request is preceded by its length, because it may have line breaks in it. */
  boolean isPrefixed() {
    return zstd || format == Format.PROTO;
  }

  /** Whether a file that exists is continued. */
  boolean continues() {
    return append || rotation != null;
  }
}
