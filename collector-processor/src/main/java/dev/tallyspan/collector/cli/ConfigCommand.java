package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigConversion;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Checks or converts a configuration without running it. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Checks a configuration, or converts one of the OpenTelemetry Collector.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConfigCommand {

  static final String READS_NO_SPANS =
      "no pipeline has the processor tallyspan, so LLM spans are forwarded as they are; 'tallyspan"
          + " config convert' adds it";

  private static final String BESIDE =
      """
      To keep what was left out, run a Collector beside Tallyspan. It sends LLM traces here with
        exporters: {otlp_grpc/tallyspan: {endpoint: "localhost:4317", tls: {insecure: true}}}
      or receives them from here, at another port than 4317, with
        receivers: {otlp/tallyspan: {protocols: {grpc: {endpoint: "localhost:14317"}}}}""";

  @ParentCommand private Main main;

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Reports every fault with its line. Exits with 1 if there is any, with 2 if the file cannot be"
              + " read.")
  int check(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(
              names = "--data",
              paramLabel = "DIR",
              description = "The data directory that 'run' will get; it is not opened.")
          @Nullable String data,
      @Mixin OnlyOption only) {
    Map<String, String> env = System.getenv();
    try {
      CollectorConfig config = ConfigLoader.load(file, env, only.signals());
      config.withDataDirectory(DataDirectory.withFile(data, config.storage().directory(), env));
      config.warnings().forEach(warning -> main.err().println(file + ":" + warning));
      if (config.readsNoSpans()) {
        main.err().println(file + ": " + READS_NO_SPANS);
      }
      main.out().println(file + ": no faults");
      return 0;
    } catch (ConfigException e) {
      main.err().println(e.getMessage());
      return Files.isReadable(file) ? 1 : 2;
    }
  }

  @Command(
      name = "convert",
      mixinStandardHelpOptions = true,
      description = {
        "Writes the nearest configuration that Tallyspan runs from one of the OpenTelemetry Collector"
            + " to stdout, and what was left out to stderr.",
        "Exits with 1 if something is left to do by hand, with 2 if the file cannot be read."
      })
  int convert(@Parameters(paramLabel = "FILE") Path file, @Mixin OnlyOption only) {
    ConfigConversion conversion;
    try {
      conversion = ConfigConversion.of(file, System.getenv(), only.signals());
    } catch (ConfigException e) {
      main.err().println(e.getMessage());
      return Files.isReadable(file) ? 1 : 2;
    }
    main.out().print(conversion.text());
    main.out().flush();
    conversion.leftOut().forEach(each -> main.err().println(file + ":" + each));
    if (!conversion.leftOut().isEmpty()) {
      main.err().println(BESIDE);
    }
    conversion.faults().forEach(each -> main.err().println(file + ":to do: " + each));
    return conversion.faults().isEmpty() ? 0 : 1;
  }
}
