package dev.tallyspan.collector.config;

import dev.tallyspan.collector.output.file.FileSettings;
import dev.tallyspan.collector.output.file.FileSettings.Format;
import dev.tallyspan.collector.output.file.FileSettings.Rotation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an exporter {@code file}. */
final class FileReader {

  private static final Map<String, Format> FORMATS =
      Map.of("json", Format.JSON, "proto", Format.PROTO);
  private static final Map<String, Boolean> COMPRESSIONS = Map.of("zstd", true, "none", false);

  /** Larger than any file system takes; the Collector has no limit. */
  private static final long MOST_MEGABYTES = 1 << 30;

  private FileReader() {}

  static FileConfig read(String id, Section section) {
    Path path = section.file("path");
    if (path == null || path.getFileName() == null) {
      if (!section.has("path") || path != null) {
        section.error("path", section.name("path") + ": is missing: name a file");
      }
      path = Path.of("missing");
    }
    boolean append = section.bool("append", false);
    boolean zstd = section.choice("compression", COMPRESSIONS, false);
    Rotation rotation = rotation(section);
    if (append && rotation != null) {
      section.error(
          "append", section.name("append") + ": remove it: with rotation, the file is continued");
    }
    if (append && zstd) {
      section.error("append", section.name("append") + ": cannot be combined with compression");
    }
    // Has no effect: a request is acknowledged only when the operating system has it.
    section.duration("flush_interval", Duration.ofSeconds(1));
    section.unsupported("group_by", "use a pipeline and an exporter for each group, with filter");
    section.unsupported("encoding", "set format to json or proto");
    FileSettings settings =
        new FileSettings(
            path,
            append,
            section.choice("format", FORMATS, Format.JSON),
            zstd,
            rotation,
            section.bool("create_directory", false),
            permissions(section));
    FileConfig file =
        new FileConfig(
            id,
            settings,
            ProfileReader.read(section),
            TreeReader.read(section),
            PolicyReader.read(section));
    section.end();
    return file;
  }

  private static @Nullable Rotation rotation(Section section) {
    Section rotation = section.section("rotation");
    if (rotation == null) {
      return null;
    }
    Rotation otherwise = Rotation.DEFAULT;
    long megabytes =
        rotation.number("max_megabytes", 0, MOST_MEGABYTES, otherwise.maxBytes() >> 20);
    Rotation read =
        new Rotation(
            megabytes == 0 ? otherwise.maxBytes() : megabytes << 20,
            (int) rotation.number("max_days", 0, 1_000_000, otherwise.maxDays()),
            (int) rotation.number("max_backups", 0, 1_000_000, otherwise.maxBackups()),
            rotation.bool("localtime", otherwise.localTime()));
    rotation.end();
    return read;
  }

  private static int permissions(Section section) {
    String text = section.text("directory_permissions", "0755");
    if (!text.matches("0?[0-7]{3}")) {
      section.error(
          "directory_permissions",
          section.name("directory_permissions") + ": must be an octal number such as 0755");
      return 0;
    }
    return Integer.parseInt(text, 8);
  }

  /** Reports exporters that would write to the same file, over each other. */
  static void check(Section file, List<LocalExporterConfig> exporters) {
    Map<Path, String> paths = new HashMap<>();
    for (LocalExporterConfig exporter : exporters) {
      if (exporter instanceof FileConfig config) {
        String other =
            paths.putIfAbsent(config.settings().path().toAbsolutePath().normalize(), config.id());
        if (other != null) {
          Section section = file.child("exporters").child(config.id());
          section.error(
              "path", section.name("path") + ": is also the file of the exporter " + other);
        }
      }
    }
  }
}
