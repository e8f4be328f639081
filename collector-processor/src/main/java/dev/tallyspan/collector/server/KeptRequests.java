package dev.tallyspan.collector.server;

import dev.tallyspan.collector.erasure.PersonalData;
import dev.tallyspan.collector.erasure.Removal;
import dev.tallyspan.collector.erasure.Subject;
import dev.tallyspan.collector.queue.LoggedDeadLetters;
import dev.tallyspan.collector.queue.RequestQueue;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.RequestLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a queue keeps: those that wait, those that were delivered and are still there,
 * and the dead letters. A request that was delivered is removed as a whole, because it is a copy;
 * of a dead letter, only what must go.
 */
final class KeptRequests implements PersonalData {

  private final RequestQueue queue;
  private final RequestLog log;
  private final @Nullable RequestLog dead;
  private final SubjectItems items;

  /**
   * @param log that of the queue
   * @param dead the dead letters; null if none are kept
   */
  KeptRequests(RequestQueue queue, RequestLog log, @Nullable RequestLog dead, SubjectItems items) {
    this.queue = queue;
    this.log = log;
    this.dead = dead;
    this.items = items;
  }

  @Override
  public String place() {
    return "the queue";
  }

  @Override
  public void findTraces(Subject subject, Set<String> traceIds) throws IOException {
    findTraces(log, subject, traceIds);
    if (dead != null) {
      findTraces(dead, subject, traceIds);
    }
  }

  private void findTraces(RequestLog requests, Subject subject, Set<String> traceIds)
      throws IOException {
    long end = requests.end();
    try (RequestLog.Reader reader = requests.reader(requests.start())) {
      for (LogEntry entry = reader.next();
          entry != null && entry.sequence() < end;
          entry = reader.next()) {
        items.findTraces(entry, subject, traceIds);
      }
    }
  }

  @Override
  public List<Removal> forget(Subject subject, Set<String> traceIds) throws IOException {
    List<Removal> removals = new ArrayList<>();
    RequestQueue.Erased erased =
        queue.erase(entry -> !items.items(entry, subject, traceIds).isEmpty());
    removals.add(
        Removal.done(
            "removed " + Removal.count(erased.removed(), "delivered request") + " from the queue"));
    if (erased.waiting() > 0) {
      removals.add(
          Removal.done(
              Removal.count(erased.waiting(), "request")
                  + " in the queue must still be delivered to backends, and will be removed then;"
                  + " the ledger and the viewer leave them out"));
    }
    if (dead != null) {
      LoggedDeadLetters.Erased letters =
          new LoggedDeadLetters(dead).erase(entry -> items.items(entry, subject, traceIds));
      removals.add(
          Removal.done(
              "removed "
                  + Removal.count(letters.items(), "item")
                  + " from "
                  + Removal.count(letters.letters(), "dead letter")));
      if (letters.failed() > 0) {
        removals.add(
            Removal.failed(
                Removal.count(letters.failed(), "dead letter")
                    + " not removed, because what else is in them could not be written again; make"
                    + " room on the disk, or use tallyspan queue drop dead"));
      }
    }
    return removals;
  }
}
