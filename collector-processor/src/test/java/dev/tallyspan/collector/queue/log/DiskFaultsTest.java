package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.queue.log.SimulatedDisk.Operation;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A disk that is full, or that fails. */
@ExtendWith(SilentLogs.class)
class DiskFaultsTest {

  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<Health> changes = new ArrayList<>();
  private final LogSettings settings =
      Logs.with(
          Logs.settings(),
          new LogListener() {
            @Override
            public void healthChanged(Health health) {
              changes.add(health);
            }
          });

  private void fail(Operation operation, String message) {
    disk.faults(
        (tried, name) -> {
          if (tried == operation) {
            throw new IOException(message);
          }
          return Integer.MAX_VALUE;
        });
  }

  private void repair() {
    disk.faults(SimulatedDisk.Faults.NONE);
  }

  @Test
  void aFullDiskRefusesRetryablyUntilThereIsRoom() throws Exception {
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 1, 100);
      fail(Operation.WRITE, "No space left on device");
      Outcome.Refused refused = Logs.append(log, new byte[500]).refused.get(0);
      Logs.append(log, new byte[500]);

      assertThat(refused.code()).isEqualTo(StatusCode.UNAVAILABLE);
      assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(5));
      assertThat(log.health())
          .isEqualTo(new Health(false, "cannot write: No space left on device"));
      assertThat(log.end()).isEqualTo(1);

      repair();
      assertThat(Logs.append(log, Logs.body(1, 40)).stored).containsExactly(1L);
      assertThat(log.health().ok()).isTrue();
      assertThat(changes).hasSize(2);
      assertThat(log.segmentCount()).isEqualTo(1);
    }
    try (DurableLog log = DurableLog.open(disk, settings)) {
      assertThat(Logs.readAll(log)).hasSize(2);
      assertThat(log.recovery().torn()).isEmpty();
    }
  }

  @Test
  void aDiskThatWorksAgainIsNoticedWithoutARequest() throws Exception {
    try (DurableLog log = DurableLog.open(disk, settings)) {
      log.startThreads();
      fail(Operation.WRITE, "No space left on device");
      Logs.Results results = new Logs.Results();
      log.append(Signal.TRACES, 1, List.of(), Slices.of(new byte[100]), results);
      await().until(() -> !log.health().ok());

      repair();

      await().until(() -> log.health().ok());
      assertThat(log.end()).isZero();
    }
    try (DurableLog log = DurableLog.open(disk, settings)) {
      assertThat(log.recovery().torn()).isEmpty();
      assertThat(Logs.readAll(log)).isEmpty();
    }
  }

  @Test
  void aDiskWhoseForceWorksAgainIsNoticedWithoutARequest() throws Exception {
    try (DurableLog log = DurableLog.open(disk, settings)) {
      log.startThreads();
      fail(Operation.FORCE, "Input/output error");
      Logs.Results results = new Logs.Results();
      log.append(Signal.TRACES, 1, List.of(), Slices.of(new byte[100]), results);
      await().until(() -> !log.health().ok());

      repair();

      await().until(() -> log.health().ok());
    }
  }

  @Test
  void shortWritesAreCompleted() throws Exception {
    Random random = new Random(3);
    disk.faults(
        (operation, name) ->
            operation == Operation.WRITE || operation == Operation.READ
                ? 1 + random.nextInt(100)
                : Integer.MAX_VALUE);
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 20, 3000);
      List<LogEntry> entries = Logs.readAll(log);
      assertThat(entries).hasSize(20);
      for (LogEntry entry : entries) {
        assertThat(entry.body().toByteArray()).isEqualTo(Logs.body(entry.sequence(), 3000));
      }
    }
  }

  @Test
  void aFailedForceIsNotRepeatedOnTheSameFile() throws Exception {
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 2, 100);
      String first = disk.list().get(0);
      fail(Operation.FORCE, "Input/output error");
      assertThat(Logs.append(log, new byte[100]).refused.get(0).retryable()).isTrue();
      assertThat(log.health().reason()).contains("Input/output error");

      List<String> touched = new ArrayList<>();
      disk.faults(
          (operation, name) -> {
            if (operation == Operation.WRITE || operation == Operation.FORCE) {
              touched.add(name);
            }
            return Integer.MAX_VALUE;
          });
      assertThat(Logs.append(log, Logs.body(2, 100)).stored).containsExactly(2L);

      assertThat(touched).doesNotContain(first).isNotEmpty();
      assertThat(log.health().ok()).isTrue();
      assertThat(Logs.readAll(log)).hasSize(3);
    }
    try (DurableLog log = DurableLog.open(disk, settings)) {
      List<LogEntry> entries = Logs.readAll(log);
      assertThat(entries).hasSize(3);
      assertThat(entries.get(2).body().toByteArray()).isEqualTo(Logs.body(2, 100));
    }
  }

  @Test
  void aSegmentThatCannotBeCreatedRefusesAndLeavesNoHole() throws Exception {
    try (DurableLog log = DurableLog.open(disk, settings)) {
      fail(Operation.CREATE, "No space left on device");
      int refused = 0;
      for (int i = 0; i < 30; i++) {
        refused += Logs.append(log, Logs.body(log.end(), 1000)).refused.size();
      }
      assertThat(refused).isEqualTo(19);
      repair();
      Logs.fill(log, 1, 1000);
      assertThat(log.end()).isEqualTo(12);
      assertThat(Logs.readAll(log)).hasSize(12);
    }
  }

  @Test
  void whatIsStoredCanBeReadFromAFullDisk() throws Exception {
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 30, 1000);
    }
    fail(Operation.CREATE, "No space left on device");
    try (DurableLog log = DurableLog.open(disk, settings)) {
      assertThat(log.health().ok()).isFalse();
      assertThat(Logs.readAll(log)).hasSize(30);
      assertThat(Logs.append(log, new byte[1]).refused).hasSize(1);
      log.discard((first, last) -> true);
      repair();
      assertThat(Logs.append(log, new byte[1]).stored).containsExactly(30L);
      assertThat(log.health().ok()).isTrue();
    }
  }

  @Test
  void aReadErrorIsThrownAndTheSameEntryIsTriedAgain() throws Exception {
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 30, 1000);
      RequestLog.Reader reader = log.reader(0);
      assertThat(reader.next().sequence()).isZero();
      for (long next = 1; next < 30; next++) {
        disk.faults(
            (operation, name) -> {
              if (operation == Operation.READ || operation == Operation.OPEN) {
                throw new IOException("Input/output error");
              }
              return Integer.MAX_VALUE;
            });
        LogEntry entry = null;
        try {
          entry = reader.next(); // Some are in the reader's window.
        } catch (IOException e) {
          repair();
          entry = reader.next();
        }
        assertThat(entry.sequence()).isEqualTo(next);
      }
    }
  }

  @Test
  void aFileThatCannotBeDeletedIsTriedAgain() throws Exception {
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 30, 1000);
      int files = disk.list().size();
      fail(Operation.DELETE, "Input/output error");
      log.discard((first, last) -> true);
      assertThat(disk.list()).hasSize(files);
      assertThat(Logs.readAll(log)).allMatch(entry -> entry.sequence() >= log.start());

      repair();
      log.discard((first, last) -> true);
      assertThat(disk.list()).hasSize(1);
    }
  }

  @Test
  void aDiskThatCannotBeReadIsAnErrorAtStart() throws Exception {
    try (DurableLog log = DurableLog.open(disk, settings)) {
      Logs.fill(log, 3, 1000);
    }
    fail(Operation.READ, "Input/output error");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> DurableLog.open(disk, settings))
        .withMessage("Input/output error");
    repair();
    DurableLog.open(disk, settings).close(); // The lock was released.
  }
}
