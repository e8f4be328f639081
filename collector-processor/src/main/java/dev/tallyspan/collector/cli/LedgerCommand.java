package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.LedgerException;
import java.io.IOException;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The commands for the accounts. */
@Command(
    name = "ledger",
    mixinStandardHelpOptions = true,
    description =
        "Asks the accounts of billed calls, hands them on, and compares them. Works while the server"
            + " runs.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LedgerReportCommand.class,
      LedgerQueryCommand.class,
      LedgerExportCommand.class,
      LedgerRepriceCommand.class,
      LedgerReconcileCommand.class,
      LedgerForgetCommand.class
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LedgerCommand implements Runnable {

  /** What a command does with the accounts. */
  @FunctionalInterface
  interface Work {
    void with(Ledger ledger) throws IOException;
  }

  /** Which accounts. */
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Place {

    @Mixin private DataOptions options;

    /**
     * @throws CommandFailedException if there are no accounts, or the work fails
     */
    void open(Ledger.Access access, Work work) {
      try (Ledger ledger = Ledger.open(options.directory(options.config()), access)) {
        work.with(ledger);
      } catch (LedgerException e) {
        throw CommandFailedException.badInput(e);
      } catch (IOException e) {
        throw CommandFailedException.badInput(
            e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
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
