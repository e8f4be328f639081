package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.server.Processors;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.read.LogJoin;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How spans are read and priced: like a processor in a configuration, or with the defaults. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ProcessorOptions {

  @Mixin private EnrichmentOptions prices;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration of a server; its processor tallyspan is used.")
  private @Nullable Path config;

  @Option(
      names = "--processor",
      paramLabel = "ID",
      description = "The processor to use, if the configuration has several.")
  private @Nullable String id;

  /** Reads the whole configuration; null if none is named. */
  @Nullable CollectorConfig file() {
    return config == null ? null : ConfigurationFile.read(config);
  }

  /** Reads the configuration; null if none is named. */
  @Nullable ProcessorConfig configured() {
    if (config == null && id != null) {
      throw CommandFailedException.badConfiguration(
          "--processor=" + id + " needs --config, the file that defines it");
    }
    return config == null ? null : read(config);
  }

  /**
   * Returns the processor, which also reads messages from the log requests among the files.
   *
   * @param configured null for the defaults
   */
  LlmProcessor.Builder processor(@Nullable ProcessorConfig configured) {
    try {
      LlmProcessor.Builder processor =
          configured == null ? LlmProcessor.builder() : Processors.builder(configured);
      return processor
          .logJoin(new LogJoin())
          .catalog(
              configured != null && prices.catalog == null
                  ? Processors.catalog(configured)
                  : prices.catalog());
    } catch (IllegalArgumentException e) {
      throw CommandFailedException.badConfiguration(config + ": " + e.getMessage());
    }
  }

  private ProcessorConfig read(Path config) {
    List<ProcessorConfig> processors = ConfigurationFile.read(config).processors();
    if (processors.isEmpty()) {
      throw CommandFailedException.badConfiguration(config + ": has no processor tallyspan");
    }
    if (id == null && processors.size() == 1) {
      return processors.get(0);
    }
    String ids = processors.stream().map(ProcessorConfig::id).collect(Collectors.joining(", "));
    return processors.stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                CommandFailedException.badConfiguration(
                    config
                        + (id == null
                            ? ": has several processors; choose one with --processor: "
                            : ": has no processor " + id + "; it has ")
                        + ids));
  }

  /** Returns what a billed span takes over from the other spans of its call. */
  static Set<KeyClass> fillGaps(@Nullable ProcessorConfig configured) {
    return configured == null ? ProcessorConfig.ALL_GAPS : configured.fillGaps();
  }
}
