package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.flow.Timer;
import dev.tallyspan.collector.queue.CursorStore;
import dev.tallyspan.collector.queue.RequestQueue;
import dev.tallyspan.collector.queue.log.CursorFile;
import dev.tallyspan.collector.queue.log.DurableLog;
import dev.tallyspan.collector.queue.log.MasterKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives up what a data directory holds. No server may use the directory at the same time. */
public final class StoredData {

  private StoredData() {}

  /**
   * Gives up what waits for an output, and the output's position: if the output is configured, it
   * gets what arrives from then on.
   *
   * @return false if the queue has no output with this name
   * @throws IOException with a message for the user, if the directory cannot be used
   */
  public static boolean dropOutput(Path data, String output, MasterKeys keys) throws IOException {
    Path directory = Storage.queue(data);
    try (DurableLog log =
        DurableLog.builder(directory).keys(keys).neighbour(Storage.DEAD + "/").open()) {
      CursorFile cursors = CursorFile.in(directory);
      Map<String, List<long[]>> done = new LinkedHashMap<>(cursors.load());
      if (done.remove(output) == null) {
        return false;
      }
      // Without any position, every output would get everything.
      if (done.isEmpty()) {
        done.put(output, List.of(new long[] {0, log.end() - 1}));
      }
      cursors.save(done);
      log.discard(RequestQueue.covering(done));
      return true;
    }
  }

  /** Removes a person's telemetry from what is on disk. */
  @FunctionalInterface
  public interface Removing {
    void from(List<PersonalData> places) throws IOException;
  }

  /**
   * Opens what a directory keeps of people, except for the ledger.
   *
   * @param config the server's; null = the defaults
   * @throws IOException with a message for the user, if the directory cannot be used
   */
  public static void remove(
      Path data, @Nullable CollectorConfig config, MasterKeys keys, Removing removing)
      throws IOException {
    Path directory = Storage.queue(data);
    if (!Files.isDirectory(directory)) {
      removing.from(List.of());
      return;
    }
    try (DurableLog log =
            DurableLog.builder(directory).keys(keys).neighbour(Storage.DEAD + "/").open();
        DurableLog dead = DurableLog.builder(Storage.dead(data)).keys(keys).open()) {
      Map<String, List<long[]>> done = new LinkedHashMap<>(CursorFile.in(directory).load());
      if (done.isEmpty()) {
        done.put("unknown", List.of()); // Without any position, everything waits.
      }
      CursorFile erasures = CursorFile.erasures(directory);
      Timer timer = Timer.system("tallyspan-forget-timer");
      timer.close(); // Nothing is delivered, so there is nothing to save later.
      // No output takes anything: what the outputs of the server are not done with waits for them.
      RequestQueue queue =
          RequestQueue.builder("durable", log, timer)
              .cursors(done, CursorStore.NONE)
              .erasures(erasures.load(), erasures::save)
              .build();
      removing.from(List.of(new KeptRequests(queue, log, dead, SubjectItems.of(config))));
    }
  }

  /**
   * Gives up all dead letters.
   *
   * @return how many there were
   * @throws IOException with a message for the user, if the directory cannot be used
   */
  public static long dropDeadLetters(Path data, MasterKeys keys) throws IOException {
    try (DurableLog dead = DurableLog.builder(Storage.dead(data)).keys(keys).open()) {
      long count = dead.end() - dead.start();
      dead.discard((first, last) -> true);
      return count;
    }
  }
}
