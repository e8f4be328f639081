package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Checks a configuration without running it. */
@Command(name = "config", mixinStandardHelpOptions = true, description = "Checks a configuration.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConfigCommand {

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
          @Nullable String data) {
    Map<String, String> env = System.getenv();
    try {
      CollectorConfig config = ConfigLoader.load(file, env);
      config.withDataDirectory(DataDirectory.withFile(data, config.storage().directory(), env));
      config.warnings().forEach(warning -> main.err().println(file + ":" + warning));
      main.out().println(file + ": no faults");
      return 0;
    } catch (ConfigException e) {
      main.err().println(e.getMessage());
      return Files.isReadable(file) ? 1 : 2;
    }
  }
}
