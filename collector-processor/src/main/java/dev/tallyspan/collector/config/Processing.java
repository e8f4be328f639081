package dev.tallyspan.collector.config;

import dev.tallyspan.collector.config.ProcessorConfig.Content;
import dev.tallyspan.collector.config.ProcessorConfig.Target;
import java.util.Map;

/** Reads a processor {@code tallyspan}. A key becomes known by being asked for. */
final class Processing {
  private static final Map<String, Target> TARGETS =
      Map.of("core-1.41", Target.CORE_1_41, "genai-dev", Target.GENAI_DEV);
  private static final Map<String, Content> CONTENTS =
      Map.of("json", Content.JSON, "structured", Content.STRUCTURED);

  private Processing() {}

  static ProcessorConfig read(String id, Section section) {
    ProcessorConfig otherwise = ProcessorConfig.defaults(id);
    ProcessorConfig processor =
        new ProcessorConfig(
            id,
            Pricing.catalog(section),
            Pricing.contracts(section),
            Pricing.deployments(section),
            Pricing.estimate(section),
            CurrencyRates.read(section),
            section.choice("target", TARGETS, otherwise.target()),
            section.choice("content", CONTENTS, otherwise.content()),
            section.bool("gen_ai_usage_cost", otherwise.genAiUsageCost()),
            Understanding.read(section));
    section.end();
    return processor;
  }
}
