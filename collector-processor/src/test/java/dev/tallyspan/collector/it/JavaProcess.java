package dev.tallyspan.collector.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, killed at the latest when the test ends. */
final class JavaProcess implements AutoCloseable {

  private static final long TIMEOUT_SECONDS = 120;

  private final Process process;
  private final Path output;

  private JavaProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts {@code java} with these arguments, in {@code directory}, with this environment. */
  static JavaProcess start(Path directory, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(arguments));
    Files.createDirectories(directory);
    Path output = directory.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    // What the machine is configured to export must not decide what the test sees.
    builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
    builder.environment().keySet().removeIf(name -> name.startsWith("TALLYSPAN_"));
    builder.environment().putAll(environment);
    return new JavaProcess(builder.start(), output);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it printed so far, errors included. */
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Waits for the end of a process that ends by itself, and requires that it ended well. */
  void finish() throws InterruptedException {
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after 120 s:\n" + output());
    }
    if (process.exitValue() != 0) {
      throw new AssertionError("exit " + process.exitValue() + ":\n" + output());
    }
  }

  /** Asks the process to end, as an orchestrator does, and waits until it has. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().completeOnTimeout(null, 20, TimeUnit.SECONDS).join();
    if (process.isAlive()) {
      process.destroyForcibly().onExit().join();
    }
  }
}
