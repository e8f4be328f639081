package dev.tallyspan.collector.queue;

import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.LogSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a queue on disk holds, for tools that look at it. */
public final class QueueContents {

  /**
   * What waits for an output.
   *
   * @param oldest when the oldest request was received; null if none waits
   */
  public record Waiting(
      String output, long requests, long items, long bytes, @Nullable Instant oldest) {}

  /** Receives an entry and the outputs that it waits for. */
  @FunctionalInterface
  public interface Visitor {
    void visit(LogEntry entry, List<String> outputs);
  }

  private final LogSnapshot log;
  private final Map<String, SequenceSet> done = new TreeMap<>();

  /**
   * @param done what each output is done with
   */
  public QueueContents(LogSnapshot log, Map<String, List<long[]>> done) {
    this.log = log;
    done.forEach((output, ranges) -> this.done.put(output, new SequenceSet(ranges)));
  }

  /** Returns what waits for each output, by name. */
  public List<Waiting> waiting() throws IOException {
    Map<String, Waiting> waiting = new TreeMap<>();
    done.keySet()
        .forEach(name -> waiting.put(name, new Waiting(name, 0, 0, 0, /* oldest= */ null)));
    forEach(
        (entry, outputs) ->
            outputs.forEach(
                output -> waiting.computeIfPresent(output, (name, sum) -> plus(sum, entry))));
    return List.copyOf(waiting.values());
  }

  private static Waiting plus(Waiting sum, LogEntry entry) {
    return new Waiting(
        sum.output,
        sum.requests + 1,
        sum.items + entry.items(),
        sum.bytes + entry.body().size(),
        sum.oldest == null ? entry.time() : sum.oldest);
  }

  /** Visits every entry in the log, delivered or not, in the order of arrival. */
  public void forEach(Visitor visitor) throws IOException {
    log.forEach(entry -> visitor.visit(entry, outputs(entry)));
  }

  private List<String> outputs(LogEntry entry) {
    List<String> outputs = new ArrayList<>();
    done.forEach(
        (output, finished) -> {
          if (QueueOutput.isOf(output, entry.labels()) && !finished.contains(entry.sequence())) {
            outputs.add(output);
          }
        });
    return outputs;
  }
}
