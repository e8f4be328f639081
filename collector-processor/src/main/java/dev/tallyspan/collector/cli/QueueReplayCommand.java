package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.queue.DeadLetter;
import dev.tallyspan.collector.queue.log.LogSnapshot;
import dev.tallyspan.collector.server.Replay;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Sends requests that are kept to an exporter once more. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Sends what was received to an exporter, through today's mappings and prices: the requests"
          + " that are still kept, or with 'dead' the dead letters.",
      "Works while the server runs, and changes nothing in the queue. Exits with 1 if the backend"
          + " did not accept everything."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class QueueReplayCommand implements Callable<Integer> {

  @ParentCommand private QueueCommand queue;
  @Mixin private QueueCommand.Place place;

  @Option(
      names = "--to",
      paramLabel = "EXPORTER",
      required = true,
      description = "The id of an exporter in the file of --config.")
  private String exporter;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "The time of receipt: 2026-11-27T10:00:00Z, or 90s, 30m, 2h, 7d ago.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "As --since; not included.")
  private @Nullable String until;

  @Parameters(
      arity = "0..1",
      paramLabel = "dead",
      description = "The dead letters instead of the queue.")
  private @Nullable String what;

  private final InstantSource clock = InstantSource.system();

  @Override
  public Integer call() throws IOException, InterruptedException {
    QueueData data = place.data();
    CollectorConfig config = data.config();
    if (config == null) {
      throw CommandFailedException.badConfiguration("replay: --config is missing");
    }
    if (what != null && !what.equals(QueueCommand.DEAD)) {
      throw CommandFailedException.badConfiguration(
          "replay " + what + ": must be 'dead' or nothing");
    }
    boolean dead = what != null;
    Instant from =
        since == null ? Instant.MIN : TimeOption.parse("--since", since, clock.instant());
    Instant to = until == null ? Instant.MAX : TimeOption.parse("--until", until, clock.instant());
    LogSnapshot log = dead ? data.deadLetters() : data.queue();
    try (Replay replay = replay(config)) {
      log.forEach(
          entry -> {
            Instant received = dead ? DeadLetter.of(entry).received() : entry.time();
            if (!received.isBefore(from) && received.isBefore(to)) {
              replay.send(entry);
            }
          });
      return report(replay.finish());
    }
  }

  private Replay replay(CollectorConfig config) throws IOException {
    try {
      return Replay.to(exporter, config);
    } catch (IllegalArgumentException e) {
      throw CommandFailedException.badConfiguration(e);
    }
  }

  private int report(Replay.Result result) {
    queue.out().println("delivered " + result.delivered() + " items to " + exporter);
    if (result.skipped() > 0) {
      queue.out().println("skipped " + result.skipped() + " items of other signals");
    }
    if (result.refused() > 0) {
      queue.err().println("refused " + result.refused() + " items: " + result.reason());
      return 1;
    }
    return 0;
  }
}
