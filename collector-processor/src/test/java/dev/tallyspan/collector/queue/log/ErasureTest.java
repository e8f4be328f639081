package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErasureTest {

  private final SimulatedDisk disk = new SimulatedDisk();

  @Test
  void nothingOfAnErasedEntryIsLeft() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.withMemory(Logs.settings(), 1 << 20))) {
      append(log, "Ada asked", "Bob asked", "Ada asked again");

      assertThat(log.erase(0, 2, entry -> text(entry).startsWith("Ada"))).isEqualTo(2);

      assertThat(files()).doesNotContain("Ada").contains("Bob");
      assertThat(texts(log)).containsExactly("Bob asked");
    }
  }

  @Test
  void erasedEntriesStayErasedAndKeepTheirPlaces() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      append(log, "Bob asked", "Ada asked");
      log.erase(0, 1, entry -> text(entry).startsWith("Ada"));
    }
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      assertThat(log.recovery().damaged()).isEmpty();
      assertThat(log.recovery().torn()).isEmpty();
      assertThat(texts(log)).containsExactly("Bob asked");

      assertThat(Logs.append(log, Logs.utf8("Bob again")).stored).containsExactly(2L);

      assertThat(texts(log)).containsExactly("Bob asked", "Bob again");
    }
  }

  @Test
  void entriesOfEverySegmentAreErased() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      Logs.fill(log, 50, 1000);

      assertThat(log.erase(0, 49, entry -> entry.sequence() % 2 == 0)).isEqualTo(25);

      assertThat(Logs.readAll(log)).hasSize(25);
    }
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      assertThat(Logs.readAll(log)).hasSize(25).allMatch(entry -> entry.sequence() % 2 == 1);
      assertThat(log.recovery().damaged()).isEmpty();
    }
  }

  @Test
  void onlyEntriesInTheRangeAreLookedAt() throws Exception {
    try (DurableLog log = DurableLog.open(disk, Logs.settings())) {
      append(log, "a", "b", "c", "d");
      List<String> seen = new ArrayList<>();

      log.erase(1, 2, entry -> !seen.add(text(entry)));

      assertThat(seen).containsExactly("b", "c");
      assertThat(texts(log)).containsExactly("a", "b", "c", "d");
    }
  }

  @Test
  void encryptedEntriesAreErased() throws Exception {
    LogSettings settings = Logs.with(Logs.settings(), Logs.keys("a"));
    try (DurableLog log = DurableLog.open(disk, settings)) {
      append(log, "Ada asked", "Bob asked");
      byte[] before = disk.bytes(segment());
      log.erase(0, 1, entry -> text(entry).startsWith("Ada"));

      int payload = SegmentHeader.BYTES + RecordHeader.BYTES;
      int length = "Ada asked".length() + SegmentCipher.TAG_BYTES;
      assertThat(Arrays.copyOfRange(before, payload, payload + length))
          .isNotEqualTo(new byte[length]);
      assertThat(Arrays.copyOfRange(disk.bytes(segment()), payload, payload + length))
          .isEqualTo(new byte[length]);
    }
    try (DurableLog log = DurableLog.open(disk, settings)) {
      assertThat(texts(log)).containsExactly("Bob asked");
    }
  }

  @Test
  void readerThatIsInTheSegmentDoesNotTakeErasureForDamage() throws Exception {
    List<DamagedRange> damaged = new ArrayList<>();
    LogListener listener =
        new LogListener() {
          @Override
          public void damaged(DamagedRange range) {
            damaged.add(range);
          }
        };
    LogSettings settings = Logs.withSegments(Logs.with(Logs.settings(), listener), 512 << 10);
    try (DurableLog log = DurableLog.open(disk, settings)) {
      // The second is so large that its header is read ahead, and its payload is not.
      append(log, "first", "Ada asked ".repeat(10_000), "last");
      try (RequestLog.Reader reader = log.reader(0)) {
        assertThat(text(reader.next())).isEqualTo("first");

        log.erase(0, 2, entry -> text(entry).startsWith("Ada"));

        assertThat(text(reader.next())).isEqualTo("last");
        assertThat(damaged).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void erasureThatPowerLossCutsOffIsRepeated(int operations) throws Exception {
    DurableLog cutOff = DurableLog.open(disk, Logs.settings());
    append(cutOff, "Ada asked " + "x".repeat(2000), "Bob asked");
    disk.losePowerAfter(operations);
    try {
      cutOff.erase(0, 1, entry -> text(entry).startsWith("Ada"));
    } catch (SimulatedDisk.PowerLoss e) {
      // What the test is about; some numbers are beyond the last operation.
    }
    SimulatedDisk after = disk.crash(new Random(operations));
    try (DurableLog log = DurableLog.open(after, Logs.settings())) {
      log.erase(0, 1, entry -> text(entry).startsWith("Ada"));

      assertThat(texts(log)).containsExactly("Bob asked");
      assertThat(log.recovery().damaged()).isEmpty();
      assertThat(bytes(after)).doesNotContain("Ada");
    }
  }

  private static void append(DurableLog log, String... texts) {
    for (String text : texts) {
      assertThat(Logs.append(log, Logs.utf8(text)).stored).hasSize(1);
    }
  }

  private static String text(LogEntry entry) {
    return new String(entry.body().toByteArray(), StandardCharsets.UTF_8);
  }

  private static List<String> texts(DurableLog log) throws Exception {
    return Logs.readAll(log).stream().map(ErasureTest::text).toList();
  }

  private String segment() throws Exception {
    return disk.list().stream().filter(name -> SegmentName.parse(name) != null).findFirst().get();
  }

  private String files() throws Exception {
    return bytes(disk);
  }

  private static String bytes(SimulatedDisk disk) throws Exception {
    StringBuilder all = new StringBuilder();
    for (String file : disk.list()) {
      all.append(new String(disk.bytes(file), StandardCharsets.ISO_8859_1));
    }
    return all.toString();
  }
}
