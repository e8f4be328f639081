package dev.tallyspan.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A process that ends with this JVM at the latest. */
public final class ChildProcess implements Closeable {

  /** More than shutting down may take. */
  private static final long END_SECONDS = 30;

  private final Process process;
  private final Thread killer;

  private ChildProcess(Process process) {
    this.process = process;
    killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /** Starts a process. */
  public static ChildProcess start(ProcessBuilder builder) throws IOException {
    return new ChildProcess(builder.start());
  }

  /** The process itself. */
  public Process process() {
    return process;
  }

  /** Ends the process; it is killed if that takes longer than it may. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // This JVM is ending, and the hook with it.
    }
  }
}
