package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.queue.DeadLetter;
import dev.tallyspan.collector.queue.QueueContents;
import dev.tallyspan.collector.queue.log.LogSnapshot;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Lists the outputs with what waits for them, and the dead letters by reason. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists what waits for each output, and the dead letters by output and reason.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class QueueListCommand implements Callable<Integer> {

  private record Group(String output, String reason) implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int byOutput = output.compareTo(other.output);
      return byOutput != 0 ? byOutput : reason.compareTo(other.reason);
    }
  }

  @ParentCommand private QueueCommand queue;
  @Mixin private QueueCommand.Place place;

  @Override
  public Integer call() throws IOException {
    QueueData data = place.data();
    queue
        .out()
        .printf("%-40s %10s %10s %14s  %s%n", "OUTPUT", "REQUESTS", "ITEMS", "BYTES", "OLDEST");
    for (QueueContents.Waiting waiting : data.contents().waiting()) {
      queue
          .out()
          .printf(
              "%-40s %10d %10d %14d  %s%n",
              waiting.output(),
              waiting.requests(),
              waiting.items(),
              waiting.bytes(),
              waiting.oldest() == null ? "-" : waiting.oldest());
    }
    Map<Group, long[]> groups = deadLetters(data.deadLetters());
    if (!groups.isEmpty()) {
      queue
          .out()
          .printf("%n%-40s %10s %10s  %s%n", "DEAD LETTERS OF", "REQUESTS", "ITEMS", "REASON");
      groups.forEach(
          (group, sums) ->
              queue
                  .out()
                  .printf("%-40s %10d %10d  %s%n", group.output, sums[0], sums[1], group.reason));
    }
    return 0;
  }

  private static Map<Group, long[]> deadLetters(LogSnapshot dead) throws IOException {
    Map<Group, long[]> groups = new TreeMap<>();
    dead.forEach(
        entry -> {
          DeadLetter letter = DeadLetter.of(entry);
          long[] sums =
              groups.computeIfAbsent(
                  new Group(letter.output(), letter.reason()), group -> new long[2]);
          sums[0]++;
          sums[1] += entry.items();
        });
    return groups;
  }
}
