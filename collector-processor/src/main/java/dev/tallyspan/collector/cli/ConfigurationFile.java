package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigException;
import dev.tallyspan.collector.config.ConfigLoader;
import java.nio.file.Path;

/** Reads the file of {@code --config} for commands that do not run a server. */
final class ConfigurationFile {

  private ConfigurationFile() {}

  /**
   * @throws CommandFailedException if the file cannot be read or has faults
   */
  static CollectorConfig read(Path file) {
    try {
      return ConfigLoader.load(file, System.getenv());
    } catch (ConfigException e) {
      throw CommandFailedException.badConfiguration(e);
    }
  }
}
