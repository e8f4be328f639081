package dev.tallyspan.collector.queue.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a directory must be like, and what the user is told if it is not. */
class OpeningTest {

  @TempDir Path temporary;

  private Path directory() {
    return temporary.resolve("data").resolve("queue");
  }

  private DurableLog open() throws IOException {
    return DurableLog.builder(directory()).segmentBytes(64 << 10).neighbour("dead/").open();
  }

  private void assertRefused(String message) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(this::open)
        .withMessage(message.replace("DIR", directory().toString()));
  }

  @Test
  void directoriesAndFilesAreForThisUserOnly() throws Exception {
    assumeThat(temporary.getFileSystem().supportedFileAttributeViews()).contains("posix");
    try (DurableLog log = open()) {
      CursorFile.in(directory()).save(Map.of());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
          .isEqualTo("rwx------");
      assertThat(log.segmentCount()).isEqualTo(1);
      try (var files = Files.list(directory())) {
        List<Path> all = files.toList();
        assertThat(all).hasSize(3);
        for (Path file : all) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(file.toString())
              .isEqualTo("rw-------");
        }
      }
    }
  }

  @Test
  void aSecondLogInTheSameProcessIsRefused() throws Exception {
    try (DurableLog log = open()) {
      assertThat(log.health().ok()).isTrue();
      assertRefused(
          "DIR is in use by process "
              + ProcessHandle.current().pid()
              + ": stop it, or choose another directory with --data");
    }
    open().close();
  }

  @Test
  @Timeout(180)
  void aSecondProcessIsRefusedUntilTheFirstOneEnds() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                directory().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      assertThat(out.readLine()).isEqualTo("open");
      assertRefused(
          "DIR is in use by process "
              + process.pid()
              + ": stop it, or choose another directory with --data");
    } finally {
      process.destroyForcibly();
      process.waitFor(30, TimeUnit.SECONDS);
    }
    open().close();
  }

  /** Holds a log open until it is killed. */
  static final class Holder {

    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      DurableLog log = DurableLog.builder(Path.of(arguments[0])).open();
      System.out.println(log.health().ok() ? "open" : "not healthy");
      Thread.currentThread().join();
    }
  }

  @Test
  void aForeignFileIsNamed() throws Exception {
    Files.createDirectories(directory().resolve("dead"));
    Files.createDirectories(directory().resolve("lost+found"));
    Files.writeString(directory().resolve(".hidden"), "");
    open().close();
    Files.writeString(directory().resolve("notes.txt"), "");
    assertRefused(
        "DIR contains notes.txt, which is not part of a queue:"
            + " choose another directory with --data");
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsAnError() throws Exception {
    Files.createDirectories(temporary.resolve("data"));
    Files.writeString(directory(), "");
    assertRefused("DIR is not a directory");
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsAnError() throws Exception {
    Files.createDirectories(directory());
    Files.setPosixFilePermissions(directory(), PosixFilePermissions.fromString("r-x------"));
    assumeThat(Files.isWritable(directory())).as("runs as root").isFalse();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(this::open)
        .withMessageStartingWith(directory() + " cannot be written: ");
  }

  @Test
  void aSegmentOfANewerVersionIsAnError() throws Exception {
    open().close();
    Path segment = directory().resolve(new SegmentName(0, 0).file());
    byte[] bytes = Files.readAllBytes(segment);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.putInt(8, 2);
    int content = buffer.getInt(12);
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 16 + content);
    buffer.putInt(16 + content, (int) crc.getValue());
    Files.write(segment, bytes);
    assertRefused(
        "DIR/0000000000000000000-0.segment was written by a newer version:"
            + " it has format 2, this version reads formats up to 1");
  }

  @Test
  void aRenamedSegmentIsAnError() throws Exception {
    open().close();
    Files.move(
        directory().resolve(new SegmentName(0, 0).file()),
        directory().resolve(new SegmentName(7, 0).file()));
    assertRefused("DIR/0000000000000000007-0.segment has been renamed: restore its name");
  }

  @Test
  void aReadOnlyLogNeedsADirectory() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> DurableLog.openReadOnly(directory(), MasterKeys.NONE))
        .withMessage(directory() + " is not a directory");
  }

  @Test
  void settingsThatCannotWorkAreRefusedImmediately() {
    DurableLogBuilder builder = DurableLog.builder(directory());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.segmentBytes(100))
        .withMessage("segmentBytes=100: must be at least 65536");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.maxBytes(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.memoryBytes(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Retention(Duration.ZERO, -1));
  }
}
