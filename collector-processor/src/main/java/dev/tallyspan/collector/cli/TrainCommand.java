package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.LogEncoding;
import dev.tallyspan.collector.server.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/**
 * Loads what the server needs. The launcher runs this once, with the options of the JVM that keep
 * the loaded classes in a file.
 */
@Command(
    name = "train",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Loads what the server needs, which the JVM can keep for the next start.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TrainCommand implements Callable<Integer> {

  @ParentCommand private Main main;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Main.commandLine(main.out(), main.err(), "run").parseArgs("run", "--config", "file");
    Logs.set(Level.SEVERE, LogEncoding.CONSOLE);
    Path directory = Files.createTempDirectory("tallyspan-train");
    try {
      return Training.run(directory) ? 0 : 1;
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }
}
