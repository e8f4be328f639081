package dev.tallyspan.collector.output.file;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.output.file.FileSettings.Rotation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file to which records are appended, each as a whole or not at all. Used by one thread at a
 * time.
 */
final class RecordFile implements Closeable {

  /*
   * A record is acknowledged when the operating system has it, so what a crash of this process can
   * leave behind is half a record that nobody counts on. A file that is continued must not let the
   * next record become a part of it: in a file of lines, the half line is ended; in a file of
   * lengths, where the half record cannot be told from a file of another format, the file is renamed
   * as by a rotation, and a new one is started. After a write that fails, for example because the
   * disk is full, the file is cut back to its last whole record.
   */

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final int LENGTH_BYTES = 4;

  private final FileSettings settings;
  private final Backups backups;

  /** Null while the file could not be opened. */
  private @Nullable FileChannel channel;

  private long size;
  private boolean opened;

  RecordFile(FileSettings settings, InstantSource clock) {
    this.settings = settings;
    Rotation rotation = settings.rotation();
    backups = new Backups(settings.path(), rotation == null ? Rotation.DEFAULT : rotation, clock);
  }

  /**
   * Opens the file.
   *
   * @throws IOException if it cannot be written
   */
  void open() throws IOException {
    Path directory = requireNonNull(settings.path().toAbsolutePath().getParent());
    if (settings.createDirectory() && !opened && !Files.isDirectory(directory)) {
      createDirectories(directory);
    }
    // Once it was emptied, what it holds is what this exporter wrote.
    boolean continues = settings.continues() || opened;
    FileChannel file = open(continues);
    if (continues && settings.isPrefixed() && !endsWithARecord(file)) {
      file.close();
      backups.add();
      file = open(continues);
    }
    channel = file;
    size = file.size();
    file.position(size);
    opened = true;
    if (size > 0 && !settings.isPrefixed() && lastByte(file) != '\n') {
      append(new byte[] {'\n'});
    }
    if (settings.rotation() != null) {
      backups.deleteOld();
    }
  }

  private FileChannel open(boolean continues) throws IOException {
    Path path = settings.path();
    try {
      FileAttribute<?>[] attributes =
          isPosix(path)
              ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
              : new FileAttribute<?>[0];
      Files.createFile(path, attributes);
    } catch (FileAlreadyExistsException e) {
      // It is continued or emptied.
    }
    Set<OpenOption> options =
        continues
            ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
            : Set.of(
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
    return FileChannel.open(path, options);
  }

  private void createDirectories(Path directory) throws IOException {
    if (isPosix(directory)) {
      Set<PosixFilePermission> permissions = permissions(settings.directoryPermissions());
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(permissions));
    } else {
      Files.createDirectories(directory);
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    PosixFilePermission[] all = PosixFilePermission.values(); // from the owner's read on
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) {
      if ((mode & 1 << (all.length - 1 - i)) != 0) {
        permissions.add(all[i]);
      }
    }
    return permissions;
  }

  private static byte lastByte(FileChannel file) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    file.read(last, file.size() - 1);
    return last.get(0);
  }

  /** Whether the lengths lead to the end of the file. */
  private static boolean endsWithARecord(FileChannel file) throws IOException {
    long end = file.size();
    long at = 0;
    ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES);
    while (at < end) {
      length.clear();
      if (file.read(length, at) < LENGTH_BYTES) {
        return false;
      }
      at += LENGTH_BYTES + Integer.toUnsignedLong(length.getInt(0));
    }
    return at == end;
  }

  /**
   * Appends a record. When this returns, the operating system has it.
   *
   * @throws IOException if the record was not written; the file is as before, or is opened again by
   *     the next call
   */
  void append(byte[] record) throws IOException {
    if (channel == null) {
      open();
    }
    Rotation rotation = settings.rotation();
    if (rotation != null && size > 0 && size + record.length > rotation.maxBytes()) {
      rotate();
    }
    FileChannel file = opened();
    try {
      ByteBuffer left = ByteBuffer.wrap(record);
      while (left.hasRemaining()) {
        file.write(left);
      }
      size += record.length;
    } catch (IOException e) {
      cutBack(file);
      throw e;
    }
  }

  private void cutBack(FileChannel file) {
    try {
      file.truncate(size);
      file.position(size);
    } catch (IOException e) {
      closeQuietly();
    }
  }

  private FileChannel opened() throws IOException {
    if (channel == null) {
      throw new IOException("the file is not open");
    }
    return channel;
  }

  private void rotate() throws IOException {
    close();
    backups.add();
    open();
  }

  private void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      channel = null;
    }
  }

  /** Closes the file after the disk has it. Appending opens it again. */
  @Override
  public void close() throws IOException {
    FileChannel file = channel;
    channel = null;
    if (file != null) {
      try (file) {
        file.force(/* metaData= */ false);
      }
    }
  }
}
