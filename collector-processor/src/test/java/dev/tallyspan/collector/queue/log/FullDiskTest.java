package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tallyspan.collector.SilentLogs;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A file system that is really full. Needs the right to mount one. */
@ExtendWith(SilentLogs.class)
class FullDiskTest {

  @Test
  @Timeout(180)
  void refusesAndKeepsWhatIsStoredAndGoesOnWhenThereIsRoom(@TempDir Path temporary)
      throws Exception {
    Path mountPoint = Files.createDirectory(temporary.resolve("disk"));
    String point = mountPoint.toString();
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tallyspan-test", point));
    try {
      long stored = fillDisk(mountPoint);
      try (DurableLog log = open(mountPoint)) {
        assertThat(log.end()).isEqualTo(stored);
        assertThat(log.recovery().damaged()).isEmpty();
        assertThat(Logs.readAll(log)).hasSize((int) (stored - log.start()));
      }
    } finally {
      assertThat(run("umount", point)).isTrue();
    }
  }

  private static long fillDisk(Path directory) throws IOException {
    try (DurableLog log = open(directory)) {
      Logs.Results results = new Logs.Results();
      while (results.refused.isEmpty()) {
        append(log, results);
      }
      assertThat(results.refused.get(0).retryable()).isTrue();
      assertThat(log.health().ok()).isFalse();
      assertThat(log.health().reason()).contains("No space left on device");
      assertThat(results.stored).hasSizeGreaterThan(50);
      long full = results.stored.size();
      assertThat(Logs.readAll(log)).hasSize((int) full);

      log.discard((first, last) -> last < 20);
      append(log, results);
      assertThat(results.stored).hasSize((int) full + 1);
      assertThat(log.health().ok()).isTrue();
      assertThat(log.start()).isPositive();
      return log.end();
    }
  }

  private static void append(DurableLog log, Logs.Results results) {
    log.append(Signal.TRACES, 1, List.of(), Slices.of(Logs.body(log.end(), 10_000)), results);
    log.writeNow();
  }

  private static DurableLog open(Path directory) throws IOException {
    LogSettings settings = Logs.withMax(Logs.settings(), 100 << 20, /* dropOldest= */ false);
    return DurableLog.open(
        LocalDisk.create(directory), Logs.withSegments(settings, /* segmentBytes= */ 200_000));
  }

  private static boolean run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
