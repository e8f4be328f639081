package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.queue.log.MasterKeys;
import dev.tallyspan.collector.server.Storage;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The commands for the durable queue and its dead letters. */
@Command(
    name = "queue",
    mixinStandardHelpOptions = true,
    description =
        "Shows, replays and drops what waits on disk, and what backends refused permanently.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      QueueListCommand.class,
      QueueShowCommand.class,
      QueueReplayCommand.class,
      QueueDropCommand.class
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class QueueCommand implements Runnable {

  /** Instead of an output: the dead letters. */
  static final String DEAD = "dead";

  /** Which queue. */
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Place {

    @Mixin private DataOptions options;

    /**
     * @throws CommandFailedException if there is no queue, or the configuration has faults
     */
    QueueData data() {
      CollectorConfig config = options.config();
      Path directory = options.directory(config);
      if (!Files.isDirectory(Storage.queue(directory))) {
        throw CommandFailedException.badConfiguration(
            directory + ": no queue here; name the directory with --data");
      }
      return new QueueData(config, directory, keys(config));
    }

    private static MasterKeys keys(@Nullable CollectorConfig config) {
      try {
        return Storage.keys(config == null ? null : config.storage().encryption());
      } catch (IllegalArgumentException e) {
        throw CommandFailedException.badConfiguration(e);
      }
    }
  }

  @ParentCommand private Main main;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw Main.missingCommand(spec);
  }

  PrintStream out() {
    return main.out();
  }

  PrintStream err() {
    return main.err();
  }
}
