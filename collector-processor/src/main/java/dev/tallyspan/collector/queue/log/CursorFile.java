package dev.tallyspan.collector.queue.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which entries of a log each output is done with, in the file {@code cursors} of the log's
 * directory. Without the file, everything is delivered again: that makes duplicates, but loses
 * nothing. The file {@code .erase} beside it says which entries are to be erased when they are
 * done. Used by one thread at a time.
 */
public final class CursorFile {
  /*
   * int magic, int version, int outputs; for each: UTF with its length, int ranges, two longs for
   * each range (first and last, inclusive); int CRC32C of everything before.
   */

  static final String FILE = "cursors";
  static final String TEMPORARY = "cursors.tmp";

  /** With a dot, because versions that do not know the file refuse other names. */
  private static final String ERASURES = ".erase";

  private static final Logger LOGGER = System.getLogger(CursorFile.class.getName());

  private static final int MAGIC = 0x5453_4355;
  private static final int VERSION = 1;
  private static final int MIN_BYTES = 16;
  private static final int MAX_BYTES = 256 << 20;

  private final Disk disk;
  private final String name;
  private final String temporary;
  private final String withoutIt;

  private CursorFile(Disk disk, String name, String temporary, String withoutIt) {
    this.disk = disk;
    this.name = name;
    this.temporary = temporary;
    this.withoutIt = withoutIt;
  }

  /**
   * @param directory that of the log, which is open
   */
  public static CursorFile in(Path directory) throws IOException {
    return on(LocalDisk.create(directory));
  }

  /**
   * The entries that are to be erased when they are done.
   *
   * @param directory that of the log, which is open
   */
  public static CursorFile erasures(Path directory) throws IOException {
    return new CursorFile(
        LocalDisk.create(directory),
        ERASURES,
        ERASURES + ".tmp",
        "what was to be removed when it is delivered stays; remove it again");
  }

  static CursorFile on(Disk disk) {
    return new CursorFile(
        disk, FILE, TEMPORARY, "everything that is still in the queue is delivered again");
  }

  /**
   * Returns for each output the ranges of the sequences that are done, as pairs of the first and
   * the last, inclusive and ascending. The map is empty if there is no file, or if it is damaged,
   * which is logged. Remove sequences that are not less than {@link RequestLog#end}: they may be
   * given to new entries.
   *
   * @throws IOException if the disk cannot be read, or the file is of a newer version
   */
  public Map<String, List<long[]>> load() throws IOException {
    byte[] bytes = read();
    if (bytes == null) {
      return Map.of();
    }
    if (!isValid(bytes)) {
      LOGGER.log(Level.WARNING, "{0}/{1} is damaged: {2}", disk.directory(), name, withoutIt);
      return Map.of();
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 4, bytes.length - 8));
    int version = in.readInt();
    if (version > VERSION) {
      throw new IOException(
          disk.directory()
              + "/"
              + name
              + " was written by a newer version: it has format "
              + version
              + ", this version reads formats up to "
              + VERSION);
    }
    Map<String, List<long[]>> done = new LinkedHashMap<>();
    for (int outputs = in.readInt(); outputs > 0; outputs--) {
      String output = in.readUTF();
      List<long[]> ranges = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        ranges.add(new long[] {in.readLong(), in.readLong()});
      }
      done.put(output, ranges);
    }
    return done;
  }

  /**
   * Replaces the file. When this returns, the new content survives a power loss; if it throws, the
   * previous content does, or the new one.
   *
   * @param done as {@link #load} returns it
   */
  public void save(Map<String, List<long[]>> done) throws IOException {
    byte[] bytes = encode(done);
    disk.delete(temporary);
    try (DiskFile file = disk.create(temporary)) {
      file.writeFully(ByteBuffer.wrap(bytes), 0);
      file.force(true);
    }
    disk.rename(temporary, name);
    disk.forceDirectory();
  }

  private static byte[] encode(Map<String, List<long[]>> done) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(done.size());
    for (Map.Entry<String, List<long[]>> output : done.entrySet()) {
      out.writeUTF(output.getKey());
      out.writeInt(output.getValue().size());
      for (long[] range : output.getValue()) {
        out.writeLong(range[0]);
        out.writeLong(range[1]);
      }
    }
    out.writeInt(crc(bytes.toByteArray(), bytes.size()));
    return bytes.toByteArray();
  }

  private byte @Nullable [] read() throws IOException {
    try (DiskFile file = disk.openForReading(name)) {
      byte[] bytes = new byte[(int) Math.min(file.length(), MAX_BYTES)];
      file.readFully(ByteBuffer.wrap(bytes), 0);
      return bytes;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static boolean isValid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int crcAt = bytes.length - Integer.BYTES;
    return bytes.length >= MIN_BYTES
        && buffer.getInt(0) == MAGIC
        && buffer.getInt(crcAt) == crc(bytes, crcAt);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
