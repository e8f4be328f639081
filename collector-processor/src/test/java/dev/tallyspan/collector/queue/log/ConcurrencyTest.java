package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.queue.log.SimulatedDisk.Operation;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The log's own threads, with several that append, read and discard, on a disk that fails. */
@ExtendWith(SilentLogs.class)
class ConcurrencyTest {

  private static final int ROUNDS = Math.max(10, Integer.getInteger("queue.schedules", 0) / 20);
  private static final int APPENDERS = 3;
  private static final int REQUESTS = 300;

  @Test
  @Timeout(600)
  void everyAppendIsAnsweredOnceAndWhatIsStoredIsReadOnceInOrder() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      new Round(round).run();
    }
  }

  private static final class Round {

    private final Random random;
    private final SimulatedDisk disk = new SimulatedDisk();
    private final DurableLog log;
    private final Map<Long, Integer> stored = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicBoolean appending = new AtomicBoolean(true);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Round(int number) throws IOException {
      random = new Random(number);
      LogSettings settings =
          Logs.withMax(Logs.withMemory(Logs.settings(), number % 2 * 5000L), 100 << 20, false);
      log = DurableLog.open(disk, settings);
      log.startThreads();
      Random faults = new Random(number);
      disk.faults(
          (operation, name) -> {
            boolean canFail =
                operation == Operation.WRITE
                    || operation == Operation.FORCE
                    || operation == Operation.CREATE
                    || operation == Operation.SET_LENGTH;
            if (canFail && faults.nextInt(30) == 0) {
              throw new IOException("Input/output error");
            }
            return operation == Operation.WRITE && faults.nextInt(5) == 0
                ? 1 + faults.nextInt(2000)
                : Integer.MAX_VALUE;
          });
    }

    void run() throws Exception {
      List<Thread> appenders = new ArrayList<>();
      for (int i = 0; i < APPENDERS; i++) {
        appenders.add(start(this::append));
      }
      List<Thread> others = List.of(start(this::read), start(this::read), start(this::discard));
      for (Thread appender : appenders) {
        appender.join();
      }
      appending.set(false);
      for (Thread other : others) {
        other.join();
      }
      log.close();
      assertThat(failure.get()).isNull();
      assertThat(stored.size() + refused.get()).isEqualTo(APPENDERS * REQUESTS);

      // Neither a crash nor a power loss takes anything of what is still needed.
      for (SimulatedDisk found : List.of(disk.copy(), disk.crash(random))) {
        try (DurableLog again = DurableLog.open(found, Logs.settings())) {
          Map<Long, LogEntry> entries = new HashMap<>();
          Logs.readAll(again).forEach(entry -> entries.put(entry.sequence(), entry));
          stored.forEach(
              (sequence, id) -> {
                if (sequence >= needed()) {
                  assertThat(entries.get(sequence).body().toByteArray()).isEqualTo(body(id));
                }
              });
        }
      }
    }

    private long needed() {
      return APPENDERS * REQUESTS / 4;
    }

    private Thread start(Throwing work) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  work.run();
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              });
      thread.start();
      return thread;
    }

    private static byte[] body(int id) {
      return Logs.body(id, id % 7 == 0 ? 5000 : 200);
    }

    private void append() throws Exception {
      int first = System.identityHashCode(Thread.currentThread());
      Semaphore underWay = new Semaphore(8);
      for (int i = 0; i < REQUESTS; i++) {
        int id = first + i;
        underWay.acquire();
        log.append(
            Signal.TRACES,
            1,
            List.of(),
            Slices.of(body(id)),
            new RequestLog.Appended() {
              @Override
              public void stored(long sequence) {
                if (stored.put(sequence, id) != null) {
                  failure.set(new AssertionError("sequence " + sequence + " was given twice"));
                }
                underWay.release();
              }

              @Override
              public void refused(Outcome.Refused why) {
                if (!why.retryable()) {
                  failure.set(new AssertionError(why.message()));
                }
                refused.incrementAndGet();
                underWay.release();
              }
            });
      }
      underWay.acquire(8);
    }

    private void read() throws Exception {
      try (RequestLog.Reader reader = log.reader(0)) {
        long last = -1;
        boolean more = true;
        while (more) {
          more = appending.get(); // Read once more after the last append.
          for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
            assertThat(entry.sequence()).isGreaterThan(last);
            if (entry.sequence() > needed()) {
              assertThat(entry.sequence()).isEqualTo(Math.max(last, needed()) + 1);
            }
            last = entry.sequence();
            Integer id = stored.get(last);
            if (id != null) {
              assertThat(entry.body().toByteArray()).isEqualTo(body(id));
            }
          }
        }
        assertThat(last).isEqualTo(log.end() - 1);
      }
    }

    private void discard() {
      while (appending.get()) {
        log.discard((first, last) -> last < needed());
      }
    }
  }

  @FunctionalInterface
  private interface Throwing {

    void run() throws Exception;
  }
}
