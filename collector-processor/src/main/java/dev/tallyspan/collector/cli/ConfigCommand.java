package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** What can be said of a configuration without running it. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Says what is wrong with a configuration.")
final class ConfigCommand {

  @ParentCommand private Main main;

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Reports every fault with its line; exit code 1 if there is any, 2 if the file cannot be read.")
  int check(@Parameters(paramLabel = "FILE") Path file) {
    try {
      CollectorConfig config = ConfigLoader.load(file, System.getenv());
      config.warnings().forEach(warning -> main.err().println(file + ":" + warning));
      main.out().println(file + ": no fault");
      return 0;
    } catch (ConfigException e) {
      main.err().println(e.getMessage());
      return Files.isReadable(file) ? 1 : 2;
    }
  }
}
