package dev.tallyspan.collector.queue.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * One directory of a disk: everything that the log asks of a file system. Names are those of files
 * in the directory. Thread-safe.
 *
 * <p>The contract is the weak one of POSIX. What was written to a file is kept after a power loss
 * only once {@link DiskFile#force} has returned, and until then in any part and any order. A new, a
 * deleted or a renamed name is kept only once {@link #forceDirectory} has returned.
 */
interface Disk {

  /** The directory, for messages. */
  String directory();

  /**
   * Claims the directory for this process until the result is closed.
   *
   * @throws IOException if another process, or another log of this process, has claimed it
   */
  Closeable lock() throws IOException;

  /** The names in the directory, in no particular order. The names of directories end with "/". */
  List<String> list() throws IOException;

  /** Creates an empty file that only this user can read, and opens it for reading and writing. */
  DiskFile create(String name) throws IOException;

  /** Opens an existing file for reading and writing. */
  DiskFile open(String name) throws IOException;

  /**
   * Opens an existing file for reading.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such file
   */
  DiskFile openForReading(String name) throws IOException;

  /** Deletes a file. Has no effect if there is no such file. */
  void delete(String name) throws IOException;

  /** Renames a file atomically, and replaces the file that had the new name. */
  void rename(String from, String to) throws IOException;

  /** How many more bytes fit on the disk, as far as is known. */
  default long usableBytes() throws IOException {
    return Long.MAX_VALUE;
  }

  /** Returns when the names of the directory are as durable as the disk can make them. */
  void forceDirectory() throws IOException;
}
