package dev.tallyspan.collector.queue.log;

import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes groups of entries. One thread runs it, and is the only one that creates segments, writes
 * to them, and answers appends. See the essay in {@link DurableLog}.
 */
final class LogWriter implements Runnable {

  /** How much of what waits is written and forced together. */
  static final long GROUP_BYTES = 8 << 20;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private static final Outcome.Refused FULL =
      new Outcome.Refused(StatusCode.UNAVAILABLE, "the queue on disk is full", RETRY_AFTER);
  private static final Outcome.Refused DISK_FAILED =
      new Outcome.Refused(
          StatusCode.UNAVAILABLE, "the queue cannot be written to disk", RETRY_AFTER);
  private static final Outcome.Refused FAULT =
      new Outcome.Refused(StatusCode.INTERNAL, "internal error", null);

  private final AppendQueue queue;
  private final Segments segments;
  private final ActiveSegment active;
  private final RecentEntries recent;
  private final LogHealth health;
  private final StagingBuffer staging;
  private final LogListener listener;

  LogWriter(
      AppendQueue queue,
      Segments segments,
      ActiveSegment active,
      RecentEntries recent,
      LogHealth health,
      StagingBuffer staging,
      LogListener listener) {
    this.queue = queue;
    this.segments = segments;
    this.active = active;
    this.recent = recent;
    this.health = health;
    this.staging = staging;
    this.listener = listener;
  }

  /** Writes what is appended until the queue is closed and empty. */
  @Override
  public void run() {
    for (List<PendingAppend> group = queue.take(GROUP_BYTES);
        !group.isEmpty();
        group = queue.take(GROUP_BYTES)) {
      try {
        write(group);
      } catch (RuntimeException | Error e) {
        InternalFault.log("the queue on disk", e);
      }
    }
    active.close();
  }

  /** Writes what waits now, on the calling thread. For tests that run without the thread. */
  void runOnce() {
    for (List<PendingAppend> group = queue.poll(GROUP_BYTES);
        !group.isEmpty();
        group = queue.poll(GROUP_BYTES)) {
      write(group);
    }
  }

  private void write(List<PendingAppend> group) {
    int answered = 0;
    try {
      while (answered < group.size()) {
        answered += writeRun(group.subList(answered, group.size()));
      }
    } catch (RuntimeException | Error e) {
      active.abandon();
      refuse(group.subList(answered, group.size()), FAULT);
      throw e;
    }
  }

  /**
   * Writes and answers as many appends, from the first on, as fit into one segment.
   *
   * @return how many were answered, stored or refused; at least one
   */
  private int writeRun(List<PendingAppend> group) {
    PendingAppend first = group.get(0);
    if (active.neverFits(first.recordBytes())) {
      refuse(group.subList(0, 1), tooLarge());
      return 1;
    }
    Segment segment;
    List<PendingAppend> run;
    List<RecentEntries.Recent> entries;
    try {
      segment = active.forEntry(first.recordBytes());
      if (segment == null) {
        refuse(group.subList(0, 1), FULL);
        return 1;
      }
      run = group.subList(0, fitting(group, segment));
      entries = stage(run, segment);
    } catch (IOException e) {
      // The extent has not moved, so the next attempt overwrites whatever was written.
      return failed(group, "cannot write", e);
    }
    try {
      long start = System.nanoTime();
      file(segment).force(false);
      listener.forced(System.nanoTime() - start);
    } catch (IOException e) {
      active.abandon();
      return failed(group, "cannot force writes to the disk", e);
    }
    publish(segment, entries);
    health.works();
    for (int i = 0; i < run.size(); i++) {
      stored(run.get(i), entries.get(i).entry().sequence());
    }
    return run.size();
  }

  private int fitting(List<PendingAppend> group, Segment segment) {
    long bytes = group.get(0).recordBytes();
    int count = 1;
    while (count < group.size()
        && active.hasRoom(segment, bytes + group.get(count).recordBytes())) {
      bytes += group.get(count).recordBytes();
      count++;
    }
    return count;
  }

  private List<RecentEntries.Recent> stage(List<PendingAppend> run, Segment segment)
      throws IOException {
    Segment.Extent extent = segment.extent();
    long offset = extent.bytes();
    long sequence = segments.end();
    int number = ++segment.group;
    List<RecentEntries.Recent> entries = new ArrayList<>(run.size());
    staging.start(file(segment), offset);
    for (PendingAppend append : run) {
      stage(append, segment, sequence, number);
      offset += append.recordBytes();
      LogEntry entry =
          new LogEntry(
              sequence++,
              append.epochNanos(),
              append.signal(),
              append.items(),
              append.labels(),
              append.body());
      entries.add(new RecentEntries.Recent(entry, segment, offset, number));
    }
    staging.flush();
    return entries;
  }

  private void stage(PendingAppend append, Segment segment, long sequence, int number)
      throws IOException {
    SegmentCipher cipher = segment.cipher;
    int plainLength = Math.toIntExact(append.encodedLabels().length + append.body().size());
    RecordHeader header =
        new RecordHeader(
            segment.salt,
            sequence,
            append.epochNanos(),
            number,
            append.items(),
            plainLength + (cipher == null ? 0 : SegmentCipher.TAG_BYTES),
            append.payloadCrc(),
            append.signal(),
            cipher != null,
            append.encodedLabels().length);
    if (cipher == null) {
      staging.header(header);
      staging.write(append.encodedLabels());
      append.body().writeTo(staging);
    } else {
      byte[] encrypted =
          cipher.encrypt(header, Payload.join(append.encodedLabels(), append.body()));
      staging.header(header.withPayloadCrc(Payload.crc(encrypted)));
      staging.write(encrypted);
    }
    for (long written = RecordHeader.BYTES + header.payloadLength();
        written < append.recordBytes();
        written++) {
      staging.write(0);
    }
  }

  /** Lets readers see entries, now that they are on disk. */
  private void publish(Segment segment, List<RecentEntries.Recent> entries) {
    entries.forEach(recent::add);
    RecentEntries.Recent last = entries.get(entries.size() - 1);
    long end = last.entry().sequence() + 1;
    segment.extend(
        new Segment.Extent(
            last.nextOffset(),
            segment.extent().entries() + entries.size(),
            end,
            last.entry().epochNanos()));
    segments.end(end);
  }

  private int failed(List<PendingAppend> group, String what, IOException why) {
    String reason = why.getMessage();
    health.failed(what + ": " + (reason == null ? why.getClass().getSimpleName() : reason));
    refuse(group, DISK_FAILED);
    return group.size();
  }

  private static Outcome.Refused tooLarge() {
    return new Outcome.Refused(
        StatusCode.RESOURCE_EXHAUSTED, "the request is larger than the queue on disk", null);
  }

  private static DiskFile file(Segment segment) {
    DiskFile file = segment.file;
    if (file == null) {
      throw new IllegalStateException("the active segment is not open");
    }
    return file;
  }

  private static void stored(PendingAppend append, long sequence) {
    try {
      append.result().stored(sequence);
    } catch (RuntimeException | Error e) {
      InternalFault.log("the owner of a stored request", e);
    }
  }

  private static void refuse(List<PendingAppend> appends, Outcome.@Nullable Refused why) {
    for (PendingAppend append : appends) {
      try {
        append.result().refused(why == null ? FAULT : why);
      } catch (RuntimeException | Error e) {
        InternalFault.log("the owner of a refused request", e);
      }
    }
  }
}
