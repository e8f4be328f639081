package dev.tallyspan.collector.queue.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A lock on a directory. The operating system releases it when the process ends in any way, so the
 * file {@code lock} stays, and says nothing by existing.
 */
final class DirectoryLock implements Closeable {

  static final String FILE = "lock";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  static DirectoryLock acquire(Path directory, FileAttribute<?>... attributes) throws IOException {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              directory.resolve(FILE), Set.<OpenOption>of(CREATE, READ, WRITE), attributes);
    } catch (FileSystemException e) {
      throw LocalDisk.notWritable(directory, e);
    }
    try {
      if (tryLock(channel) == null) {
        throw new IOException(
            directory
                + " is in use by "
                + owner(channel)
                + ": stop it, or choose another directory with --data");
      }
      channel.truncate(0);
      channel.write(US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
      return new DirectoryLock(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another log of this process
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    String pid = US_ASCII.decode(text.flip()).toString().strip();
    return pid.matches("[0-9]+") ? "process " + pid : "another process";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
