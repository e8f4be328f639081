package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.output.dataset.Dataset;
import dev.tallyspan.collector.output.dataset.DatasetFormat;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The commands for datasets of evaluations. */
@Command(
    name = "dataset",
    mixinStandardHelpOptions = true,
    description = "Makes cases for evaluations out of recorded traces.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DatasetExportCommand.class, DatasetConvertCommand.class})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DatasetCommand implements Runnable {

  /** Where cases are written, and how. */
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Target {

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        defaultValue = "tallyspan",
        converter = FormatConverter.class,
        description =
            "tallyspan (default: the canonical records), langfuse, langsmith, phoenix, braintrust,"
                + " openai-evals, promptfoo or inspect.")
    private DatasetFormat format;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        description =
            "Where to; replaces the file, and dataset.json beside it, which describes it. Default:"
                + " stdout, without a description.")
    private @Nullable Path output;

    @Option(
        names = "--name",
        paramLabel = "NAME",
        defaultValue = "regression",
        description = "The name of the dataset. Ids of cases depend on it. Default: regression.")
    private String name;

    /**
     * Begins a dataset of this name.
     *
     * @throws CommandFailedException if it cannot have that name, or there is no such directory
     */
    Dataset.Builder dataset() {
      Path directory = output == null ? null : output.toAbsolutePath().getParent();
      if (directory != null && !Files.isDirectory(directory)) {
        throw CommandFailedException.badConfiguration(
            "--output: there is no directory " + directory);
      }
      if (name.isBlank()) {
        throw CommandFailedException.badConfiguration("--name: must not be blank");
      }
      return Dataset.builder(name).version(VersionCommand.version());
    }

    /**
     * @throws CommandFailedException if the file cannot be written
     */
    void write(Dataset dataset, PrintStream out) {
      try {
        if (output == null) {
          dataset.write(format, out);
          out.flush();
        } else {
          dataset.write(format, output);
        }
      } catch (IOException e) {
        throw CommandFailedException.badInput(
            e.getClass() == IOException.class ? String.valueOf(e.getMessage()) : e.toString());
      }
    }

    /** Returns what was written, for people. */
    String summary(Dataset dataset) {
      int cases = dataset.cases().size();
      long same = dataset.added() - cases;
      return (output == null ? "" : "wrote " + output + ": ")
          + cases
          + (cases == 1 ? " case" : " cases")
          + (same == 0 ? "" : ", and " + same + " more that ask the same");
    }
  }

  /** Reads the name of a format. */
  static final class FormatConverter implements ITypeConverter<DatasetFormat> {
    @Override
    public DatasetFormat convert(String value) {
      try {
        return DatasetFormat.ofName(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
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
