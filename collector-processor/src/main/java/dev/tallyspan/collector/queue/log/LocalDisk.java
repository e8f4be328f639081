package dev.tallyspan.collector.queue.log;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A directory of the file system. */
final class LocalDisk implements Disk {

  private static final Set<PosixFilePermission> OWNER_FILE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  // A read or write of a heap buffer takes a direct buffer of its size, which the JDK keeps for
  // each
  // thread. This limits that size.
  private static final int CHUNK = 256 << 10;

  private final Path directory;
  private final FileAttribute<?>[] fileAttributes;

  private LocalDisk(Path directory, boolean posix) {
    this.directory = directory;
    fileAttributes =
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_FILE)}
            : new FileAttribute<?>[0];
  }

  /** Creates the directory if it does not exist, with access for this user only. */
  static LocalDisk create(Path directory) throws IOException {
    try {
      if (!Files.isDirectory(directory)) {
        createPrivate(directory.toAbsolutePath());
      }
      FileStore store = Files.getFileStore(directory);
      return new LocalDisk(
          directory, store.supportsFileAttributeView(PosixFileAttributeView.class));
    } catch (FileAlreadyExistsException e) {
      throw new IOException(directory + " is not a directory", e);
    } catch (FileSystemException e) {
      throw notWritable(directory, e);
    }
  }

  /** Opens a directory that exists. */
  static LocalDisk existing(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(directory + " is not a directory");
    }
    return new LocalDisk(directory, /* posix= */ false);
  }

  private static void createPrivate(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null && !Files.exists(parent)) {
      createPrivate(parent);
    }
    Files.createDirectory(directory);
    PosixFileAttributeView view =
        Files.getFileAttributeView(directory, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(OWNER_DIRECTORY);
    }
    if (parent != null) {
      forceDirectory(parent);
    }
  }

  static IOException notWritable(Path directory, FileSystemException cause) {
    String reason = cause.getReason();
    return new IOException(
        directory
            + " cannot be written: "
            + (reason == null ? cause.getClass().getSimpleName() : reason),
        cause);
  }

  @Override
  public String directory() {
    return directory.toString();
  }

  @Override
  public Closeable lock() throws IOException {
    return DirectoryLock.acquire(directory, fileAttributes);
  }

  @Override
  public List<String> list() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(file -> names.add(file.getFileName() + (Files.isDirectory(file) ? "/" : "")));
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
    return names;
  }

  @Override
  public DiskFile create(String name) throws IOException {
    return new LocalFile(
        FileChannel.open(
            directory.resolve(name), Set.<OpenOption>of(CREATE_NEW, READ, WRITE), fileAttributes));
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new LocalFile(FileChannel.open(directory.resolve(name), READ, WRITE));
  }

  @Override
  public DiskFile openForReading(String name) throws IOException {
    return new LocalFile(FileChannel.open(directory.resolve(name), READ));
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        directory.resolve(from),
        directory.resolve(to),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public long usableBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  @Override
  public void forceDirectory() throws IOException {
    forceDirectory(directory);
  }

  private static void forceDirectory(Path directory) throws IOException {
    if (File.separatorChar == '\\') {
      return; // Windows does not open directories, and writes their changes through.
    }
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  private record LocalFile(FileChannel channel) implements DiskFile {

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      if (source.isDirect() || source.remaining() <= CHUNK) {
        return channel.write(source, position);
      }
      ByteBuffer chunk = source.slice().limit(CHUNK);
      int written = channel.write(chunk, position);
      source.position(source.position() + written);
      return written;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      if (target.isDirect() || target.remaining() <= CHUNK) {
        return channel.read(target, position);
      }
      ByteBuffer chunk = target.slice().limit(CHUNK);
      int read = channel.read(chunk, position);
      target.position(target.position() + Math.max(read, 0));
      return read;
    }

    @Override
    public void force(boolean metadata) throws IOException {
      channel.force(metadata);
    }

    @Override
    public long length() throws IOException {
      return channel.size();
    }

    @Override
    public void setLength(long length) throws IOException {
      long now = channel.size();
      if (length < now) {
        channel.truncate(length);
      } else if (length > now) {
        writeFully(ByteBuffer.allocate(1), length - 1);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
