package dev.tallyspan.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.queue.log.DurableLog;
import dev.tallyspan.collector.queue.log.RequestLog;
import dev.tallyspan.collector.wire.Slices;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast the queue on disk stores requests, compared with the least that a durable store can do,
 * to write each request to a file and force it, and with SQLite. All variants take turns in each
 * round, so that a slow minute of the disk hits all of them.
 *
 * <p>The senders of a variant have one request under way each, and send the next one when the
 * previous one is stored.
 */
public final class LogThroughput {

  private enum Variant {
    /** A write and a force for each request, by each sender. */
    FILE,
    LOG,
    /** A transaction for each request, in WAL mode, forced. Has one sender. */
    SQLITE
  }

  /**
   * @param bytes of a request
   * @param requests in a round
   */
  private record Load(int bytes, int requests, int senders) {}

  private static final List<Load> LOADS =
      List.of(
          new Load(1 << 20, 200, 1),
          new Load(1 << 20, 200, 4),
          new Load(1 << 20, 200, 16),
          new Load(64 << 10, 1000, 1),
          new Load(64 << 10, 2000, 16),
          new Load(64 << 10, 4000, 64));

  /**
   * @param megabytesPerSecond by the clock
   * @param cpuPerMegabyte CPU time of the process in milliseconds; a busy machine disturbs it less
   */
  private record Speed(double megabytesPerSecond, double cpuPerMegabyte) {}

  private LogThroughput() {}

  /** Takes the directory to write to, and the number of rounds, 5 if it is missing. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    System.out.printf("JDK %s, %d rounds%n%n", Runtime.version(), rounds);
    System.out.println(
        "| request | senders | file MB/s | log MB/s | SQLite MB/s | log / file | log / SQLite"
            + " | CPU ms/MB: file, log, SQLite |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (Load load : LOADS) {
      run(directory, load); // warms up
      List<Map<Variant, Speed>> results = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        results.add(run(directory, load));
      }
      System.out.printf(
          "| %d KiB | %d | %s | %s | %s | %s | %s | %.2f, %.2f, %.2f |%n",
          load.bytes >> 10,
          load.senders,
          median(results, Variant.FILE),
          median(results, Variant.LOG),
          median(results, Variant.SQLITE),
          median(results, Variant.LOG, Variant.FILE),
          median(results, Variant.LOG, Variant.SQLITE),
          medianCpu(results, Variant.FILE),
          medianCpu(results, Variant.LOG),
          medianCpu(results, Variant.SQLITE));
    }
  }

  /** The median and range of a variant's speed, or of its ratio to another's in each round. */
  private static String median(
      List<Map<Variant, Speed>> results, Variant variant, Variant... dividedBy) {
    double[] values =
        results.stream()
            .mapToDouble(
                speeds -> {
                  double value = speeds.get(variant).megabytesPerSecond;
                  for (Variant divisor : dividedBy) {
                    value /= speeds.get(divisor).megabytesPerSecond;
                  }
                  return value;
                })
            .sorted()
            .toArray();
    String format = dividedBy.length == 0 ? "%.0f (%.0f-%.0f)" : "%.2f (%.2f-%.2f)";
    return String.format(format, values[values.length / 2], values[0], values[values.length - 1]);
  }

  private static double medianCpu(List<Map<Variant, Speed>> results, Variant variant) {
    double[] values =
        results.stream()
            .mapToDouble(speeds -> speeds.get(variant).cpuPerMegabyte)
            .sorted()
            .toArray();
    return values[values.length / 2];
  }

  private static Map<Variant, Speed> run(Path directory, Load load) throws Exception {
    byte[] request = new byte[load.bytes];
    new Random(1).nextBytes(request);
    Map<Variant, Speed> speeds = new EnumMap<>(Variant.class);
    List<Variant> order = new ArrayList<>(Arrays.asList(Variant.values()));
    Collections.shuffle(order);
    for (Variant variant : order) {
      Path fresh = Files.createTempDirectory(directory, "throughput");
      try {
        long cpuBefore = cpuNanos();
        long nanos =
            switch (variant) {
              case FILE -> file(fresh, load, request);
              case LOG -> log(fresh, load, request);
              case SQLITE -> sqlite(fresh, load, request);
            };
        long cpu = cpuNanos() - cpuBefore;
        double bytes = (double) requests(variant, load) * load.bytes;
        speeds.put(variant, new Speed(bytes / nanos * 1e3, cpu / bytes));
      } finally {
        Directories.delete(fresh);
      }
    }
    return speeds;
  }

  /** How many requests a variant stores: a quarter with SQLite, because it takes long. */
  private static int requests(Variant variant, Load load) {
    return variant == Variant.SQLITE ? load.requests / 4 : load.requests;
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long file(Path directory, Load load, byte[] request)
      throws IOException, InterruptedException, ExecutionException {
    try (FileChannel channel =
        FileChannel.open(
            directory.resolve("file"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      AtomicInteger left = new AtomicInteger(load.requests);
      AtomicLong end = new AtomicLong();
      ExecutorService senders = Executors.newFixedThreadPool(load.senders);
      long start = System.nanoTime();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < load.senders; i++) {
        running.add(
            senders.submit(
                () -> {
                  ByteBuffer buffer = ByteBuffer.allocateDirect(request.length);
                  while (left.getAndDecrement() > 0) {
                    buffer.clear().put(request).flip();
                    long position = end.getAndAdd(request.length);
                    while (buffer.hasRemaining()) {
                      position += channel.write(buffer, position);
                    }
                    channel.force(false);
                  }
                  return null;
                }));
      }
      for (Future<?> sender : running) {
        sender.get();
      }
      long nanos = System.nanoTime() - start;
      senders.shutdown();
      return nanos;
    }
  }

  private static long log(Path directory, Load load, byte[] request)
      throws IOException, InterruptedException {
    try (DurableLog log = DurableLog.builder(directory).open()) {
      Semaphore idleSenders = new Semaphore(load.senders);
      AtomicInteger stored = new AtomicInteger();
      RequestLog.Appended result =
          new RequestLog.Appended() {
            @Override
            public void stored(long sequence) {
              stored.incrementAndGet();
              idleSenders.release();
            }

            @Override
            public void refused(Outcome.Refused why) {
              idleSenders.release();
            }
          };
      long start = System.nanoTime();
      for (int i = 0; i < load.requests; i++) {
        idleSenders.acquire();
        log.append(Signal.TRACES, 1, List.of(), Slices.of(request), result);
      }
      idleSenders.acquire(load.senders);
      long nanos = System.nanoTime() - start;
      if (stored.get() != load.requests) {
        throw new IllegalStateException("stored " + stored + " of " + load.requests);
      }
      return nanos;
    }
  }

  private static long sqlite(Path directory, Load load, byte[] request) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("database"));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=FULL");
      statement.execute("CREATE TABLE log (sequence INTEGER PRIMARY KEY, body BLOB)");
      int requests = requests(Variant.SQLITE, load);
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO log (body) VALUES (?)")) {
        long start = System.nanoTime();
        for (int i = 0; i < requests; i++) {
          insert.setBytes(1, request);
          insert.executeUpdate();
        }
        return System.nanoTime() - start;
      }
    }
  }
}
