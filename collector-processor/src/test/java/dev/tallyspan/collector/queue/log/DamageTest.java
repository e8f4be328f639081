package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.SilentLogs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bytes that changed on the disk. */
@ExtendWith(SilentLogs.class)
class DamageTest {

  private static final int ENTRIES = 6;
  private static final int BYTES = 100;
  private static final int RECORD = (int) RecordHeader.recordBytes(BYTES);
  private static final String FIRST_FILE = new SegmentName(0, 0).file();

  // A reference, so that the logger is not collected and keeps its level.
  private final List<DamagedRange> reported = new ArrayList<>();
  private final LogSettings settings =
      Logs.with(
          Logs.settings(),
          new LogListener() {
            @Override
            public void damaged(DamagedRange range) {
              reported.add(range);
            }
          });

  private static SimulatedDisk written(LogSettings settings) throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, ENTRIES, BYTES);
    }
    return disk;
  }

  @Test
  void aFlippedBitAtAnyByteCostsAtMostTheEntryItIsIn() throws Exception {
    flipEachByte(Logs.settings());
  }

  @Test
  void aFlippedBitInAnEncryptedSegmentCostsAtMostTheEntryItIsIn() throws Exception {
    LogSettings encrypted = Logs.with(Logs.settings(), Logs.keys("a"));
    SimulatedDisk disk = written(encrypted);
    byte[] whole = disk.bytes(FIRST_FILE);
    int record = (int) RecordHeader.recordBytes(BYTES + SegmentCipher.TAG_BYTES);
    for (int at = SegmentHeader.BYTES; at < whole.length - record; at++) {
      assertOnlyOneIsLost(disk.copy(), whole, at, encrypted, record);
    }
  }

  private void flipEachByte(LogSettings plain) throws Exception {
    SimulatedDisk disk = written(plain);
    byte[] whole = disk.bytes(FIRST_FILE);
    for (int at = 0; at < whole.length - RECORD; at++) {
      assertOnlyOneIsLost(disk.copy(), whole, at, plain, RECORD);
    }
  }

  private void assertOnlyOneIsLost(
      SimulatedDisk disk, byte[] whole, int at, LogSettings with, int record) throws Exception {
    byte[] damaged = whole.clone();
    damaged[at] ^= (byte) (1 << (at % 8));
    disk.put(FIRST_FILE, damaged);
    reported.clear();
    try (DurableLog log = DurableLog.open(disk, Logs.with(with, settings.listener()))) {
      List<LogEntry> entries = Logs.readAll(log);
      List<DamagedRange> all = new ArrayList<>(log.recovery().damaged());
      all.addAll(reported);
      int hit = at < SegmentHeader.BYTES ? -1 : (at - SegmentHeader.BYTES) / record;
      List<Long> expected = new ArrayList<>(LongStream.range(0, ENTRIES).boxed().toList());
      boolean padding = entries.size() == ENTRIES;
      if (hit >= 0 && !padding) {
        expected.remove(hit);
        assertThat(all).as("byte " + at).hasSize(1);
        assertThat(all.get(0).first()).isEqualTo(hit);
        assertThat(all.get(0).last()).isEqualTo(hit);
        assertThat(all.get(0).offset()).isEqualTo(SegmentHeader.BYTES + hit * record);
      }
      assertThat(Logs.sequences(entries)).as("byte " + at).isEqualTo(expected);
      for (LogEntry entry : entries) {
        assertThat(entry.body().toByteArray()).isEqualTo(Logs.body(entry.sequence(), BYTES));
      }
      if (at < 60 && with.keys().isEmpty()) {
        // The header of the segment, of which the records are independent.
        assertThat(log.recovery().damaged()).hasSizeLessThanOrEqualTo(1);
        assertThat(log.recovery().lostEntries()).isZero();
      }
      assertThat(log.end()).isEqualTo(ENTRIES);
    }
  }

  @Test
  void anyNumberOfFlippedBitsIsDetected() throws Exception {
    SimulatedDisk disk = written(Logs.settings());
    byte[] whole = disk.bytes(FIRST_FILE);
    Random random = new Random(7);
    for (int round = 0; round < 1000; round++) {
      byte[] damaged = whole.clone();
      for (int flips = 1 + random.nextInt(40); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      SimulatedDisk copy = disk.copy();
      copy.put(FIRST_FILE, damaged);
      reported.clear();
      try (DurableLog log = DurableLog.open(copy, settings)) {
        List<LogEntry> entries = Logs.readAll(log);
        long lost =
            log.recovery().lostEntries() + reported.stream().mapToLong(DamagedRange::entries).sum();
        for (LogEntry entry : entries) {
          assertThat(entry.body().toByteArray()).isEqualTo(Logs.body(entry.sequence(), BYTES));
        }
        // At the end of the newest file, damage looks like an incomplete write.
        long torn = ENTRIES - log.end();
        assertThat(entries.size() + lost + Math.max(0, torn)).isEqualTo(ENTRIES);
        if (torn > 0) {
          // With no header left, it is not known how many entries there were.
          assertThat(log.recovery().tornBytes() + log.recovery().damaged().size()).isPositive();
        }
      }
    }
  }

  @Test
  void damageInAnOlderSegmentIsReportedOnceAndTheRestIsRead() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.fill(log, 40, 1000);
    }
    byte[] damaged = disk.bytes(FIRST_FILE);
    int record = (int) RecordHeader.recordBytes(1000);
    damaged[SegmentHeader.BYTES + 3 * record + 500]++; // a payload
    damaged[SegmentHeader.BYTES + 7 * record + 20]++; // a header
    disk.put(FIRST_FILE, damaged);

    try (DurableLog log = DurableLog.open(disk, settings)) {
      assertThat(log.recovery().damaged())
          .containsExactly(
              new DamagedRange(FIRST_FILE, SegmentHeader.BYTES + 7L * record, record, 7, 7));
      for (int reader = 0; reader < 3; reader++) {
        assertThat(Logs.readAll(log)).hasSize(38);
      }
      assertThat(reported)
          .containsExactly(
              new DamagedRange(FIRST_FILE, SegmentHeader.BYTES + 3L * record, record, 3, 3));
    }
  }

  @Test
  void theEndOfAnOlderSegmentThatIsUnreadableIsDamageNotATornTail() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.fill(log, 40, 1000);
    }
    byte[] damaged = disk.bytes(FIRST_FILE);
    int record = (int) RecordHeader.recordBytes(1000);
    Arrays.fill(damaged, damaged.length - 2 * record, damaged.length, (byte) 0x55);
    disk.put(FIRST_FILE, damaged);

    try (DurableLog log = DurableLog.open(disk, settings)) {
      assertThat(log.recovery().torn()).isEmpty();
      assertThat(log.recovery().lostEntries()).isEqualTo(2);
      assertThat(Logs.readAll(log)).hasSize(38);
      assertThat(reported).isEmpty();
    }
  }

  @Test
  void aBodyThatContainsTheImageOfARecordIsNotTakenForOne() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    // A sender that has seen a log can make a record, but not with the salt of this segment.
    SimulatedDisk seen = written(Logs.settings());
    byte[] image =
        Arrays.copyOfRange(
            seen.bytes(FIRST_FILE),
            SegmentHeader.BYTES + 5 * RECORD,
            SegmentHeader.BYTES + 6 * RECORD);
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.fill(log, 1, BYTES);
      Logs.append(log, image);
      Logs.fill(log, 1, BYTES);
    }
    byte[] damaged = disk.bytes(FIRST_FILE);
    damaged[SegmentHeader.BYTES + RECORD]++; // the magic of the second record
    disk.put(FIRST_FILE, damaged);

    try (DurableLog log = DurableLog.open(disk, settings)) {
      assertThat(Logs.sequences(Logs.readAll(log))).containsExactly(0L, 2L);
    }
  }
}
