package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.Ledger.Forgotten;
import dev.tallyspan.collector.output.ledger.Ledger.Subject;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Removes a person's calls. */
@Command(
    name = "forget",
    mixinStandardHelpOptions = true,
    description = {
      "Removes the calls of a user, a session or a trace from the ledger. With a user or a session,"
          + " all calls of the traces in which it occurs.",
      "Does not change the queue: requests that wait, and those that storage.retain keeps."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LedgerForgetCommand implements Callable<Integer> {

  @ParentCommand private LedgerCommand ledger;
  @Mixin private LedgerCommand.Place place;

  @ArgGroup(multiplicity = "1")
  private Who who;

  /** One of the three. */
  static final class Who {
    @Option(names = "--user", required = true, paramLabel = "ID", description = "user.id")
    private @Nullable String user;

    @Option(names = "--session", required = true, paramLabel = "ID", description = "session.id")
    private @Nullable String session;

    @Option(
        names = "--trace",
        required = true,
        paramLabel = "ID",
        description = "The trace id, 32 hexadecimal digits.")
    private @Nullable String trace;
  }

  @Override
  public Integer call() {
    if (who.user != null) {
      forget(Subject.USER, who.user);
    } else if (who.session != null) {
      forget(Subject.SESSION, who.session);
    } else if (who.trace != null) {
      forget(Subject.TRACE, who.trace);
    }
    return 0;
  }

  private void forget(Subject subject, String value) {
    place.open(
        Ledger.Access.WRITE,
        opened -> {
          Forgotten forgotten = opened.forget(subject, value);
          ledger
              .out()
              .println(
                  "removed "
                      + forgotten.rows()
                      + " calls in "
                      + forgotten.traces()
                      + " traces from the ledger");
        });
  }
}
