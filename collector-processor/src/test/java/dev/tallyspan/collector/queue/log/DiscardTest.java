package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which segments go, and when. Eleven entries of 1000 bytes fill a segment. */
class DiscardTest {

  private static final int PER_SEGMENT = 11;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<String> dropped = new ArrayList<>();
  private final LogListener listener =
      new LogListener() {
        @Override
        public void dropping(long first, long last) {
          assertThat(disk.list()).contains(new SegmentName(first, 0).file());
          dropped.add(first + "-" + last);
        }
      };

  @Test
  void everySealedSegmentThatIsDoneIsDeleted() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.fill(log, 5 * PER_SEGMENT, 1000);
      RequestLog.Reader reader = log.reader(0);
      assertThat(reader.next().sequence()).isZero();

      // One output is slow and needs an entry of the second segment.
      log.discard((first, last) -> first > 20 || last < 20);

      assertThat(log.start()).isEqualTo(11);
      assertThat(Logs.sequences(Logs.readAll(log)))
          .startsWith(11L)
          .contains(21L)
          .doesNotContain(22L, 43L)
          .contains(44L, 54L);
      assertThat(disk.list()).hasSize(2);
      // The reader was in a segment that is gone.
      assertThat(Logs.read(reader)).extracting(LogEntry::sequence).contains(11L, 54L);
      assertThat(log.end()).isEqualTo(55);
    }
  }

  @Test
  void numbersContinueAfterEverythingWasDiscarded() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.fill(log, 30, 1000);
      log.discard((first, last) -> true);
      assertThat(log.start()).isEqualTo(22);
    }
    // close() deletes the last segment, of which everything is done too.
    assertThat(disk.list()).hasSize(1);
    for (int restart = 0; restart < 3; restart++) {
      try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
        assertThat(log.start()).isEqualTo(30);
        assertThat(log.end()).isEqualTo(30);
        assertThat(log.recovery().entries()).isZero();
        assertThat(disk.list()).hasSize(1);
      }
    }
  }

  @Test
  void aFullLogRefusesUntilSomethingIsDiscarded() throws Exception {
    LogSettings settings = Logs.withMax(Logs.settings(), 40_000, false);
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 50, 1000);
      long end = log.end();
      assertThat(log.usedBytes()).isBetween(38_000L, 40_000L);
      Outcome.Refused refused = Logs.append(log, new byte[1000]).refused.get(0);
      assertThat(refused)
          .isEqualTo(
              new Outcome.Refused(
                  StatusCode.UNAVAILABLE, "the queue on disk is full", Duration.ofSeconds(5)));
      assertThat(log.health().ok()).isTrue();

      log.discard((first, last) -> last < 11);
      Logs.fill(log, 1, 1000);
      assertThat(log.end()).isEqualTo(end + 1);
      assertThat(Logs.readAll(log)).hasSize((int) end + 1 - PER_SEGMENT);
    }
  }

  @Test
  void aFullLogWhoseActiveSegmentIsDoneMakesRoom() throws Exception {
    LogSettings settings = Logs.withMax(Logs.settings(), 10_000, false);
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 10, 1000);
      assertThat(log.end()).isEqualTo(5);
      log.discard((first, last) -> true);
      Logs.fill(log, 1, 1000);
      assertThat(log.end()).isEqualTo(6);
      assertThat(Logs.sequences(Logs.readAll(log))).containsExactly(5L);
    }
  }

  @Test
  void theOldestSegmentsAreDroppedAfterTheListenerWasTold() throws Exception {
    LogSettings settings =
        Logs.withMemory(Logs.with(Logs.withMax(Logs.settings(), 40_000, true), listener), 1 << 20);
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 50, 1000);
      assertThat(log.end()).isEqualTo(50);
      assertThat(dropped).containsExactly("0-10", "11-21", "22-32");
      assertThat(log.start()).isEqualTo(33);
      assertThat(Logs.sequences(Logs.readAll(log))).hasSize(17).startsWith(33L);
    }
  }

  @Test
  void aLogOfOneSegmentDropsToo() throws Exception {
    LogSettings settings = Logs.with(Logs.withMax(Logs.settings(), 10_000, true), listener);
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 12, 1000);
      assertThat(log.end()).isEqualTo(12);
      assertThat(dropped).containsExactly("0-4", "5-9");
    }
  }

  @Test
  void deliveredSegmentsAreKeptUntilTheyAreTooOld() throws Exception {
    Logs.TestClock clock = new Logs.TestClock();
    LogSettings settings = Logs.with(Logs.settings(), new Retention(Duration.ofHours(1), 0), clock);
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 2 * PER_SEGMENT, 1000);
      clock.advance(Duration.ofMinutes(40));
      Logs.fill(log, 2 * PER_SEGMENT, 1000);
      log.discard((first, last) -> true);
      assertThat(log.start()).isZero();

      clock.advance(Duration.ofMinutes(40));
      log.discard((first, last) -> true);
      assertThat(log.start()).isEqualTo(22);
    }
  }

  @Test
  void deliveredSegmentsAreKeptUntilTheyAreTooBig() throws Exception {
    LogSettings settings =
        Logs.with(Logs.settings(), new Retention(Duration.ZERO, 35_000), new Logs.TestClock());
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 5 * PER_SEGMENT, 1000);
      log.discard((first, last) -> last < 44);
      assertThat(log.start()).isEqualTo(22);
    }
  }

  @Test
  void retainedSegmentsMakeRoomWhenTheDiskIsFull() throws Exception {
    LogSettings settings =
        Logs.with(Logs.settings(), new Retention(Duration.ofDays(1), 0), new Logs.TestClock());
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 2 * PER_SEGMENT, 1000);
      log.discard((first, last) -> first == 0);
      assertThat(log.start()).isZero();
      int segments = log.segmentCount();
      disk.usableBytes(0);
      disk.faults(
          (tried, name) -> {
            if (tried == SimulatedDisk.Operation.WRITE && log.segmentCount() == segments) {
              throw new IOException("No space left on device");
            }
            return Integer.MAX_VALUE;
          });

      assertThat(Logs.append(log, Logs.body(log.end(), 100)).stored).hasSize(1);

      assertThat(log.start()).isEqualTo(PER_SEGMENT);
    }
  }

  @Test
  void retainedSegmentsStayWhenTheDiskFailsForAnotherReason() throws Exception {
    LogSettings settings =
        Logs.with(Logs.settings(), new Retention(Duration.ofDays(1), 0), new Logs.TestClock());
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 2 * PER_SEGMENT, 1000);
      log.discard((first, last) -> first == 0);
      disk.faults(
          (tried, name) -> {
            if (tried == SimulatedDisk.Operation.WRITE) {
              throw new IOException("Input/output error");
            }
            return Integer.MAX_VALUE;
          });

      assertThat(Logs.append(log, Logs.body(log.end(), 100)).refused).hasSize(1);

      assertThat(log.start()).isZero();
    }
  }

  @Test
  void retainedSegmentsMakeRoomWhenTheLogIsFull() throws Exception {
    LogSettings settings =
        Logs.with(
            Logs.with(Logs.withMax(Logs.settings(), 40_000, true), listener),
            new Retention(Duration.ofDays(1), 0),
            new Logs.TestClock());
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 2 * PER_SEGMENT, 1000);
      log.discard((first, last) -> first == 11);
      assertThat(log.start()).isZero();
      Logs.fill(log, PER_SEGMENT, 1000);
      // The delivered segment goes before the older one that is still needed.
      assertThat(dropped).isEmpty();
      assertThat(Logs.sequences(Logs.readAll(log))).contains(0L, 10L, 22L, 32L).doesNotContain(11L);
    }
  }
}
