package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a crash can leave of the last write. */
class TornTailTest {

  private static final String FILE = new SegmentName(0, 0).file();

  /** A segment with five entries whose last three differ in size; not closed. */
  private static SimulatedDisk written() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    DurableLog log = DurableLog.open(disk, Logs.settings());
    Logs.fill(log, 2, 50);
    Logs.fill(log, 1, 0);
    Logs.fill(log, 1, 300);
    Logs.fill(log, 1, 77);
    return disk;
  }

  private static long[] ends() {
    long[] ends = new long[6];
    ends[0] = SegmentHeader.BYTES;
    int[] sizes = {50, 50, 0, 300, 77};
    for (int i = 0; i < 5; i++) {
      ends[i + 1] = ends[i] + RecordHeader.recordBytes(sizes[i]);
    }
    return ends;
  }

  @Test
  void aFileThatEndsAtAnyByteKeepsTheEntriesBeforeIt() throws Exception {
    byte[] whole = written().bytes(FILE);
    for (int length = SegmentHeader.BYTES; length <= ends()[5]; length++) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.put(FILE, Arrays.copyOf(whole, length));
      assertEntriesBefore(disk, length);
    }
  }

  @Test
  void aWriteThatEndsAtAnyByteKeepsTheEntriesBeforeIt() throws Exception {
    byte[] whole = written().bytes(FILE);
    for (int length = SegmentHeader.BYTES; length <= ends()[5]; length++) {
      SimulatedDisk disk = new SimulatedDisk();
      byte[] torn = whole.clone();
      Arrays.fill(torn, length, torn.length, (byte) 0);
      disk.put(FILE, torn);
      assertEntriesBefore(disk, length);
    }
  }

  private static void assertEntriesBefore(SimulatedDisk disk, int length) throws Exception {
    byte[] before = disk.bytes(FILE);
    long contentEnd = new SegmentInput(disk.open(FILE), before.length).contentEnd(0);
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      List<LogEntry> entries = Logs.readAll(log);
      int complete = entries.size();
      long end = ends()[complete];
      // An entry whose last bytes are zeros, or padding, is complete without them.
      assertThat(end).isBetween(length - 363L, length + 15L);
      assertThat(Logs.sequences(entries)).isEqualTo(LongStream.range(0, complete).boxed().toList());
      assertThat(log.recovery().damaged()).isEmpty();
      if (contentEnd > end) {
        assertThat(log.recovery().torn())
            .containsExactly(new TornTail(FILE, end, contentEnd - end));
        assertThat(log.recovery().tornBytes()).isEqualTo(contentEnd - end);
      } else {
        assertThat(log.recovery().torn()).isEmpty();
      }
      if (complete > 0) {
        assertThat(disk.bytes(FILE)).hasSize((int) end);
      }
      assertThat(Logs.append(log, new byte[9]).stored).containsExactly((long) complete);
    }
  }

  @Test
  void aSegmentWhoseCreationWasInterruptedAtAnyByteIsIgnored() throws Exception {
    byte[] whole = written().bytes(FILE);
    String next = new SegmentName(5, 0).file();
    SimulatedDisk creating = written().copy();
    DurableLog.open(creating, Logs.settings()).close();
    byte[] header = creating.bytes(next);
    for (int length = 0; length <= 60; length++) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.put(FILE, whole);
      disk.put(next, Arrays.copyOf(header, length));
      try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
        assertThat(Logs.readAll(log)).hasSize(5);
        assertThat(log.end()).isEqualTo(5);
        assertThat(log.recovery().damaged()).isEmpty();
        assertThat(disk.list()).containsExactly(FILE, new SegmentName(5, 1).file());
      }
    }
  }

  @Test
  void whatAFailedWriteLeftBehindTheNextEntryDoesNotComeBack() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    DurableLog log = DurableLog.open(disk, Logs.settings());
    Logs.fill(log, 1, 100);
    // The first buffer of the group is written completely, then the disk is full.
    Logs.Results refused = new Logs.Results();
    for (int i = 0; i < 60; i++) {
      log.append(Signal.TRACES, 1, List.of(), Slices.of(Logs.body(100 + i, 100)), refused);
    }
    int[] writes = new int[1];
    disk.faults(
        (operation, name) -> {
          if (operation == SimulatedDisk.Operation.WRITE && ++writes[0] == 2) {
            throw new IOException("No space left on device");
          }
          return Integer.MAX_VALUE;
        });
    log.writeNow();
    assertThat(refused.refused).hasSize(60);
    disk.faults(SimulatedDisk.Faults.NONE);
    Logs.fill(log, 1, 100);

    // The process dies here, without a power loss.
    try (DurableLog again = DurableLog.open(disk.copy(), Logs.settings())) {
      List<LogEntry> entries = Logs.readAll(again);
      assertThat(entries).hasSize(2);
      assertThat(entries.get(1).body().toByteArray()).isEqualTo(Logs.body(1, 100));
      assertThat(again.recovery().damaged()).isEmpty();
    }
  }
}
