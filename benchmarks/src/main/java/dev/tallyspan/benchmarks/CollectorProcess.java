package dev.tallyspan.benchmarks;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code tallyspan run} in a JVM of its own, which ends with this one at the latest. */
final class CollectorProcess implements Closeable {

  private static final Pattern LISTENS = Pattern.compile("OTLP/HTTP on http://\\S+:(\\d+)");

  /** The launcher's options for the heap. */
  private static final List<String> HEAP =
      List.of(
          "-XX:+UseParallelGC",
          "-Xmx512m",
          "-Xmn192m",
          "-XX:SurvivorRatio=2",
          "-XX:-UseAdaptiveSizePolicy");

  private final ChildProcess child;
  private final int port;

  private CollectorProcess(ChildProcess child) throws IOException {
    this.child = child;
    try {
      port = awaitPort();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a collector that receives OTLP/HTTP, and waits until it listens.
   *
   * @param jar the executable jar
   * @param mode its queue, and what it has besides
   * @param compression that of the exporter
   * @param backendPort where to send, on the loopback
   * @param directory for the configuration and the data; exists and is empty
   */
  static CollectorProcess start(
      Path jar, ServerModes.Mode mode, String compression, int backendPort, Path directory)
      throws IOException {
    Path config = directory.resolve("collector.yaml");
    Files.writeString(
        config,
        """
        receivers:
          otlp: {protocols: {http: {endpoint: "127.0.0.1:0"}}}
        processors:
          tallyspan: {window: %s}
        exporters:
          otlp_http: {endpoint: "http://127.0.0.1:%d", compression: %s}
        storage:
          directory: '%s'
        %sservice:
          pipelines:
            traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_http], queue: %s}
          telemetry: {metrics: {level: none}}
        """
            .formatted(
                mode.window,
                backendPort,
                compression,
                directory.resolve("data"),
                mode.sections,
                mode.queue));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(HEAP);
    command.addAll(List.of("-jar", jar.toString(), "run", "--config", config.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    return new CollectorProcess(ChildProcess.start(builder));
  }

  private int awaitPort() throws IOException {
    BufferedReader out = child.process().inputReader();
    StringBuilder all = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      all.append(line).append('\n');
      Matcher listens = LISTENS.matcher(line);
      if (listens.find()) {
        pass(out);
        return Integer.parseInt(listens.group(1));
      }
    }
    throw new IOException("the collector did not start:\n" + all);
  }

  /** Shows the log, which would otherwise fill the pipe, from the first warning on. */
  private static void pass(BufferedReader out) {
    Thread thread =
        new Thread(
            () -> {
              try {
                out.lines()
                    .filter(line -> line.contains("WARN") || line.contains("ERROR"))
                    .forEach(System.err::println);
              } catch (UncheckedIOException e) {
                // The process has ended, and its output with it.
              }
            },
            "collector-log");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return port;
  }

  /** The CPU time of all its threads so far, in user mode and in the kernel. */
  Duration cpu() {
    return child.process().info().totalCpuDuration().orElseThrow();
  }

  @Override
  public void close() {
    child.close();
  }
}
