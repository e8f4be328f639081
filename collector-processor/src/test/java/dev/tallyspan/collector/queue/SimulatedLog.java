package dev.tallyspan.collector.queue;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.queue.log.RequestLog;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A log that survives a crash as far as it had promised to. Used by one thread. */
final class SimulatedLog implements RequestLog {

  private record Pending(LogEntry entry, Appended result) {}

  private final Random random;
  private final SimulatedTime time;
  private final TreeMap<Long, LogEntry> stored = new TreeMap<>();
  private final List<Pending> pending = new ArrayList<>();
  private int openReaders;
  private long next;
  private long end;

  SimulatedLog(Random random, SimulatedTime time) {
    this.random = random;
    this.time = time;
  }

  @Override
  public void append(Signal signal, int items, List<String> labels, Slices body, Appended result) {
    if (random.nextInt(20) == 0) {
      result.refused(new Outcome.Refused(StatusCode.UNAVAILABLE, "full", Duration.ofSeconds(1)));
      return;
    }
    long nanos = time.instant().getEpochSecond() * 1_000_000_000L;
    pending.add(new Pending(new LogEntry(next++, nanos, signal, items, labels, body), result));
    time.schedule(this::force, random.nextInt(5_000_000));
  }

  /** Stores everything that waits, as one force of a disk does. */
  private void force() {
    List<Pending> group = List.copyOf(pending);
    pending.clear();
    for (Pending each : group) {
      stored.put(each.entry.sequence(), each.entry);
      end = each.entry.sequence() + 1;
      each.result.stored(each.entry.sequence());
    }
  }

  /** What was not forced may be on disk or not, but only without gaps. */
  void crash() {
    for (Pending each : pending) {
      if (random.nextBoolean()) {
        break;
      }
      stored.put(each.entry.sequence(), each.entry);
      end = each.entry.sequence() + 1;
    }
    next = end;
    pending.clear();
  }

  /** Loses an entry, as a damaged disk does. Returns it; null if there is none. */
  LogEntry damage() {
    Map.Entry<Long, LogEntry> victim =
        stored.isEmpty() ? null : stored.floorEntry(start() + random.nextInt(stored.size()));
    return victim == null ? null : stored.remove(victim.getKey());
  }

  @Override
  public long start() {
    return stored.isEmpty() ? end : stored.firstKey();
  }

  @Override
  public long end() {
    return end;
  }

  @Override
  public Reader reader(long from) {
    openReaders++;
    return new Reader() {
      private long at = from;

      @Override
      public LogEntry next() throws IOException {
        if (random.nextInt(30) == 0) {
          throw new IOException("cannot be read now");
        }
        Map.Entry<Long, LogEntry> entry = stored.ceilingEntry(at);
        if (entry == null) {
          return null;
        }
        at = entry.getKey() + 1;
        return entry.getValue();
      }

      @Override
      public void close() {
        openReaders--;
      }
    };
  }

  @Override
  public void discard(Done done) {
    stored.keySet().removeIf(sequence -> done.covers(sequence, sequence));
  }

  void forEach(Consumer<LogEntry> visitor) {
    stored.values().forEach(visitor);
  }

  int openReaders() {
    return openReaders;
  }

  boolean isEmpty() {
    return stored.isEmpty();
  }

  @Override
  public void close() {
    force();
  }
}
