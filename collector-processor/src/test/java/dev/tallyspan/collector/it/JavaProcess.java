package dev.tallyspan.collector.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, killed at the latest when this JVM ends. */
final class JavaProcess implements AutoCloseable {

  private static final long TIMEOUT_SECONDS = 300;

  private final Process process;
  private final Path output;
  private final Thread atExit;

  private JavaProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
    atExit = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atExit);
    process.onExit().thenRun(this::forget);
  }

  private void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // This JVM is ending, and the hook runs.
    }
  }

  /** Starts {@code java} with these arguments, in {@code directory}, with this environment. */
  static JavaProcess start(Path directory, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(arguments));
    return startCommand(directory, environment, command);
  }

  /** Starts a program that becomes a JVM, in {@code directory}, with this environment. */
  static JavaProcess startCommand(
      Path directory, Map<String, String> environment, List<String> command) throws IOException {
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

  /**
   * Lets the process run for a while.
   *
   * @return whether it has ended by itself
   */
  boolean endsWithin(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** Asks the process to end (SIGTERM), and does not wait. */
  void terminate() {
    process.destroy();
  }

  /** Ends the process without giving it a chance to do anything (SIGKILL). */
  void kill() {
    process.destroyForcibly().onExit().join();
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
      throw new AssertionError("still running after " + TIMEOUT_SECONDS + " s:\n" + output());
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
