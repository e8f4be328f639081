package dev.tallyspan.collector.queue.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/** Logs with small segments, whose thread does not run: {@link #append} writes immediately. */
final class Logs {

  static final long SEGMENT_BYTES = 16 << 10;

  private Logs() {}

  static LogSettings settings() {
    return new LogSettings(
        SEGMENT_BYTES,
        1 << 20,
        /* dropOldest= */ false,
        /* memoryBytes= */ 0,
        /* stagingBytes= */ 4096,
        Retention.NONE,
        MasterKeys.NONE,
        Set.of(),
        LogListener.NONE,
        new TestClock(),
        new SecureRandom());
  }

  static LogSettings with(LogSettings s, MasterKeys keys) {
    return change(s, to -> to.keys = keys);
  }

  static LogSettings with(LogSettings s, LogListener listener) {
    return change(s, to -> to.listener = listener);
  }

  static LogSettings with(LogSettings s, Retention retention, Clock clock) {
    return change(
        s,
        to -> {
          to.retention = retention;
          to.clock = clock;
        });
  }

  static LogSettings withMemory(LogSettings s, long memoryBytes) {
    return change(s, to -> to.memoryBytes = memoryBytes);
  }

  static LogSettings withMax(LogSettings s, long maxBytes, boolean dropOldest) {
    return change(
        s,
        to -> {
          to.maxBytes = maxBytes;
          to.dropOldest = dropOldest;
        });
  }

  static LogSettings withSegments(LogSettings s, long segmentBytes) {
    return change(s, to -> to.segmentBytes = segmentBytes);
  }

  private static LogSettings change(LogSettings s, Consumer<Changes> change) {
    Changes to = new Changes(s);
    change.accept(to);
    return new LogSettings(
        to.segmentBytes,
        to.maxBytes,
        to.dropOldest,
        to.memoryBytes,
        s.stagingBytes(),
        to.retention,
        to.keys,
        s.neighbours(),
        to.listener,
        to.clock,
        s.random());
  }

  /** The settings that tests change. */
  private static final class Changes {
    private long segmentBytes;
    private long maxBytes;
    private boolean dropOldest;
    private long memoryBytes;
    private Retention retention;
    private MasterKeys keys;
    private LogListener listener;
    private Clock clock;

    private Changes(LogSettings from) {
      segmentBytes = from.segmentBytes();
      maxBytes = from.maxBytes();
      dropOldest = from.dropOldest();
      memoryBytes = from.memoryBytes();
      retention = from.retention();
      keys = from.keys();
      listener = from.listener();
      clock = from.clock();
    }
  }

  /** The results of appends. */
  static final class Results implements RequestLog.Appended {

    final List<Long> stored = new ArrayList<>();
    final List<Outcome.Refused> refused = new ArrayList<>();

    @Override
    public synchronized void stored(long sequence) {
      stored.add(sequence);
    }

    @Override
    public synchronized void refused(Outcome.Refused why) {
      refused.add(why);
    }
  }

  /** Appends one entry and writes it. */
  static Results append(DurableLog log, byte[] body) {
    Results results = new Results();
    log.append(Signal.TRACES, 1, List.of(), Slices.of(body), results);
    log.writeNow();
    return results;
  }

  /** Appends entries of this size with different bodies. */
  static void fill(DurableLog log, int entries, int bytes) {
    for (int i = 0; i < entries; i++) {
      append(log, body(log.end(), bytes));
    }
  }

  /** The bytes that {@link #fill} appends. */
  static byte[] body(long sequence, int bytes) {
    byte[] body = new byte[bytes];
    new Random(sequence).nextBytes(body);
    return body;
  }

  static List<LogEntry> read(RequestLog.Reader reader) throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
      entries.add(entry);
    }
    return entries;
  }

  static List<LogEntry> readAll(DurableLog log) throws IOException {
    try (RequestLog.Reader reader = log.reader(0)) {
      return read(reader);
    }
  }

  static List<Long> sequences(List<LogEntry> entries) {
    return entries.stream().map(LogEntry::sequence).toList();
  }

  static MasterKeys keys(String... ids) {
    List<String> lines = new ArrayList<>();
    for (String id : ids) {
      byte[] key = new byte[32];
      new Random(id.hashCode()).nextBytes(key);
      lines.add(id + ":" + Base64.getEncoder().encodeToString(key));
    }
    return MasterKeys.parse(lines);
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /** A clock that a test sets. */
  static final class TestClock extends Clock {

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
