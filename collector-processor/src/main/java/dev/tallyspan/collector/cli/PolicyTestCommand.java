package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.AnyExporterConfig;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.PolicyConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.output.policy.PolicyProcessor;
import dev.tallyspan.collector.output.policy.TraceBudgets;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.server.Profiles;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.semconv.content.ContentMode;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** Runs files through the pipeline and a content policy, and prints what the policy does. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Shows for every attribute in the files what the content policy of an exporter does with it:"
          + " what is masked by kind, removed, replaced by its size, cut, and moved to the store."
          + " Prints no content, and stores nothing.",
      "Exits with 1 if a file is not an OTLP request; the others are still tested."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PolicyTestCommand implements Callable<Integer> {

  static final class ModeConverter implements ITypeConverter<ContentMode> {
    @Override
    public ContentMode convert(String value) {
      try {
        return ContentMode.ofName(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  @ParentCommand private PolicyCommand parent;
  @Mixin private InputOptions input;
  @Mixin private ProcessorOptions options;

  @Option(
      names = "--exporter",
      paramLabel = "ID",
      description = "The exporter in --config; not needed if only one has a content policy.")
  private @Nullable String exporter;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      converter = ModeConverter.class,
      description =
          "none, metadata, redacted, full or offload, instead of the configured mode. Default:"
              + " redacted without --config.")
  private @Nullable ContentMode mode;

  @Option(
      names = "--json",
      description = "For programs: one line with a JSON object for each file.")
  private boolean json;

  @Override
  public Integer call() {
    CollectorConfig config = options.file();
    if (config == null && exporter != null) {
      throw CommandFailedException.badConfiguration(
          "--exporter=" + exporter + " needs --config, the file that defines it");
    }
    ProcessorConfig processor =
        config == null || config.processors().isEmpty() ? null : options.configured();
    AnyExporterConfig chosen = config == null ? null : exporter(config);
    PolicyConfig policy = policy(chosen);
    Profile profile =
        processor == null
            ? Profile.DEFAULT
            : chosen == null ? Profiles.of(processor) : Profiles.of(processor, chosen);
    PolicyFindings findings = new PolicyFindings(parent.out(), policy.mode(), json);
    PolicyProcessor applied =
        PolicyProcessor.reporting(
            policy.build(
                policy.offload() == null
                    ? null
                    : (hash, bytes, type) -> URI.create("test:" + hash)),
            new TraceBudgets(policy.maxTraceBytes(), policy.maxSpanBytes()),
            findings);
    ProfileRenderer renderer = new ProfileRenderer(profile, failure -> {});
    FileRun files =
        new FileRun(
            input,
            options.processor(processor).build(),
            ProcessorOptions.fillGaps(processor),
            fault -> parent.err().println("tallyspan policy test: " + fault));
    boolean whole =
        files.to(batch -> apply(renderer, applied, batch), file -> findings.file(file.toString()));
    findings.end();
    return whole ? 0 : 1;
  }

  private static void apply(ProfileRenderer renderer, PolicyProcessor policy, Batch batch) {
    try {
      policy.apply(Batch.of(batch.request().with(renderer.render(batch))));
    } catch (MalformedRequestException e) {
      throw new IllegalStateException(e); // cannot happen: its items were counted before
    }
  }

  private PolicyConfig policy(@Nullable AnyExporterConfig chosen) {
    PolicyConfig configured = chosen == null ? null : chosen.contentPolicy();
    if (configured == null) {
      ContentMode otherwise = chosen == null ? ContentMode.REDACTED : ContentMode.FULL;
      return PolicyConfig.of(ContentMode.FULL).withMode(mode == null ? otherwise : mode);
    }
    return mode == null ? configured : configured.withMode(mode);
  }

  private AnyExporterConfig exporter(CollectorConfig config) {
    List<AnyExporterConfig> all = List.copyOf(config.allExporters());
    List<AnyExporterConfig> candidates =
        all.stream()
            .filter(it -> exporter == null ? it.contentPolicy() != null : it.id().equals(exporter))
            .toList();
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    if (exporter == null && candidates.isEmpty() && all.size() == 1) {
      return all.get(0);
    }
    String ids = all.stream().map(AnyExporterConfig::id).collect(Collectors.joining(", "));
    throw CommandFailedException.badConfiguration(
        (exporter != null
                ? "--exporter=" + exporter + " is not in the configuration"
                : (candidates.isEmpty() ? "no exporter has" : "several exporters have")
                    + " a content_policy; choose one with --exporter")
            + ": "
            + ids);
  }
}
