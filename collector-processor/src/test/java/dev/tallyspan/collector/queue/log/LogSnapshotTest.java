package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Reading a log that is in use. */
class LogSnapshotTest {

  private final SimulatedDisk disk = new SimulatedDisk();

  @Test
  void showsWhatIsStoredAndChangesNothing() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.fill(log, 30, 1000);
      Map<String, byte[]> before = files();

      LogSnapshot snapshot = LogSnapshot.open(disk, MasterKeys.NONE);

      assertThat(snapshot.start()).isZero();
      assertThat(snapshot.end()).isEqualTo(30);
      assertThat(snapshot.recovery().entries()).isEqualTo(30);
      assertThat(snapshot.recovery().torn()).isEmpty();
      List<LogEntry> entries = Logs.read(snapshot.reader(7));
      assertThat(Logs.sequences(entries)).isEqualTo(LongStream.range(7, 30).boxed().toList());
      assertThat(entries.get(0).body().toByteArray()).isEqualTo(Logs.body(7, 1000));
      assertThat(files())
          .allSatisfy((name, bytes) -> assertThat(bytes).isEqualTo(before.get(name)))
          .hasSameSizeAs(before);

      Logs.fill(log, 1, 1000);
      assertThat(Logs.read(snapshot.reader(0))).hasSize(30);
    }
  }

  private Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    disk.list().forEach(name -> files.put(name, disk.bytes(name)));
    return files;
  }

  @Test
  void segmentsThatTheLogDeletesInTheMeantimeAreSkipped() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.fill(log, 30, 1000);
      LogSnapshot snapshot = LogSnapshot.open(disk, MasterKeys.NONE);
      RequestLog.Reader reader = snapshot.reader(0);
      assertThat(reader.next().sequence()).isZero();
      log.discard((first, last) -> last < 22);

      List<Long> rest = Logs.sequences(Logs.read(reader));
      assertThat(rest).endsWith(22L, 23L, 24L, 25L, 26L, 27L, 28L, 29L);
      assertThat(Logs.sequences(Logs.read(snapshot.reader(0)))).startsWith(22L);
    }
  }

  @Test
  void aWriteInProgressIsNotVisible() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.fill(log, 3, 1000);
      SimulatedDisk writing = disk.copy();
      String file = writing.list().get(0);
      byte[] bytes = writing.bytes(file);
      Arrays.fill(bytes, SegmentHeader.BYTES + 2 * 1056 + 600, bytes.length, (byte) 0);
      writing.put(file, bytes);

      LogSnapshot snapshot = LogSnapshot.open(writing, MasterKeys.NONE);
      assertThat(Logs.read(snapshot.reader(0))).hasSize(2);
      assertThat(writing.bytes(file)).isEqualTo(bytes);
    }
  }

  @Test
  void anEncryptedLogIsReadWithItsKeys() throws Exception {
    MasterKeys keys = Logs.keys("a");
    try (DurableLog log = DurableLog.open(disk, Logs.with(Logs.settings(), keys))) {
      Logs.fill(log, 3, 100);
      assertThat(Logs.read(LogSnapshot.open(disk, keys).reader(0))).hasSize(3);
    }
  }
}
