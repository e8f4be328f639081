package dev.tallyspan.benchmarks.endurance;

import dev.tallyspan.benchmarks.ChildProcess;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A {@code tallyspan run} in a JVM of its own, which ends with this one at the latest. Linux only.
 */
final class ServerProcess implements Closeable {

  /**
   * The ports of a receiver.
   *
   * @param grpc of OTLP/gRPC
   * @param http of OTLP/HTTP
   */
  record Ports(int grpc, int http) {
    static Ports free() throws IOException {
      try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return new Ports(one.getLocalPort(), other.getLocalPort());
      }
    }
  }

  /**
   * What the process uses.
   *
   * @param rss resident memory, in MiB
   * @param heap used, with garbage, in MiB
   */
  record Use(double rss, double heap, int threads, int descriptors) {}

  private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");
  private static final Pattern YOUNG_OR_OLD =
      Pattern.compile("(?:PSYoungGen|ParOldGen)\\s+total \\d+K, used (\\d+)K");
  private static final Pattern LIVE = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
  private static final long START_SECONDS = 60;

  private final ChildProcess child;
  private final Path log;

  /**
   * Starts the server, and waits until it is ready.
   *
   * @param directory for its log; exists
   */
  ServerProcess(Path jar, List<String> options, String yaml, Path directory)
      throws IOException, InterruptedException {
    log = directory.resolve("log");
    Path config = directory.resolve("config.yaml");
    Files.writeString(config, yaml);
    List<String> command = new ArrayList<>();
    command.add(jdk("java"));
    // What the launcher sets. The heap's size and its pages do not change, so that the resident
    // memory shows what grows outside of it.
    command.addAll(List.of("-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-XX:+AlwaysPreTouch", "-Dio.netty.jfr.enabled=false"));
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toString(), "run", "--config", config.toString()));
    child =
        ChildProcess.start(
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!log().contains("Forwarding with")) {
      if (!child.process().isAlive() || System.nanoTime() > deadline) {
        close();
        throw new IOException("the server did not start:\n" + log());
      }
      Thread.sleep(50);
    }
  }

  private static String jdk(String command) {
    return Path.of(System.getProperty("java.home"), "bin", command).toString();
  }

  boolean isAlive() {
    return child.process().isAlive();
  }

  /** Everything that it has written so far. */
  String log() throws IOException {
    return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
  }

  Path logFile() {
    return log;
  }

  Use use() throws IOException, InterruptedException {
    String status = Files.readString(Path.of("/proc", "" + child.process().pid(), "status"));
    int descriptors;
    try (Stream<Path> files = Files.list(Path.of("/proc", "" + child.process().pid(), "fd"))) {
      descriptors = (int) files.count();
    }
    return new Use(
        number(RSS, status) / 1024.0, heap(), (int) number(THREADS, status), descriptors);
  }

  /** The size of all objects that are reachable, in MiB. Collects all garbage, which takes time. */
  double liveHeap() throws IOException, InterruptedException {
    return number(LIVE, jcmd("GC.class_histogram")) / 1024.0 / 1024;
  }

  private double heap() throws IOException, InterruptedException {
    Matcher matcher = YOUNG_OR_OLD.matcher(jcmd("GC.heap_info"));
    long kib = 0;
    while (matcher.find()) {
      kib += Long.parseLong(matcher.group(1));
    }
    return kib / 1024.0;
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(jdk("jcmd"), "" + child.process().pid(), command)
            .redirectErrorStream(true)
            .start();
    String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (jcmd.waitFor() != 0) {
      throw new IOException("jcmd " + command + ": " + output);
    }
    return output;
  }

  private static long number(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("no " + pattern + " in:\n" + text);
    }
    return Long.parseLong(matcher.group(1));
  }

  @Override
  public void close() {
    child.close();
  }
}
