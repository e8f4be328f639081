package dev.tallyspan.collector.config;

import dev.tallyspan.collector.config.ProcessorConfig.Content;
import dev.tallyspan.collector.config.ProcessorConfig.Target;
import dev.tallyspan.semconv.CacheWriteNames;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a processor {@code tallyspan}. A key becomes known by being asked for. */
final class ProcessorReader {
  private static final Map<String, Target> TARGETS =
      Map.of("core-1.41", Target.CORE_1_41, "genai-dev", Target.GENAI_DEV);
  private static final Map<String, Content> CONTENTS =
      Map.of("json", Content.JSON, "structured", Content.STRUCTURED);
  private static final Map<String, CacheWriteNames> CACHE_WRITE_NAMES =
      Stream.of(CacheWriteNames.values())
          .collect(Collectors.toMap(CacheWriteNames::wireName, names -> names));

  /** Messages are kept in memory. */
  private static final Duration LONGEST_WINDOW = Duration.ofMinutes(10);

  private ProcessorReader() {}

  static ProcessorConfig read(String id, Section section) {
    ProcessorConfig otherwise = ProcessorConfig.defaults(id);
    ProcessorConfig processor =
        new ProcessorConfig(
            id,
            PricingReader.catalog(section),
            PricingReader.contracts(section),
            PricingReader.deployments(section),
            PricingReader.estimate(section),
            CurrencyRates.read(section),
            section.choice("target", TARGETS, otherwise.target()),
            section.choice("content", CONTENTS, otherwise.content()),
            section.bool("gen_ai_usage_cost", otherwise.genAiUsageCost()),
            section.choice("cache_write_names", CACHE_WRITE_NAMES, otherwise.cacheWriteNames()),
            joinLogs(section),
            NormalizerReader.read(section));
    section.end();
    return processor;
  }

  private static Duration joinLogs(Section section) {
    Duration window = section.duration("join_logs", Duration.ZERO);
    if (window.compareTo(LONGEST_WINDOW) > 0) {
      section.error("join_logs", section.name("join_logs") + ": must be 10m or shorter");
    }
    return window.toMillis() < 1 ? null : window;
  }
}
