package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the data directory of a server, for commands about what it keeps there. */
final class DataOptions {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "The data directory. Default: storage.directory in the file of --config, else"
            + " TALLYSPAN_DATA, else the user's state directory."
      })
  private @Nullable String data;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The server's configuration, for what it says of its directory.")
  private @Nullable Path file;

  /**
   * Returns the configuration; null if no file is named.
   *
   * @throws CommandFailedException if it has faults
   */
  @Nullable CollectorConfig config() {
    return file == null ? null : ConfigurationFile.read(file);
  }

  /**
   * Returns the directory of a server with this configuration.
   *
   * @throws CommandFailedException if it has none
   */
  Path directory(@Nullable CollectorConfig config) {
    Map<String, String> env = System.getenv();
    Path configured = config == null ? null : config.storage().directory();
    Path directory =
        configured == null
            ? DataDirectory.of(data, env)
            : DataDirectory.withFile(data, configured, env);
    if (directory == null) {
      throw CommandFailedException.badConfiguration(
          "no data directory; name the directory with --data");
    }
    return directory;
  }
}
