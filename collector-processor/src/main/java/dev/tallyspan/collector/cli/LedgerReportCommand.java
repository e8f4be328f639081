package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.Period;
import dev.tallyspan.collector.output.ledger.SpendReport;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Sums calls, tokens and cost. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Sums calls, tokens and cost, by default for each model.",
      "Amounts are exact. A call without a price is not part of the cost: see the column unpriced."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LedgerReportCommand implements Callable<Integer> {

  @ParentCommand private LedgerCommand ledger;
  @Mixin private LedgerCommand.Place place;

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "model",
      description =
          "What to sum by: model, user, session, conversation, tenant, service, provider, operation,"
              + " agent, tag, day, hour, month, status, ... A call with several tags counts for each.")
  private List<String> by;

  @Mixin private PeriodOptions period;

  @Mixin private ResultOptions result;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "0",
      description = "Only the N rows with the highest cost. Default: 0 = no limit.")
  private int limit;

  @Override
  public Integer call() {
    SpendReport report = report(period.period());
    place.open(
        Ledger.Access.READ,
        opened -> {
          ResultPrinter printer = result.printer(ledger.out());
          report.run(opened, printer);
          printer.end();
          if (result.isTable()) {
            ResultPrinter total = result.printer(ledger.out());
            report.total().run(opened, total);
            ledger.out().println();
            ledger.out().println("TOTAL");
            total.end();
          }
        });
    return 0;
  }

  private SpendReport report(Period chosen) {
    try {
      return new SpendReport(by, chosen, limit);
    } catch (IllegalArgumentException e) {
      throw CommandFailedException.badConfiguration("report: --by or --limit: " + e.getMessage());
    }
  }
}
