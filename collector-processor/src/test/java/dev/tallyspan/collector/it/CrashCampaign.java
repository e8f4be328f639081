package dev.tallyspan.collector.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was acknowledged is delivered, whatever happens to the collector and to the backend. Starts
 * the jar that users run and sends it numbered spans, which a backend notes. Not a part of the
 * build:
 *
 * <pre>mvn -Pcrash -pl collector-processor -am verify -Dcrash.cycles=300</pre>
 *
 * <p>With {@code -Dcrash.queue=memory}, the campaign must fail, which shows that it would notice a
 * loss.
 */
class CrashCampaign {

  /* What this proves, and what it does not

  SIGKILL ends a process between any two of its instructions, but the operating system lives on, and
  with it everything that was written without being forced to the disk. So the campaign finds requests
  that were acknowledged before they were written, cursors that move before the delivery, files that
  are not readable when they end in the middle of a record, recoveries that cannot be interrupted, and
  requests that are forgotten between two threads. It does not find a missing fsync: that takes a disk
  that forgets, which tests of the log simulate.

  The times of the kills are random and their seed is printed, but the threads of two processes do not
  repeat themselves: the same seed gives a similar run, not the same.

  A span whose sender got no response may be delivered or not. Duplicates are allowed; each crash
  can cause some, as can a backend that accepts a request and does not answer. */

  private static final String JAR = System.getProperty("tallyspan.jar");
  private static final int CYCLES = Integer.getInteger("crash.cycles", 3);
  private static final int OUTAGE_SECONDS = Integer.getInteger("crash.outage", 60);
  private static final int PER_SECOND = Integer.getInteger("crash.rate", 1000);
  private static final String QUEUE = System.getProperty("crash.queue", "durable");
  private static final String CONFIG = System.getProperty("crash.config", "");
  private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

  /** The 10 s that shutting down may take, and 1 s for a busy machine. */
  private static final Duration SHUTDOWN = Duration.ofSeconds(11);

  private static final Duration START = Duration.ofSeconds(60);

  /** If nothing arrives for so long, nothing will. */
  private static final Duration STALL = Duration.ofSeconds(60);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  private final Random random = new Random(SEED);
  private final List<BitmapSink> sinks = new ArrayList<>();
  private int grpcPort;
  private int httpPort;
  private SequenceBook book;
  private Path config;
  private JavaProcess collector;
  private Load load;
  private int starts;

  @BeforeEach
  void prepare() throws IOException {
    grpcPort = Ports.free(random);
    httpPort = Ports.free(random);
    config = directory.resolve("collector.yaml");
    if (CONFIG.isEmpty()) {
      try (InputStream yaml = CrashCampaign.class.getResourceAsStream("/crash/collector.yaml")) {
        Files.copy(yaml, config);
      }
    } else {
      Files.copy(Path.of(CONFIG), config);
    }
    int backends = Files.readString(config).contains("env:SINK_2") ? 2 : 1;
    book = new SequenceBook(backends);
    for (int i = 0; i < backends; i++) {
      sinks.add(new BitmapSink(i, Ports.free(random), book, SEED + i));
    }
  }

  @AfterEach
  void stop() {
    if (collector != null) {
      collector.kill();
    }
    if (load != null) {
      load.close();
    }
    sinks.forEach(BitmapSink::close);
  }

  @Test
  void nothingThatWasAcknowledgedIsLostInACrash() throws Exception {
    sinks.forEach(BitmapSink::changing);
    startLoad();
    long startupMillis = 1000;
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      long started = System.nanoTime();
      startCollector();
      if (cycle > 0 && random.nextInt(4) == 0) {
        // While it starts, and reads what is on the disk.
        runFor(random.nextInt((int) startupMillis));
      } else {
        awaitReady();
        startupMillis = Math.max(1, millisSince(started));
        awaitAcknowledgement();
        runFor(random.nextInt(2500));
        if (random.nextInt(10) == 0) {
          // While it shuts down.
          collector.terminate();
          collector.endsWithin(random.nextInt(1000));
        }
      }
      collector.kill();
      if (cycle % 10 == 9) {
        print("%d cycles: %s", cycle + 1, book);
      }
    }
    Duration drain = drain();
    print(
        "kill -9, queue %s, seed %d, %d cycles: %s; drained in %s",
        QUEUE, SEED, CYCLES, book, seconds(drain));
  }

  @Test
  void nothingThatWasAcknowledgedIsLostInAShutdownUnderLoad() throws Exception {
    int rounds = Math.max(2, CYCLES / 10);
    Duration longest = Duration.ZERO;
    startLoad();
    for (int round = 0; round < rounds; round++) {
      if (round % 2 == 0) {
        sinks.forEach(BitmapSink::unreliable);
      } else {
        sinks.forEach(BitmapSink::reliable);
      }
      startCollector();
      awaitReady();
      awaitAcknowledgement();
      runFor(200 + random.nextInt(1500));
      if (round % 2 == 1) {
        sinks.forEach(BitmapSink::down);
        runFor(random.nextInt(500));
      }
      long asked = System.nanoTime();
      collector.terminate();
      assertThat(collector.endsWithin(SHUTDOWN.toMillis()))
          .as(() -> "ended within " + SHUTDOWN + "\n" + collector.output())
          .isTrue();
      Duration took = Duration.ofNanos(System.nanoTime() - asked);
      longest = took.compareTo(longest) > 0 ? took : longest;
    }
    Duration drain = drain();
    print(
        "SIGTERM, queue %s, seed %d, %d rounds: %s; ended within %s; drained in %s",
        QUEUE, SEED, rounds, book, seconds(longest), seconds(drain));
  }

  @Test
  void nothingThatWasAcknowledgedIsLostInAnOutageOfTheBackend() throws Exception {
    sinks.forEach(BitmapSink::reliable);
    startLoad();
    startCollector();
    awaitReady();
    awaitAcknowledgement();
    runFor(1000);
    sinks.get(0).down();
    int before = book.acknowledged();
    runFor(OUTAGE_SECONDS * 1000L);
    int during = book.acknowledged() - before;
    load.close();
    Duration drain = awaitDelivery();
    print(
        "outage of %d s, queue %s: %,d spans acknowledged during it; %s; drained in %s",
        OUTAGE_SECONDS, QUEUE, during, book, seconds(drain));
  }

  private void startLoad() {
    load = new Load(grpcPort, httpPort, PER_SECOND, book, SEED);
  }

  private void startCollector() throws IOException {
    collector =
        JavaProcess.start(
            directory.resolve("run-" + ++starts),
            environment(),
            "-Xmx256m",
            "-jar",
            JAR,
            "run",
            "--config",
            config.toString(),
            "--data",
            directory.resolve("data").toString());
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("GRPC_PORT", Integer.toString(grpcPort));
    environment.put("HTTP_PORT", Integer.toString(httpPort));
    environment.put("QUEUE", QUEUE);
    for (int i = 0; i < sinks.size(); i++) {
      environment.put("SINK_" + (i + 1), sinks.get(i).url());
    }
    return environment;
  }

  private void awaitReady() {
    await()
        .atMost(START)
        .pollInterval(Duration.ofMillis(10))
        .failFast(() -> assertThat(collector.isAlive()).as(collector::output).isTrue())
        .until(() -> collector.output().contains("Forwarding with"));
  }

  /**
   * Before a crash, something must be acknowledged, or the crash shows nothing: on a slow machine,
   * the first request takes longer than a collector lives here.
   */
  private void awaitAcknowledgement() {
    int before = book.acknowledged();
    await()
        .atMost(START)
        .pollInterval(Duration.ofMillis(10))
        .failFast(() -> assertThat(collector.isAlive()).as(collector::output).isTrue())
        .until(() -> book.acknowledged() > before);
  }

  private void runFor(long millis) throws InterruptedException {
    assertThat(collector.endsWithin(millis)).as(collector::output).isFalse();
  }

  /** Ends the load and lets a collector deliver what is left; returns how long that takes. */
  private Duration drain() throws IOException {
    load.close();
    startCollector();
    awaitReady();
    return awaitDelivery();
  }

  private Duration awaitDelivery() {
    long recovered = System.nanoTime();
    sinks.forEach(BitmapSink::reliable);
    for (int missing = book.missing(); missing > 0; missing = book.missing()) {
      awaitFewerThan(missing);
    }
    Duration drain = Duration.ofNanos(System.nanoTime() - recovered);
    assertThat(book.acknowledged()).as(collector::output).isPositive();
    assertThat(book.damaged()).isEmpty();
    return drain;
  }

  private void awaitFewerThan(int missing) {
    try {
      await()
          .atMost(STALL)
          .pollInterval(Duration.ofMillis(20))
          .failFast(() -> assertThat(collector.isAlive()).as(collector::output).isTrue())
          .until(() -> book.missing() < missing);
    } catch (ConditionTimeoutException e) {
      for (int i = 0; i < sinks.size(); i++) {
        assertThat(book.missing(i).stream())
            .as(
                "acknowledged, but not delivered to backend %d; %s\n%s",
                i, book, collector.output())
            .isEmpty();
      }
    }
  }

  private static long millisSince(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime).toMillis();
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }

  private static void print(String format, Object... values) {
    System.out.println("crash campaign: " + String.format(Locale.ROOT, format, values));
  }
}
