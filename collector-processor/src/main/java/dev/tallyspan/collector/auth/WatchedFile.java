package dev.tallyspan.collector.auth;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What a small file of credentials holds, read again when the time or the size of the file changes.
 *
 * <p>No thread watches the file. It is checked when the content is requested, at most once per
 * second, so a change takes effect after a second at most. A version that cannot be read or parsed
 * is logged once, without its content, and the previous one stays in use.
 *
 * <p>Thread-safe: one thread reads the file, while the others get the previous content.
 */
public final class WatchedFile<T> {

  private static final Logger LOGGER = System.getLogger(WatchedFile.class.getName());

  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

  private static final int MAX_BYTES = 1 << 20;

  /** The version of a file; size -1 = it cannot be read. */
  private record Version(FileTime modified, long size) {
    static final Version UNREADABLE = new Version(FileTime.fromMillis(0), -1);
  }

  private final Path file;
  private final Function<String, T> parse;
  private final LongSupplier nanoTime;
  private final AtomicBoolean checking = new AtomicBoolean();
  private volatile T current;

  // Used only while checking.
  private volatile long checkedAt;
  private Version version;

  /**
   * Reads the file.
   *
   * @param parse converts the content; throws IllegalArgumentException with a message that does not
   *     quote it
   * @throws IllegalArgumentException if the file cannot be read or parsed
   */
  public WatchedFile(Path file, Function<String, T> parse, LongSupplier nanoTime) {
    this.file = file;
    this.parse = parse;
    this.nanoTime = nanoTime;
    checkedAt = nanoTime.getAsLong();
    try {
      version = version();
      current = parse.apply(content());
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** Returns the content of the newest version that is valid. */
  public T current() {
    long now = nanoTime.getAsLong();
    if (now - checkedAt >= INTERVAL && checking.compareAndSet(false, true)) {
      try {
        check();
      } finally {
        checkedAt = now;
        checking.set(false);
      }
    }
    return current;
  }

  private void check() {
    Version before = version;
    try {
      version = version();
      if (!version.equals(before)) {
        current = parse.apply(content());
        LOGGER.log(Level.INFO, "{0}: the new version is in use", file);
      }
    } catch (IOException e) {
      version = Version.UNREADABLE;
      if (!before.equals(version)) {
        LOGGER.log(Level.WARNING, "{0}: cannot be read; the previous version stays in use", file);
      }
    } catch (IllegalArgumentException e) {
      LOGGER.log(
          Level.WARNING, "{0}: {1}; the previous version stays in use", file, e.getMessage());
    }
  }

  private Version version() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Version(attributes.lastModifiedTime(), attributes.size());
  }

  private String content() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException("is larger than 1 MiB");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
