package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.erasure.Removal;
import dev.tallyspan.collector.erasure.Subject;
import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.recent.StoredTraces;
import dev.tallyspan.collector.queue.log.MasterKeys;
import dev.tallyspan.collector.server.Storage;
import dev.tallyspan.collector.server.StoredData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
      "Removes a user, a session or a trace from the ledger, the viewer, the requests that are kept"
          + " after their delivery, and the dead letters. With a user or a session, all of the traces"
          + " in which it occurs.",
      "Requests that wait in the queue are delivered first, and removed then. Backends are not"
          + " changed."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LedgerForgetCommand implements Callable<Integer> {

  @ParentCommand private LedgerCommand ledger;
  @Mixin private DataOptions options;

  @ArgGroup(multiplicity = "1")
  private Who who;

  /** One of the three. */
  static final class Who {
    @Option(
        names = "--user",
        required = true,
        paramLabel = "ID",
        description = "user.id, as the ledger and the viewer show it.")
    private @Nullable String user;

    @Option(
        names = "--session",
        required = true,
        paramLabel = "ID",
        description = "session.id or gen_ai.conversation.id.")
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
    List<Removal> removals;
    try {
      removals = forget(subject());
    } catch (IOException | IllegalArgumentException e) {
      throw CommandFailedException.badInput(
          e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
    for (Removal removal : removals) {
      (removal.complete() ? ledger.out() : ledger.err()).println(removal.text());
    }
    return removals.stream().allMatch(Removal::complete) ? 0 : 1;
  }

  private Subject subject() {
    if (who.user != null) {
      return new Subject(Subject.Kind.USER, who.user);
    }
    return who.session != null
        ? new Subject(Subject.Kind.SESSION, who.session)
        : new Subject(Subject.Kind.TRACE, String.valueOf(who.trace).toLowerCase(Locale.ROOT));
  }

  private List<Removal> forget(Subject subject) throws IOException {
    CollectorConfig config = options.config();
    Path directory = options.directory(config);
    if (Files.exists(Ledger.directory(directory))) {
      try (Ledger accounts = Ledger.open(directory, Ledger.Access.WRITE)) {
        return accounts.isServer()
            ? accounts.forget(subject, List.of())
            : forget(subject, directory, config, accounts);
      }
    }
    if (!Files.isDirectory(Storage.queue(directory))
        && !Files.isDirectory(StoredTraces.directory(directory))) {
      throw new IOException(
          directory + ": nothing is kept here; name the data directory with --data");
    }
    return forget(subject, directory, config, /* accounts= */ null);
  }

  private static List<Removal> forget(
      Subject subject, Path directory, @Nullable CollectorConfig config, @Nullable Ledger accounts)
      throws IOException {
    List<Removal> removals = new ArrayList<>();
    MasterKeys keys = Storage.keys(config == null ? null : config.storage().encryption());
    StoredData.remove(
        directory,
        config,
        keys,
        queue -> {
          Path traces = StoredTraces.directory(directory);
          try (StoredTraces stored =
              Files.isDirectory(traces) ? StoredTraces.openToForget(traces, keys) : null) {
            List<PersonalData> places = new ArrayList<>(queue);
            if (stored != null) {
              places.add(stored);
            }
            removals.addAll(
                accounts == null ? Removal.of(subject, places) : accounts.forget(subject, places));
          }
        });
    return removals;
  }
}
