package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.queue.DeadLetter;
import dev.tallyspan.collector.queue.log.LogEntry;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows single requests in the queue, without their content. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows each request that is kept: when it was received, what it holds, and the outputs that"
          + " it waits for; '-' if all are done with it.",
      "With 'dead', shows each dead letter with the reason."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class QueueShowCommand implements Callable<Integer> {

  @ParentCommand private QueueCommand queue;
  @Mixin private QueueCommand.Place place;

  @Parameters(
      arity = "0..1",
      paramLabel = "dead",
      description = "The dead letters instead of the queue.")
  private @Nullable String what;

  @Override
  public Integer call() throws IOException {
    QueueData data = place.data();
    if (QueueCommand.DEAD.equals(what)) {
      data.deadLetters().forEach(this::deadLetter);
      return 0;
    }
    if (what != null) {
      throw CommandFailedException.badConfiguration("show " + what + ": must be 'dead' or nothing");
    }
    data.contents().forEach(this::line);
    return 0;
  }

  private void line(LogEntry entry, List<String> outputs) {
    print(entry, outputs.isEmpty() ? "-" : String.join(", ", outputs));
  }

  private void deadLetter(LogEntry entry) {
    DeadLetter letter = DeadLetter.of(entry);
    print(entry, letter.output() + "  " + letter.reason());
  }

  private void print(LogEntry entry, String rest) {
    queue
        .out()
        .printf(
            "%8d  %s  %-7s %6d items %10d bytes  %s%n",
            entry.sequence(),
            entry.time(),
            entry.signal().id(),
            entry.items(),
            entry.body().size(),
            rest);
  }
}
