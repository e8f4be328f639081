package dev.tallyspan.collector.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tallyspan.collector.output.dataset.Dataset;
import dev.tallyspan.collector.output.dataset.DatasetCase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Writes canonical records in another format. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes the canonical records of 'tallyspan dataset export' in another format, after people"
          + " have written the right answers into 'expected'.",
      "Exits with 1, and writes nothing, if a line is not such a record."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DatasetConvertCommand implements Callable<Integer> {

  @ParentCommand private DatasetCommand parent;

  @Parameters(paramLabel = "FILE", description = "Records, one a line.")
  private Path file;

  @Mixin private DatasetCommand.Target target;

  @Override
  public Integer call() {
    Dataset dataset = target.dataset().selection("source", file.getFileName().toString()).build();
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          dataset.add(DatasetCase.parse(line.getBytes(UTF_8)));
        }
      }
    } catch (IllegalArgumentException e) {
      throw CommandFailedException.badInput(
          file + ", line " + number + ": no canonical record: " + e.getMessage());
    } catch (IOException e) {
      throw CommandFailedException.badInput(file + ": cannot be read: " + e);
    }
    target.write(dataset, parent.out());
    parent.err().println(target.summary(dataset));
    return 0;
  }
}
