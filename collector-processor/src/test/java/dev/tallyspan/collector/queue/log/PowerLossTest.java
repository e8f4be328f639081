package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Power losses, failing disks and restarts at random points, on a disk that keeps as little as it
 * may. Each schedule is repeatable by its number. For many more of them: {@code
 * -Dqueue.schedules=20000}.
 */
@ExtendWith(SilentLogs.class)
class PowerLossTest {

  private static final int SCHEDULES = Integer.getInteger("queue.schedules", 300);
  private static final int FIRST = Integer.getInteger("queue.schedules.first", 0);

  // A reference, so that the logger is not collected and keeps its level.
  @Test
  void noAcknowledgedEntryIsLost() throws Exception {
    long acknowledged = 0;
    long crashes = 0;
    for (int number = FIRST; number < FIRST + SCHEDULES; number++) {
      Schedule schedule = new Schedule(number);
      try {
        schedule.run();
      } catch (Throwable e) {
        throw new AssertionError("schedule " + number, e);
      }
      acknowledged += schedule.acknowledged;
      crashes += schedule.crashes;
    }
    System.out.printf(
        "%d schedules, %d power losses, %d acknowledged entries, 0 lost%n",
        SCHEDULES, crashes, acknowledged);
    assertThat(acknowledged).isGreaterThan(SCHEDULES);
  }

  /** One machine through several power losses. */
  private static final class Schedule {

    private final Random random;
    private final LogSettings settings;
    private SimulatedDisk disk = new SimulatedDisk();

    // What the outside world knows, which no power loss takes away.
    private final TreeMap<Long, byte[]> kept = new TreeMap<>();
    private long doneEnd;
    private long savedDoneEnd;

    private long acknowledged;
    private long crashes;

    Schedule(int number) {
      random = new Random(number);
      LogSettings chosen = Logs.withMemory(Logs.settings(), random.nextBoolean() ? 0 : 4000);
      if (random.nextInt(5) == 0) {
        chosen = Logs.with(chosen, Logs.keys("key"));
      }
      settings = chosen;
    }

    void run() throws IOException {
      int cycles = 2 + random.nextInt(3);
      for (int i = 0; i < cycles; i++) {
        disk.losePowerAfter(random.nextInt(random.nextBoolean() ? 40 : 400));
        if (random.nextBoolean()) {
          disk.faults(this::sometimesFail);
        }
        try {
          session();
        } catch (SimulatedDisk.PowerLoss e) {
          crashes++;
        }
        disk = disk.crash(random);
        verify(disk.copy());
      }
    }

    private int sometimesFail(SimulatedDisk.Operation operation, String name) throws IOException {
      boolean canFail =
          switch (operation) {
            case CREATE, DELETE, RENAME, FORCE_DIRECTORY, WRITE, FORCE, SET_LENGTH -> true;
            case OPEN, READ -> false;
          };
      if (canFail && random.nextInt(25) == 0) {
        throw new IOException("Input/output error");
      }
      return canFail && random.nextInt(10) == 0 ? 1 + random.nextInt(600) : Integer.MAX_VALUE;
    }

    /** Uses a log until the power fails, or the session ends. */
    private void session() throws IOException {
      DurableLog log;
      try {
        log = DurableLog.open(disk, settings);
      } catch (IOException e) {
        return; // A failing disk, and nothing acknowledged.
      }
      CursorFile cursor = CursorFile.on(disk);
      for (int step = 0; step < 60; step++) {
        switch (random.nextInt(8)) {
          case 0 -> saveAndDiscard(log, cursor);
          case 1 -> readersSeeEverything(log);
          case 2 -> {
            if (random.nextInt(10) == 0) {
              log.close();
              return;
            }
          }
          default -> appendGroup(log);
        }
      }
    }

    private void readersSeeEverything(DurableLog log) throws IOException {
      Map<Long, byte[]> read = new TreeMap<>();
      Logs.readAll(log).forEach(e -> read.put(e.sequence(), e.body().toByteArray()));
      kept.tailMap(savedDoneEnd)
          .forEach((sequence, body) -> assertThat(read.get(sequence)).isEqualTo(body));
    }

    private void appendGroup(DurableLog log) {
      List<byte[]> bodies = new ArrayList<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        int size = random.nextInt(10) == 0 ? random.nextInt(30_000) : random.nextInt(1500);
        byte[] body = new byte[size];
        random.nextBytes(body);
        bodies.add(body);
      }
      for (byte[] body : bodies) {
        log.append(
            Signal.TRACES,
            1,
            List.of("label"),
            Slices.of(body),
            new RequestLog.Appended() {
              @Override
              public void stored(long sequence) {
                assertThat(kept.put(sequence, body)).isNull();
                acknowledged++;
              }

              @Override
              public void refused(Outcome.Refused why) {}
            });
      }
      if (random.nextInt(3) == 0) {
        log.writeWithoutForce();
      } else {
        log.writeNow();
      }
    }

    /** What an owner does: it remembers what is done, on disk, and then discards. */
    private void saveAndDiscard(DurableLog log, CursorFile cursor) {
      doneEnd = Math.max(doneEnd, log.end() - random.nextInt(20));
      try {
        if (doneEnd > 0) {
          cursor.save(Map.of("output", List.of(new long[] {0, doneEnd - 1})));
          savedDoneEnd = doneEnd;
        }
      } catch (IOException e) {
        return;
      }
      log.discard((first, last) -> last < savedDoneEnd);
    }

    /** Whatever happened, an intact machine finds everything that was acknowledged. */
    private void verify(SimulatedDisk found) throws IOException {
      List<DamagedRange> damaged = new ArrayList<>();
      LogListener listener =
          new LogListener() {
            @Override
            public void damaged(DamagedRange range) {
              damaged.add(range);
            }
          };
      DurableLog log = DurableLog.open(found, Logs.with(settings, listener));
      Map<Long, byte[]> read = new TreeMap<>();
      for (LogEntry entry : Logs.readAll(log)) {
        read.put(entry.sequence(), entry.body().toByteArray());
      }
      damaged.addAll(log.recovery().damaged());
      kept.forEach(
          (sequence, body) -> {
            if (sequence >= savedDoneEnd) {
              assertThat(read.get(sequence))
                  .as("entry " + sequence)
                  .hasSize(body.length)
                  .isEqualTo(body);
            }
            for (DamagedRange range : damaged) {
              assertThat(
                      sequence < range.first()
                          || sequence > range.last()
                          || sequence < savedDoneEnd)
                  .as("entry " + sequence + " is reported as damaged")
                  .isTrue();
            }
          });
      if (!kept.isEmpty()) {
        assertThat(log.end()).isGreaterThan(kept.lastKey());
      }
      List<long[]> done =
          CursorFile.on(found).load().getOrDefault("output", List.of(new long[] {0, -1}));
      assertThat(done.get(0)[1]).isBetween(savedDoneEnd - 1, doneEnd - 1);
      // A log accepts entries again, and numbers them after all that it has.
      assertThat(Logs.append(log, new byte[10]).stored).containsExactly(log.end() - 1);
      log.close();
    }
  }
}
