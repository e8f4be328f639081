package dev.tallyspan.collector.config;

import dev.tallyspan.collector.output.debug.DebugSettings;
import dev.tallyspan.collector.output.debug.DebugSettings.Target;
import dev.tallyspan.collector.output.debug.DebugSettings.Verbosity;
import java.util.List;
import java.util.Map;

/** Reads an exporter {@code debug}. */
final class DebugReader {

  private static final Map<String, Verbosity> VERBOSITIES =
      Map.of(
          "basic", Verbosity.BASIC,
          "normal", Verbosity.NORMAL,
          "detailed", Verbosity.DETAILED);

  /** What the exporter {@code logging} had before {@code verbosity}. */
  private static final Map<String, Verbosity> LOG_LEVELS =
      Map.of(
          "debug", Verbosity.DETAILED,
          "info", Verbosity.NORMAL,
          "warn", Verbosity.BASIC,
          "error", Verbosity.BASIC);

  private DebugReader() {}

  static DebugConfig read(String id, Section section) {
    DebugSettings otherwise = DebugSettings.DEFAULT;
    Verbosity otherwiseVerbosity = otherwise.verbosity();
    if (section.has("loglevel")) {
      section.warning(
          "loglevel",
          section.name("loglevel") + ": is deprecated, use verbosity: detailed or basic");
      otherwiseVerbosity = section.choice("loglevel", LOG_LEVELS, otherwiseVerbosity);
    }
    section.unsupported("output", "all attributes are shown; remove some with attributes");
    section.withoutEffect("retry_on_failure", "what cannot be shown is not shown later");
    section.withoutEffect("sending_queue", "no request waits for it");
    DebugSettings settings =
        new DebugSettings(
            section.choice("verbosity", VERBOSITIES, otherwiseVerbosity),
            section.number("sampling_initial", 0, Integer.MAX_VALUE, otherwise.samplingInitial()),
            section.number(
                "sampling_thereafter", 0, Integer.MAX_VALUE, otherwise.samplingThereafter()),
            target(section),
            section.bool("show_content", otherwise.content()));
    DebugConfig debug =
        new DebugConfig(
            id,
            settings,
            ProfileReader.read(section),
            TreeReader.read(section),
            PolicyReader.read(section));
    section.end();
    return debug;
  }

  private static Target target(Section section) {
    boolean internal = section.bool("use_internal_logger", true);
    List<String> paths = section.texts("output_paths");
    if (internal && !paths.isEmpty()) {
      section.error(
          "output_paths",
          section.name("output_paths") + ": has no effect without use_internal_logger: false");
    }
    if (paths.size() > 1 || !List.of("stdout", "stderr").containsAll(paths)) {
      section.error(
          "output_paths",
          section.name("output_paths")
              + ": must be [stdout] or [stderr]; to write to a file, use the exporter file");
    }
    return internal ? Target.LOG : paths.contains("stderr") ? Target.STDERR : Target.STDOUT;
  }
}
