package dev.tallyspan.collector.cli;

import java.io.PrintStream;
import picocli.CommandLine.Option;

/** The option that says how the result of a command about the accounts is printed. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ResultOptions {

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table (default), csv or json.")
  private ResultPrinter.Format format;

  boolean isTable() {
    return format == ResultPrinter.Format.TABLE;
  }

  ResultPrinter printer(PrintStream out) {
    return new ResultPrinter(out, format);
  }
}
