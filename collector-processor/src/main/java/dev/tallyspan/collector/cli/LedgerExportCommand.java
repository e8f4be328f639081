package dev.tallyspan.collector.cli;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.output.ledger.CallExport;
import dev.tallyspan.collector.output.ledger.FocusExport;
import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.Period;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Hands the accounts on. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes the calls, one row for each (parquet, csv), or the charges by day and model in the"
          + " columns of FOCUS 1.2 (focus, as CSV)."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LedgerExportCommand implements Callable<Integer> {

  /** What is written. */
  enum Format {
    PARQUET,
    CSV,
    FOCUS
  }

  @ParentCommand private LedgerCommand ledger;
  @Mixin private LedgerCommand.Place place;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      description = "parquet, csv or focus.")
  private Format format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; replaces the file. Default: stdout; needed for parquet.")
  private @Nullable Path output;

  @Mixin private PeriodOptions period;

  @Option(
      names = "--billing-account",
      paramLabel = "ID",
      description =
          "With focus: the account that the provider bills. Default: the provider's name.")
  private @Nullable String billingAccount;

  @Override
  public Integer call() {
    if (format == Format.PARQUET && output == null) {
      throw CommandFailedException.badConfiguration("export: parquet needs --output FILE");
    }
    Period chosen = period.period();
    place.open(
        Ledger.Access.READ,
        opened -> {
          if (format == Format.PARQUET) {
            new CallExport(chosen).toParquet(opened, requireNonNull(output).toAbsolutePath());
          } else if (output == null) {
            print(opened, chosen, ledger.out());
          } else {
            try (PrintStream file =
                new PrintStream(Files.newOutputStream(output), false, StandardCharsets.UTF_8)) {
              print(opened, chosen, file);
              if (file.checkError()) {
                throw new IOException(output + ": cannot be written");
              }
            }
          }
        });
    if (output != null) {
      ledger.err().println("wrote " + output);
    }
    return 0;
  }

  private void print(Ledger opened, Period chosen, PrintStream out) throws IOException {
    ResultPrinter printer = new ResultPrinter(out, ResultPrinter.Format.CSV);
    CallExport calls = new CallExport(chosen);
    if (format == Format.FOCUS) {
      new FocusExport(chosen, billingAccount).run(opened, printer);
      long unpriced = calls.withoutCost(opened);
      if (unpriced > 0) {
        ledger.err().println("left out " + unpriced + " calls without a cost");
      }
    } else {
      calls.run(opened, printer);
    }
    printer.end();
  }
}
