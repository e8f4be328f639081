package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.server.Processors;
import dev.tallyspan.collector.server.Profiles;
import dev.tallyspan.semconv.read.LogJoin;
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
  private String id;

  /** What understands and prices spans, with what the log requests among the files hold. */
  LlmProcessor.Builder processor() {
    if (config == null && id != null) {
      throw CommandFailedException.badConfiguration(
          "--processor=" + id + " needs --config, the file that it is in");
    }
    try {
      ProcessorConfig configured = config == null ? null : configured();
      LlmProcessor.Builder processor =
          configured == null ? LlmProcessor.builder() : Processors.builder(configured);
      boolean asConfigured = configured != null && prices.catalog == null;
      return processor
          .logJoin(new LogJoin())
          .catalog(asConfigured ? Processors.catalog(configured) : prices.catalog());
    } catch (IllegalArgumentException e) {
      throw CommandFailedException.badConfiguration(config + ": " + e.getMessage());
    }
  }

  /** What writes them. */
  ProfileRenderer renderer() {
    Profile profile = config == null ? Profile.DEFAULT : Profiles.of(configured());
    return new ProfileRenderer(profile, failure -> {});
  }

  private ProcessorConfig configured() {
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
                            ? ": has several processors; say one with --processor: "
                            : ": has no processor " + id + "; there are ")
                        + ids));
  }
}
