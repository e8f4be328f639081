package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class EncryptionTest {

  private static final String SECRET = "the patient's name is Ada";

  private final SimulatedDisk disk = new SimulatedDisk();

  private static LogSettings with(MasterKeys keys) {
    return Logs.with(Logs.settings(), keys);
  }

  private static void appendSecrets(DurableLog log, int count) {
    Logs.Results results = new Logs.Results();
    for (int i = 0; i < count; i++) {
      log.append(
          Signal.TRACES,
          1,
          List.of("label of Ada"),
          Slices.of(Logs.utf8(SECRET.repeat(20))),
          results);
    }
    log.writeNow();
    assertThat(results.stored).hasSize(count);
  }

  private static boolean containsText(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
  }

  @Test
  void noFileContainsPlainText() throws Exception {
    try (DurableLog log = DurableLog.open(disk, with(Logs.keys("a")))) {
      appendSecrets(log, 50);
      for (String file : disk.list()) {
        assertThat(containsText(disk.bytes(file), "Ada")).as(file).isFalse();
      }
      List<LogEntry> entries = Logs.readAll(log);
      assertThat(entries).hasSize(50);
      assertThat(entries.get(49).labels()).containsExactly("label of Ada");
      assertThat(entries.get(49).body().toByteArray()).isEqualTo(Logs.utf8(SECRET.repeat(20)));
    }
  }

  @Test
  void withoutKeysTheTextIsInTheFile() throws Exception {
    try (DurableLog log = DurableLog.open(disk, with(MasterKeys.NONE))) {
      appendSecrets(log, 1);
      assertThat(containsText(disk.bytes(disk.list().get(0)), SECRET)).isTrue();
    }
  }

  @Test
  void equalEntriesAreNotEqualOnDisk() throws Exception {
    try (DurableLog log = DurableLog.open(disk, with(Logs.keys("a")))) {
      appendSecrets(log, 2);
      byte[] bytes = disk.bytes(disk.list().get(0));
      int size = (int) RecordHeader.recordBytes(14 + SECRET.length() * 20L + 16);
      int payload = SegmentHeader.BYTES + RecordHeader.BYTES;
      assertThat(Arrays.copyOfRange(bytes, payload, payload + 64))
          .isNotEqualTo(Arrays.copyOfRange(bytes, payload + size, payload + size + 64));
    }
  }

  @Test
  void oldKeysStillReadAfterARotation() throws Exception {
    try (DurableLog log = DurableLog.open(disk, with(MasterKeys.NONE))) {
      Logs.fill(log, 2, 100);
    }
    try (DurableLog log = DurableLog.open(disk, with(Logs.keys("old")))) {
      Logs.fill(log, 2, 100);
    }
    try (DurableLog log = DurableLog.open(disk, with(Logs.keys("new", "old")))) {
      Logs.fill(log, 2, 100);
      assertThat(Logs.readAll(log)).hasSize(6);
      // Once nothing needs the old key any more, it can go.
      log.discard((first, last) -> last < 4);
    }
    try (DurableLog log = DurableLog.open(disk, with(Logs.keys("new")))) {
      assertThat(Logs.sequences(Logs.readAll(log))).containsExactly(4L, 5L);
    }
  }

  @Test
  void aMissingKeyIsNamed() throws Exception {
    try (DurableLog log = DurableLog.open(disk, with(Logs.keys("old")))) {
      Logs.fill(log, 1, 100);
    }
    for (MasterKeys keys : List.of(MasterKeys.NONE, Logs.keys("new"))) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> DurableLog.open(disk, with(keys)))
          .withMessage(
              "disk/0000000000000000000-0.segment is encrypted with the master key 'old',"
                  + " which is not configured");
    }
    byte[] other = new byte[32];
    MasterKeys sameName =
        MasterKeys.parse(List.of("old:" + Base64.getEncoder().encodeToString(other)));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> DurableLog.open(disk, with(sameName)))
        .withMessage(
            "disk/0000000000000000000-0.segment was encrypted with another master key"
                + " that was also named 'old'");
  }

  @Test
  void deletingASegmentDestroysItsKeyFirst() throws Exception {
    try (DurableLog log = DurableLog.open(disk, with(Logs.keys("a")))) {
      appendSecrets(log, 60);
      String file = disk.list().get(0);
      List<byte[]> atDeletion = new ArrayList<>();
      disk.faults(
          (operation, name) -> {
            if (operation == SimulatedDisk.Operation.DELETE && name.equals(file)) {
              atDeletion.add(disk.forcedBytes(file));
            }
            return Integer.MAX_VALUE;
          });
      log.discard((first, last) -> true);

      assertThat(disk.list()).doesNotContain(file);
      byte[] remains = atDeletion.get(0);
      assertThat(Arrays.copyOf(remains, SegmentHeader.BYTES))
          .isEqualTo(new byte[SegmentHeader.BYTES]);

      // If the machine stops before the deletion is on disk, the remains are of no use.
      SimulatedDisk found = new SimulatedDisk();
      found.put(file, remains);
      try (DurableLog again = DurableLog.open(found, with(Logs.keys("a")))) {
        assertThat(again.recovery().damaged()).isEmpty();
        assertThat(Logs.readAll(again)).isEmpty();
        assertThat(found.list()).doesNotContain(file);
      }
    }
  }

  @Test
  void aRecordHeaderThatWasChangedIsNotAccepted() throws Exception {
    try (DurableLog log = DurableLog.open(disk, with(Logs.keys("a")))) {
      Logs.fill(log, 3, 100);
    }
    // Change the items of the first record and make its checksum right again.
    String file = new SegmentName(0, 0).file();
    byte[] bytes = disk.bytes(file);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.putInt(SegmentHeader.BYTES + 36, 99);
    CRC32C crc = new CRC32C();
    crc.update(bytes, SegmentHeader.BYTES + 8, RecordHeader.BYTES - 8);
    buffer.putInt(SegmentHeader.BYTES + 4, (int) crc.getValue());
    disk.put(file, bytes);
    try (DurableLog log = DurableLog.open(disk, with(Logs.keys("a")))) {
      assertThat(Logs.sequences(Logs.readAll(log))).containsExactly(1L, 2L);
    }
  }

  @Test
  void linesThatAreNotKeysAreErrorsThatDoNotQuoteThem() {
    String key = Base64.getEncoder().encodeToString(new byte[32]);
    assertParseFails("line 1: expected id:base64, with an id of 1 to 64 bytes", key);
    assertParseFails("line 2: the key is not base64", "# comment", "a:s e c r e t");
    assertParseFails("line 1: the key has 3 bytes, must have 32", "a:AAAA");
    assertParseFails("line 3: this id occurs twice", "a:" + key, "", "a:" + key);
    assertParseFails("no key: expected a line with id:base64", "# none");
    assertThat(MasterKeys.parse(List.of(" k1 : " + key)).toString()).isEqualTo("MasterKeys[k1]");
  }

  private static void assertParseFails(String message, String... lines) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MasterKeys.parse(List.of(lines)))
        .withMessage(message);
  }
}
