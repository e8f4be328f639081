package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.Repricing;
import dev.tallyspan.pricing.PriceCatalog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Prices the calls again. */
@Command(
    name = "reprice",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows what the calls would have cost by another price catalog, and why that differs. Changes"
          + " nothing."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LedgerRepriceCommand implements Callable<Integer> {

  @ParentCommand private LedgerCommand ledger;
  @Mixin private LedgerCommand.Place place;
  @Mixin private EnrichmentOptions options;
  @Mixin private PeriodOptions period;

  @Mixin private ResultOptions result;

  @Override
  public Integer call() {
    PriceCatalog catalog = options.catalog();
    Repricing repricing = new Repricing(catalog, period.period());
    place.open(
        Ledger.Access.READ,
        opened -> {
          ResultPrinter printer = result.printer(ledger.out());
          repricing.run(opened, printer);
          printer.end();
        });
    return 0;
  }
}
