package dev.tallyspan.collector.output.recent;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Evaluations whose spans have not come yet: a span waits for the rest of its trace, a log record
 * does not. Those that wait longest are forgotten first. Not thread-safe.
 */
final class WaitingScores {

  private static final long MAX_BYTES = 8L << 20;

  /** The most that wait for one trace. */
  private static final int MOST_OF_TARGET = 256;

  private final long maxAgeMillis;
  private final long maxBytes;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private long bytes;

  private static final class Waiting {
    final long since;
    final List<LateScore> scores = new ArrayList<>();

    Waiting(long since) {
      this.since = since;
    }
  }

  /**
   * @param maxAgeMillis how long a score waits
   * @param maxBytes of the whole store; what waits takes a small part of it
   */
  WaitingScores(long maxAgeMillis, long maxBytes) {
    this.maxAgeMillis = maxAgeMillis;
    this.maxBytes = Math.min(MAX_BYTES, maxBytes / 16);
  }

  void add(LateScore score, long now) {
    forgetOld(now);
    List<LateScore> scores =
        waiting.computeIfAbsent(score.target(), target -> new Waiting(now)).scores;
    if (scores.size() < MOST_OF_TARGET && !scores.contains(score)) {
      scores.add(score);
      bytes += score.bytes();
    }
    Iterator<Waiting> eldest = waiting.values().iterator();
    while (bytes > maxBytes && eldest.hasNext()) {
      forget(eldest.next());
      eldest.remove();
    }
  }

  /** Removes and returns the scores of a target that have found their span. */
  List<LateScore> take(String target, Predicate<LateScore> found) {
    Waiting of = waiting.get(target);
    if (of == null) {
      return List.of();
    }
    List<LateScore> taken = new ArrayList<>();
    for (LateScore score : of.scores) {
      if (found.test(score)) {
        taken.add(score);
        bytes -= score.bytes();
      }
    }
    of.scores.removeAll(taken);
    if (of.scores.isEmpty()) {
      waiting.remove(target);
    }
    return taken;
  }

  private void forgetOld(long now) {
    Iterator<Waiting> eldest = waiting.values().iterator();
    while (eldest.hasNext()) {
      Waiting next = eldest.next();
      if (now - next.since <= maxAgeMillis) {
        return;
      }
      forget(next);
      eldest.remove();
    }
  }

  private void forget(Waiting forgotten) {
    forgotten.scores.forEach(score -> bytes -= score.bytes());
  }
}
