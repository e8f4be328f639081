package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.server.StoredData;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Gives up what waits for an output, or the dead letters. */
@Command(
    name = "drop",
    mixinStandardHelpOptions = true,
    description = {
      "Gives up what waits for an output, for example one that is no longer configured; or with"
          + " 'dead', all dead letters.",
      "Stop the server first."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class QueueDropCommand implements Callable<Integer> {

  @ParentCommand private QueueCommand queue;
  @Mixin private QueueCommand.Place place;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "The output, as 'queue list' names it: traces:otlp_grpc/jaeger")
  private @Nullable String output;

  @Parameters(arity = "0..1", paramLabel = "dead", description = "The dead letters.")
  private @Nullable String what;

  @Override
  public Integer call() {
    boolean dead = QueueCommand.DEAD.equals(what);
    if ((output == null) != dead || (what != null && !dead)) {
      throw CommandFailedException.badConfiguration("drop: name one of --output NAME and 'dead'");
    }
    QueueData data = place.data();
    try {
      if (output == null) {
        queue
            .out()
            .println(
                "dropped "
                    + StoredData.dropDeadLetters(data.directory(), data.keys())
                    + " dead letters");
      } else if (StoredData.dropOutput(data.directory(), output, data.keys())) {
        queue.out().println("dropped what waited for " + output);
      } else {
        throw CommandFailedException.badInput(
            output + ": the queue has no output with this name; see 'tallyspan queue list'");
      }
      return 0;
    } catch (IOException e) {
      throw CommandFailedException.badConfiguration(e);
    }
  }
}
