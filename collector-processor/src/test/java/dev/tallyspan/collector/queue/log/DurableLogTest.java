package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DurableLogTest {

  private final SimulatedDisk disk = new SimulatedDisk();

  @Test
  void anEntryComesBackAsItWasAppended() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Slices body = new Slices();
      body.add(Logs.utf8("--first"), 2, 5);
      body.add(Logs.utf8("second"), 0, 6);
      log.append(Signal.LOGS, 7, List.of("tenant", "", "größe"), body, new Logs.Results());
      log.writeNow();

      LogEntry entry = log.reader(0).next();

      assertThat(entry).isNotNull();
      assertThat(entry.sequence()).isZero();
      assertThat(entry.signal()).isEqualTo(Signal.LOGS);
      assertThat(entry.items()).isEqualTo(7);
      assertThat(entry.labels()).containsExactly("tenant", "", "größe");
      assertThat(entry.epochNanos()).isEqualTo(1_767_225_600_000_000_000L);
      assertThat(entry.body().toByteArray()).isEqualTo(Logs.utf8("firstsecond"));
    }
  }

  @Test
  void entriesSurviveARestartAndNumbersContinue() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.fill(log, 50, 1000);
    }
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      assertThat(log.recovery().entries()).isEqualTo(50);
      assertThat(log.recovery().torn()).isEmpty();
      assertThat(log.recovery().damaged()).isEmpty();
      assertThat(log.recovery().segments()).isGreaterThan(2);

      assertThat(Logs.append(log, Logs.utf8("next")).stored).containsExactly(50L);
      assertBodies(Logs.readAll(log).subList(0, 50), 1000);
      assertThat(log.start()).isZero();
      assertThat(log.end()).isEqualTo(51);
    }
  }

  @Test
  void anEntryLargerThanASegmentAndTheStagingBufferIsStored() throws Exception {
    byte[] large = Logs.body(1, 100_000);
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.append(log, Logs.utf8("before"));
      Logs.append(log, large);
      Logs.append(log, Logs.utf8("after"));
    }
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      List<LogEntry> entries = Logs.readAll(log);
      assertThat(entries).hasSize(3);
      assertThat(entries.get(1).body().toByteArray()).isEqualTo(large);
    }
  }

  @Test
  @Timeout(180)
  void largeEntriesAreReadBackFromARealDisk(@TempDir Path directory) throws Exception {
    byte[] large = Logs.body(1, 5_000_000);
    CountDownLatch stored = new CountDownLatch(3);
    DurableLogBuilder builder = DurableLog.builder(directory).segmentBytes(8 << 20).memoryBytes(0);
    try (DurableLog log = builder.open()) {
      for (int i = 0; i < 3; i++) {
        log.append(
            Signal.TRACES,
            1,
            List.of(),
            Slices.of(large),
            new RequestLog.Appended() {
              @Override
              public void stored(long sequence) {
                stored.countDown();
              }

              @Override
              public void refused(Outcome.Refused why) {}
            });
      }
      stored.await();
      assertThat(log.segmentCount()).isEqualTo(3);
      assertThat(Logs.readAll(log))
          .hasSize(3)
          .allSatisfy(entry -> assertThat(entry.body().toByteArray()).isEqualTo(large));
    }
    try (DurableLog log = builder.open()) {
      assertThat(Logs.readAll(log)).hasSize(3);
      assertThat(log.usedBytes()).isBetween(15_000_000L, 15_100_000L);
    }
  }

  @Test
  void aGroupIsForcedOnce() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      AtomicInteger forces = new AtomicInteger();
      disk.faults(
          (operation, name) -> {
            if (operation == SimulatedDisk.Operation.FORCE) {
              forces.incrementAndGet();
            }
            return Integer.MAX_VALUE;
          });
      Logs.Results results = new Logs.Results();
      for (int i = 0; i < 20; i++) {
        log.append(Signal.TRACES, 1, List.of(), Slices.of(new byte[100]), results);
      }
      log.writeNow();

      assertThat(results.stored).hasSize(20);
      assertThat(forces).hasValue(1);
    }
  }

  @Test
  void anEntryIsVisibleOnlyWhenItIsForced() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      log.append(Signal.TRACES, 1, List.of(), Slices.of(new byte[1]), new Logs.Results());
      RequestLog.Reader reader = log.reader(0);

      assertThat(reader.next()).isNull();
      assertThat(log.end()).isZero();

      log.writeNow();
      assertThat(reader.next()).isNotNull();
      assertThat(reader.next()).isNull();
    }
  }

  @Test
  void readersAtDifferentPositionsDoNotDisturbEachOther() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.fill(log, 60, 900);
      RequestLog.Reader first = log.reader(0);
      RequestLog.Reader second = log.reader(31);
      List<Long> seen = new ArrayList<>();
      for (int i = 0; i < 29; i++) {
        assertThat(first.next().sequence()).isEqualTo(i);
        seen.add(second.next().sequence());
      }
      assertThat(seen).isEqualTo(LongStream.range(31, 60).boxed().toList());
      assertThat(second.next()).isNull();
      Logs.fill(log, 1, 10);
      assertThat(second.next().sequence()).isEqualTo(60);
    }
  }

  @Test
  void recentEntriesAreNotReadFromDisk() throws Exception {
    LogSettings settings = Logs.withMemory(Logs.settings(), 13_000);
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 30, 1000);
      long before = disk.reads();
      RequestLog.Reader recent = log.reader(20);
      assertBodies(Logs.read(recent), 1000);
      assertThat(disk.reads()).isEqualTo(before);

      assertBodies(Logs.readAll(log), 1000);
      assertThat(disk.reads()).isGreaterThan(before);
    }
  }

  @Test
  void aReaderThatFallsBehindTheMemoryContinuesOnDisk() throws Exception {
    LogSettings settings = Logs.withMemory(Logs.settings(), 3000);
    try (DurableLog log = DurableLog.open(disk, settings)) {
      RequestLog.Reader reader = log.reader(0);
      List<LogEntry> entries = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        Logs.fill(log, 1 + i % 5, 1000);
        entries.add(reader.next());
      }
      entries.addAll(Logs.read(reader));
      assertBodies(entries, 1000);
      assertThat(entries).hasSize((int) log.end());
    }
  }

  @Test
  void aRequestThatCanNeverFitIsRefusedForGood() throws Exception {
    LogSettings settings = Logs.withMax(Logs.settings(), 64 << 10, false);
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Outcome.Refused refused = Logs.append(log, new byte[64 << 10]).refused.get(0);
      assertThat(refused.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
      assertThat(refused.retryable()).isFalse();
    }
  }

  @Test
  void afterCloseAppendsAreRefusedAndReadersFail() throws Exception {
    DurableLog log = DurableLog.open(disk, Logs.settings());
    Logs.fill(log, 1, 10);
    RequestLog.Reader reader = log.reader(0);
    log.close();
    log.close();

    Outcome.Refused refused = Logs.append(log, new byte[1]).refused.get(0);
    assertThat(refused.retryable()).isTrue();
    assertThat(refused.message()).isEqualTo("the queue is closing");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(reader::next)
        .withMessage("the queue is closed");
  }

  @Test
  void whatAnOwnerThrowsDoesNotStopTheLog() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      log.append(
          Signal.TRACES,
          1,
          List.of(),
          Slices.of(new byte[1]),
          new RequestLog.Appended() {
            @Override
            public void stored(long sequence) {
              throw new IllegalStateException("expected by the test");
            }

            @Override
            public void refused(Outcome.Refused why) {}
          });
      log.writeNow();
      assertThat(Logs.append(log, new byte[1]).stored).containsExactly(1L);
    }
  }

  @Test
  @Timeout(180)
  void closeUnderLoadAnswersEveryAppendAndKeepsWhatIsStored(@TempDir Path directory)
      throws Exception {
    Map<Long, Integer> stored = new ConcurrentHashMap<>();
    AtomicInteger appended = new AtomicInteger();
    AtomicInteger answered = new AtomicInteger();
    DurableLog log = DurableLog.builder(directory).segmentBytes(256 << 10).open();
    List<Thread> threads = new ArrayList<>();
    CountDownLatch running = new CountDownLatch(500);
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                boolean[] refused = new boolean[1];
                while (!refused[0]) {
                  int id = appended.getAndIncrement();
                  log.append(
                      Signal.TRACES,
                      1,
                      List.of(),
                      Slices.of(Logs.body(id, 500)),
                      new RequestLog.Appended() {
                        @Override
                        public void stored(long sequence) {
                          stored.put(sequence, id);
                          answered.incrementAndGet();
                          running.countDown();
                        }

                        @Override
                        public void refused(Outcome.Refused why) {
                          answered.incrementAndGet();
                          refused[0] = true;
                        }
                      });
                  if (id - answered.get() > 1000) {
                    Thread.yield();
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    running.await();
    log.close();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(answered.get()).isEqualTo(appended.get());
    try (DurableLog again = DurableLog.builder(directory).open()) {
      List<LogEntry> entries = Logs.readAll(again);
      assertThat(again.recovery().torn()).isEmpty();
      assertThat(entries).hasSameSizeAs(stored.keySet());
      for (LogEntry entry : entries) {
        assertThat(entry.body().toByteArray())
            .isEqualTo(Logs.body(stored.get(entry.sequence()), 500));
      }
    }
  }

  private static void assertBodies(List<LogEntry> entries, int bytes) {
    assertThat(entries).isNotEmpty();
    long sequence = entries.get(0).sequence();
    for (LogEntry entry : entries) {
      assertThat(entry.sequence()).isEqualTo(sequence++);
      assertThat(entry.body().toByteArray()).isEqualTo(Logs.body(entry.sequence(), bytes));
    }
  }
}
