package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.BackendProfile;
import dev.tallyspan.collector.config.BackendProfiles;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.json.ProtoToJson;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.output.policy.SizeLimitProcessor;
import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.server.Profiles;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Runs files through the pipeline and writes the result to stdout. */
@Command(
    name = "process",
    mixinStandardHelpOptions = true,
    description = {
      "Runs files through the pipeline, in the given order, and prints what would be forwarded as"
          + " OTLP/JSON, one request per line.",
      "Exits with 1 if a file is not an OTLP request; the others are still processed."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ProcessCommand implements Callable<Integer> {

  @ParentCommand private Main main;
  @Mixin private InputOptions input;
  @Mixin private ProcessorOptions options;
  @Mixin private EstimateOption estimate;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "Writes spans as for this backend; see 'tallyspan profile list'.")
  private @Nullable String profile;

  @Override
  public Integer call() throws IOException {
    OutputStream lines = new BufferedOutputStream(main.out(), 1 << 16);
    ProcessorConfig configured = options.configured();
    BackendProfile backend = backend();
    ProfileRenderer renderer = new ProfileRenderer(written(configured, backend), failure -> {});
    SizeLimitProcessor limits =
        new SizeLimitProcessor(
            backend == null ? SizeLimits.NONE : backend.limits(), (place, key, report) -> {});
    FileRun files =
        new FileRun(
            input,
            estimate.on(options.processor(configured)).build(),
            ProcessorOptions.fillGaps(configured),
            fault -> main.err().println("tallyspan process: " + fault));
    boolean whole = files.to(batch -> write(renderer, limits, batch, lines), file -> {});
    lines.flush();
    return whole ? 0 : 1;
  }

  private @Nullable BackendProfile backend() {
    try {
      return profile == null ? null : BackendProfiles.get(profile);
    } catch (ConfigException e) {
      throw CommandFailedException.badConfiguration(e);
    }
  }

  private static Profile written(
      @Nullable ProcessorConfig configured, @Nullable BackendProfile backend) {
    if (backend == null) {
      return configured == null ? Profile.DEFAULT : Profiles.of(configured);
    }
    return Profiles.of(
        configured == null ? ProcessorConfig.defaults("tallyspan") : configured, backend);
  }

  private static void write(
      ProfileRenderer renderer, SizeLimitProcessor limits, Batch batch, OutputStream lines) {
    try {
      Batch written = limits.apply(Batch.of(batch.request().with(renderer.render(batch))));
      ProtoToJson.write(batch.request().signal(), written.request().bytes(), lines);
      lines.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedRequestException e) {
      throw new IllegalStateException(e); // cannot happen: its items were counted before
    }
  }
}
