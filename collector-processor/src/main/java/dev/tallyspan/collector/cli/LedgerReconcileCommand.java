package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.LedgerException;
import dev.tallyspan.collector.output.ledger.Reconciliation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Compares the accounts with those of a provider. */
@Command(
    name = "reconcile",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares the ledger with a usage or cost export of OpenAI or Anthropic (JSON of the API or CSV),"
          + " or with LiteLLM's spend log, for each day in UTC and each model: what the ledger says,"
          + " what they say, and likely reasons for differences."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LedgerReconcileCommand implements Callable<Integer> {

  @ParentCommand private LedgerCommand ledger;
  @Mixin private LedgerCommand.Place place;

  @Option(
      names = "--provider",
      paramLabel = "NAME",
      description =
          "Only calls of this gen_ai.provider.name. Default: that of the file; with LiteLLM, all.")
  private @Nullable String provider;

  @Mixin private ResultOptions result;

  @Parameters(paramLabel = "FILE", description = "The export.")
  private Path file;

  @Override
  public Integer call() {
    Reconciliation reconciliation = read();
    place.open(
        Ledger.Access.READ,
        opened -> {
          ResultPrinter printer = result.printer(ledger.out());
          reconciliation.run(opened, printer);
          printer.end();
        });
    return 0;
  }

  private Reconciliation read() {
    try {
      return Reconciliation.of(file, provider);
    } catch (LedgerException e) {
      throw CommandFailedException.badInput(e);
    }
  }
}
