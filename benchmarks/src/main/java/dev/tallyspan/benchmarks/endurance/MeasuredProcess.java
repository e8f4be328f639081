package dev.tallyspan.benchmarks.endurance;

import dev.tallyspan.benchmarks.ChildProcess;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process and what it uses. It ends with this JVM at the latest. Linux only. */
final class MeasuredProcess implements Closeable {

  private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on all of Linux
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final long START_SECONDS = 120;

  private final ChildProcess child;
  private final Path log;

  private MeasuredProcess(ChildProcess child, Path log) {
    this.child = child;
    this.log = log;
  }

  /**
   * Starts a process, and waits until it is ready.
   *
   * @param log takes what it writes
   * @throws IOException if it ends or takes too long; with what it wrote
   */
  static MeasuredProcess start(
      List<String> command, Map<String, String> environment, Path log, BooleanSupplier ready)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    MeasuredProcess started = new MeasuredProcess(ChildProcess.start(builder), log);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!ready.getAsBoolean()) {
      if (!started.child.process().isAlive() || System.nanoTime() > deadline) {
        started.close();
        throw new IOException(command.get(0) + " did not start:\n" + started.log());
      }
      Thread.sleep(50);
    }
    return started;
  }

  /** Whether something on this machine takes connections at a port. */
  static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** What it has written so far. */
  String log() throws IOException {
    return Files.readString(log, StandardCharsets.UTF_8);
  }

  /** CPU time so far in seconds: in user mode and in the kernel, of all threads. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(proc("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** Resident memory, in MiB. */
  double rss() throws IOException {
    Matcher rss = RSS.matcher(Files.readString(proc("status")));
    if (!rss.find()) {
      throw new IOException("no VmRSS in " + proc("status"));
    }
    return Long.parseLong(rss.group(1)) / 1024.0;
  }

  private Path proc(String file) {
    return Path.of("/proc", "" + child.process().pid(), file);
  }

  @Override
  public void close() {
    child.close();
  }
}
