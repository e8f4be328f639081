package dev.tallyspan.collector.queue.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A disk in memory that keeps no more than POSIX promises: after {@link #crash}, any part of what
 * was not forced is lost, in any order, down to single sectors and names. A test can let operations
 * fail. Thread-safe.
 */
final class SimulatedDisk implements Disk {

  /** The machine has no power. */
  static final class PowerLoss extends Error {}

  enum Operation {
    CREATE,
    OPEN,
    DELETE,
    RENAME,
    FORCE_DIRECTORY,
    WRITE,
    READ,
    FORCE,
    SET_LENGTH
  }

  /** Decides how operations end. */
  interface Faults {

    Faults NONE = (operation, name) -> Integer.MAX_VALUE;

    /** Returns how many bytes a read or write transfers at most, or throws. */
    int limit(Operation operation, String name) throws IOException;
  }

  private static final int SECTOR = 512;

  private final TreeMap<String, Content> names;
  private final TreeMap<String, Content> durableNames;
  private final List<Runnable> pendingNames = new ArrayList<>();
  private boolean locked;
  private long usableBytes = Long.MAX_VALUE;
  private Faults faults = Faults.NONE;
  private long operationsLeft = Long.MAX_VALUE;
  private long reads;

  SimulatedDisk() {
    this(new TreeMap<>());
  }

  private SimulatedDisk(TreeMap<String, Content> durable) {
    durableNames = durable;
    names = new TreeMap<>(durable);
  }

  synchronized void usableBytes(long bytes) {
    usableBytes = bytes;
  }

  @Override
  public synchronized long usableBytes() {
    return usableBytes;
  }

  synchronized void faults(Faults newFaults) {
    faults = newFaults;
  }

  /** Lets the power fail during the n-th operation from now. */
  synchronized void losePowerAfter(long operations) {
    operationsLeft = operations;
  }

  synchronized long reads() {
    return reads;
  }

  /** Returns the current bytes of a file. */
  synchronized byte[] bytes(String name) {
    Content content = names.get(name);
    return Arrays.copyOf(content.bytes, content.length);
  }

  /** Returns what a power loss now would certainly leave of a file. */
  synchronized byte[] forcedBytes(String name) {
    return names.get(name).durable.clone();
  }

  /** Replaces a file durably. */
  synchronized void put(String name, byte[] bytes) {
    Content content = new Content(bytes.clone());
    names.put(name, content);
    durableNames.put(name, content);
  }

  synchronized SimulatedDisk copy() {
    TreeMap<String, Content> copy = new TreeMap<>();
    names.forEach((name, content) -> copy.put(name, new Content(bytes(name))));
    return new SimulatedDisk(copy);
  }

  /** Returns the disk as it is found after a power loss now. */
  synchronized SimulatedDisk crash(Random random) {
    double kept = new double[] {0, 0.1, 0.5, 0.9, 1}[random.nextInt(5)];
    for (Runnable change : pendingNames) {
      if (random.nextDouble() < kept) {
        change.run();
      }
    }
    TreeMap<String, Content> found = new TreeMap<>();
    for (Map.Entry<String, Content> file : durableNames.entrySet()) {
      Content content = file.getValue();
      content.keepSome(random, kept);
      found.put(file.getKey(), new Content(content.durable));
    }
    return new SimulatedDisk(found);
  }

  private int check(Operation operation, String name) throws IOException {
    if (operationsLeft-- <= 0) {
      operationsLeft = 0;
      throw new PowerLoss();
    }
    return faults.limit(operation, name);
  }

  @Override
  public String directory() {
    return "disk";
  }

  @Override
  public synchronized Closeable lock() throws IOException {
    if (locked) {
      throw new IOException("disk is in use");
    }
    locked = true;
    return () -> {
      synchronized (this) {
        locked = false;
      }
    };
  }

  @Override
  public synchronized List<String> list() {
    return List.copyOf(names.keySet());
  }

  @Override
  public synchronized DiskFile create(String name) throws IOException {
    check(Operation.CREATE, name);
    if (names.containsKey(name)) {
      throw new FileAlreadyExistsException(name);
    }
    Content content = new Content(new byte[0]);
    names.put(name, content);
    pendingNames.add(() -> durableNames.put(name, content));
    return new File(name, content);
  }

  @Override
  public synchronized DiskFile open(String name) throws IOException {
    check(Operation.OPEN, name);
    Content content = names.get(name);
    if (content == null) {
      throw new NoSuchFileException(name);
    }
    return new File(name, content);
  }

  @Override
  public DiskFile openForReading(String name) throws IOException {
    return open(name);
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    check(Operation.DELETE, name);
    if (names.remove(name) != null) {
      pendingNames.add(() -> durableNames.remove(name));
    }
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    check(Operation.RENAME, from);
    Content content = names.remove(from);
    names.put(to, content);
    pendingNames.add(
        () -> {
          durableNames.remove(from);
          durableNames.put(to, content);
        });
  }

  @Override
  public synchronized void forceDirectory() throws IOException {
    check(Operation.FORCE_DIRECTORY, "");
    pendingNames.forEach(Runnable::run);
    pendingNames.clear();
  }

  /** What a file contains now, and what of it is on the platter. */
  private static final class Content {

    byte[] bytes;
    int length;
    byte[] durable;
    private final List<Change> pending = new ArrayList<>();

    /** A write of some bytes; or a new length, if there are no bytes. */
    private record Change(int at, byte[] bytes) {}

    Content(byte[] initial) {
      bytes = initial.clone();
      length = initial.length;
      durable = initial.clone();
    }

    void write(byte[] written, int at) {
      if (at + written.length > length) {
        grow(at + written.length);
      }
      System.arraycopy(written, 0, bytes, at, written.length);
      for (int from = 0; from < written.length; ) {
        int to = Math.min(written.length, ((at + from) / SECTOR + 1) * SECTOR - at);
        pending.add(new Change(at + from, Arrays.copyOfRange(written, from, to)));
        from = to;
      }
    }

    void setLength(int newLength) {
      if (newLength > length) {
        grow(newLength);
      } else {
        Arrays.fill(bytes, newLength, length, (byte) 0);
        length = newLength;
      }
      pending.add(new Change(newLength, new byte[0]));
    }

    private void grow(int newLength) {
      if (newLength > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(newLength, 2 * bytes.length));
      }
      length = newLength;
    }

    /** What a failed force lost stays lost. */
    void force() {
      pending.forEach(this::reachPlatter);
      pending.clear();
    }

    private void reachPlatter(Change change) {
      if (change.bytes.length == 0) {
        durable = Arrays.copyOf(durable, change.at);
        return;
      }
      int end = Math.max(durable.length, change.at + change.bytes.length);
      durable = end == durable.length ? durable : Arrays.copyOf(durable, end);
      System.arraycopy(change.bytes, 0, durable, change.at, change.bytes.length);
    }

    /** Some of the pending changes reach the platter, in any order, and the others never do. */
    void keepSome(Random random, double kept) {
      Collections.shuffle(pending, random);
      for (Change change : pending) {
        if (random.nextDouble() < kept) {
          reachPlatter(change);
        }
      }
      pending.clear();
    }
  }

  private final class File implements DiskFile {

    private final String name;
    private final Content content;
    private final Random lost = new Random(1);
    private boolean closed;

    File(String name, Content content) {
      this.name = name;
      this.content = content;
    }

    private void checkOpen() throws IOException {
      if (closed) {
        throw new java.nio.channels.ClosedChannelException();
      }
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        int count = Math.min(source.remaining(), check(Operation.WRITE, name));
        byte[] written = new byte[count];
        source.get(written);
        content.write(written, (int) position);
        return count;
      }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        reads++;
        int limit = check(Operation.READ, name);
        if (position >= content.length) {
          return -1;
        }
        int count = Math.min(limit, (int) Math.min(target.remaining(), content.length - position));
        target.put(content.bytes, (int) position, count);
        return count;
      }
    }

    @Override
    public void force(boolean metadata) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        try {
          check(Operation.FORCE, name);
        } catch (IOException e) {
          // Linux marks the pages as clean: what did not reach the platter now never will.
          content.keepSome(lost, 0.5);
          throw e;
        }
        content.force();
      }
    }

    @Override
    public long length() throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        return content.length;
      }
    }

    @Override
    public void setLength(long length) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        check(Operation.SET_LENGTH, name);
        content.setLength((int) length);
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
