package dev.tallyspan.collector.output.file;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.output.file.FileSettings.Rotation;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that were renamed: {@code traces-2026-01-31T12-00-00.000.json} of {@code traces.json},
 * as lumberjack names them, which the Collector uses. Used by one thread.
 *
 * @see <a href="https://github.com/natefinch/lumberjack">lumberjack</a>
 */
final class Backups {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS");

  private final Path path;
  private final Rotation rotation;
  private final InstantSource clock;
  private final String prefix;
  private final String extension;

  Backups(Path path, Rotation rotation, InstantSource clock) {
    this.path = path;
    this.rotation = rotation;
    this.clock = clock;
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    prefix = (dot < 0 ? name : name.substring(0, dot)) + "-";
    extension = dot < 0 ? "" : name.substring(dot);
  }

  /**
   * Renames the file. Its name is later than those of all others, even if the clock was set back,
   * because the files with the earliest names are deleted first.
   */
  void add() throws IOException {
    Instant time = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    for (Instant other : find().keySet()) {
      time = time.isAfter(other) ? time : other.plusMillis(1);
    }
    Files.move(path, path.resolveSibling(prefix + TIME.format(time.atZone(zone())) + extension));
  }

  /** Deletes the files that are too many or too old. */
  void deleteOld() throws IOException {
    Map<Instant, Path> backups = find();
    int kept = 0;
    Instant oldest =
        rotation.maxDays() == 0
            ? Instant.MIN
            : clock.instant().minus(Duration.ofDays(rotation.maxDays()));
    for (Map.Entry<Instant, Path> backup : backups.entrySet()) {
      kept++;
      boolean tooMany = rotation.maxBackups() > 0 && kept > rotation.maxBackups();
      if (tooMany || backup.getKey().isBefore(oldest)) {
        Files.deleteIfExists(backup.getValue());
      }
    }
  }

  /** Returns the renamed files by the time in their names, the newest first. */
  private Map<Instant, Path> find() throws IOException {
    Map<Instant, Path> found = new TreeMap<>(Comparator.reverseOrder());
    Path directory = requireNonNull(path.toAbsolutePath().getParent());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Instant time = time(file.getFileName().toString());
        if (time != null) {
          found.put(time, file);
        }
      }
    }
    return found;
  }

  private @Nullable Instant time(String name) {
    if (name.length() < prefix.length() + extension.length()
        || !name.startsWith(prefix)
        || !name.endsWith(extension)) {
      return null;
    }
    String time = name.substring(prefix.length(), name.length() - extension.length());
    try {
      return LocalDateTime.parse(time, TIME).atZone(zone()).toInstant();
    } catch (DateTimeParseException e) {
      return null; // a file of others
    }
  }

  private ZoneId zone() {
    return rotation.localTime() ? ZoneId.systemDefault() : ZoneOffset.UTC;
  }
}
