package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.output.ledger.Ledger;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Runs a query. */
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a query in DuckDB's SQL. The table calls has a row for each billed call; 'DESCRIBE calls'"
          + " shows its columns. Cannot change anything, nor read other files."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LedgerQueryCommand implements Callable<Integer> {

  @ParentCommand private LedgerCommand ledger;
  @Mixin private LedgerCommand.Place place;

  @Mixin private ResultOptions result;

  @Parameters(paramLabel = "SQL", description = "One statement.")
  private String sql;

  @Override
  public Integer call() {
    place.open(
        Ledger.Access.READ,
        opened -> {
          ResultPrinter printer = result.printer(ledger.out());
          opened.query(sql, List.of(), printer);
          printer.end();
        });
    return 0;
  }
}
