package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tallyspan.collector.SilentLogs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SilentLogs.class)
class CursorFileTest {

  private final SimulatedDisk disk = new SimulatedDisk();
  private final CursorFile cursors = CursorFile.on(disk);

  private static Map<String, List<long[]>> done(long last) {
    Map<String, List<long[]>> done = new LinkedHashMap<>();
    done.put("otlp/größe", List.of(new long[] {0, last}, new long[] {last + 2, last + 7}));
    done.put("empty", List.of());
    return done;
  }

  private static void assertIs(Map<String, List<long[]>> loaded, long last) {
    assertThat(loaded.keySet()).containsExactly("otlp/größe", "empty");
    assertThat(loaded.get("otlp/größe"))
        .usingElementComparator(Arrays::compare)
        .containsExactly(new long[] {0, last}, new long[] {last + 2, last + 7});
    assertThat(loaded.get("empty")).isEmpty();
  }

  @Test
  void whatWasSavedIsLoaded() throws Exception {
    assertThat(cursors.load()).isEmpty();
    cursors.save(done(5));
    cursors.save(done(9));
    assertIs(CursorFile.on(disk).load(), 9);
    assertThat(disk.list()).containsExactly("cursors");
  }

  @Test
  void aFlippedBitAnywhereOrAMissingEndLoadsNothing() throws Exception {
    cursors.save(done(5));
    byte[] whole = disk.bytes("cursors");
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 16;
      disk.put("cursors", damaged);
      assertThat(cursors.load()).as("byte " + i).isEmpty();
      disk.put("cursors", Arrays.copyOf(whole, i));
      assertThat(cursors.load()).as("length " + i).isEmpty();
    }
  }

  @Test
  void aNewerVersionIsAnError() throws Exception {
    cursors.save(done(5));
    byte[] bytes = disk.bytes("cursors");
    ByteBuffer.wrap(bytes).putInt(4, 2);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
    disk.put("cursors", bytes);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(cursors::load)
        .withMessageStartingWith("disk/cursors was written by a newer version");
  }

  @Test
  void aPowerLossLeavesTheOldOrTheNewContent() throws Exception {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      SimulatedDisk machine = new SimulatedDisk();
      CursorFile.on(machine).save(done(1));
      machine.losePowerAfter(random.nextInt(8));
      boolean saved = false;
      try {
        CursorFile.on(machine).save(done(2));
        saved = true;
      } catch (SimulatedDisk.PowerLoss e) {
        // Expected in most rounds.
      }
      Map<String, List<long[]>> loaded = CursorFile.on(machine.crash(random)).load();
      assertThat(loaded).as("seed " + seed).isNotEmpty();
      long last = loaded.get("otlp/größe").get(0)[1];
      assertThat(last).isIn(saved ? List.of(2L) : List.of(1L, 2L));
    }
  }
}
