package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.processor.Enrichment;
import dev.tallyspan.collector.server.Processors;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How spans are understood and priced: as a configuration's processor does, or by default. */
final class ProcessorOptions {

  @Mixin private EnrichmentOptions prices;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A server's configuration, of which the processor tallyspan is used.")
  private Path config;

  @Option(
      names = "--processor",
      paramLabel = "ID",
      description = "Which processor of the configuration, if there are several.")
  private String processor;

  /** What makes spans understood and priced, with what the log requests among the files say. */
  Enrichment.Builder enrichment(InputOptions input) {
    if (config == null && processor != null) {
      throw CommandFailedException.badConfiguration(
          "--processor=" + processor + " needs --config, the file that it is in");
    }
    try {
      ProcessorConfig configured = config == null ? null : processor();
      Enrichment.Builder enrichment =
          configured == null ? Enrichment.builder() : Processors.enrichment(configured);
      boolean asConfigured = configured != null && prices.catalog == null;
      return enrichment
          .logJoin(input.logJoin())
          .catalog(asConfigured ? Processors.catalog(configured) : prices.catalog());
    } catch (IllegalArgumentException e) {
      throw CommandFailedException.badConfiguration(config + ": " + e.getMessage());
    }
  }

  private ProcessorConfig processor() {
    CollectorConfig loaded;
    try {
      loaded = ConfigLoader.load(config, System.getenv());
    } catch (ConfigException e) {
      throw CommandFailedException.badConfiguration(e.getMessage());
    }
    List<ProcessorConfig> processors = loaded.processors();
    if (processors.isEmpty()) {
      throw CommandFailedException.badConfiguration(config + ": has no processor tallyspan");
    }
    if (processor == null && processors.size() == 1) {
      return processors.get(0);
    }
    String ids = processors.stream().map(ProcessorConfig::id).collect(Collectors.joining(", "));
    return processors.stream()
        .filter(each -> each.id().equals(processor))
        .findFirst()
        .orElseThrow(
            () ->
                CommandFailedException.badConfiguration(
                    config
                        + (processor == null
                            ? ": has several processors; say one with --processor: "
                            : ": has no processor " + processor + "; there are ")
                        + ids));
  }
}
