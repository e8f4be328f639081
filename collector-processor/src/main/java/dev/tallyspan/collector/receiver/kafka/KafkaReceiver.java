package dev.tallyspan.collector.receiver.kafka;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Heap;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.listen.RareLog;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import java.io.IOException;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Receives OTLP requests from topics of Kafka, as a member of a consumer group.
 *
 * <p>An offset is committed when everything before it has been settled: in a direct pipeline, when
 * the outputs have it, in a durable one, when it is on disk. So nothing is lost when the process is
 * killed; what was not committed is received again.
 *
 * <p>Thread-safe. {@link #close} blocks.
 */
public final class KafkaReceiver implements AutoCloseable {

  private static final Logger LOGGER = System.getLogger(KafkaReceiver.class.getName());

  /** How often retries and pauses are looked at. */
  private static final Duration POLL = Duration.ofMillis(100);

  /** After a failure of the whole consumer, such as of its authentication. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String id;
  private final KafkaReceiverSettings settings;
  private final Intake intake;
  private final RefusedRecords refused;
  private final long maxInFlightBytes;
  private final Meter meter;
  private final CountDownLatch stop = new CountDownLatch(1);

  // Guarded by this for writing.
  private volatile @Nullable Consumption consumption;
  private @Nullable Thread thread;
  private @Nullable ExecutorService workers;
  private volatile long deadline;

  private KafkaReceiver(Builder builder) {
    id = builder.id;
    settings = builder.settings;
    intake = requireNonNull(builder.intake, "intake");
    refused = builder.refused;
    maxInFlightBytes = builder.maxInFlightBytes > 0 ? builder.maxInFlightBytes : Heap.share(4);
    meter = builder.meter;
  }

  /**
   * Returns a builder of a receiver.
   *
   * @param id the component id in the configuration: {@code kafka}
   */
  public static Builder builder(String id, KafkaReceiverSettings settings) {
    return new Builder(id, settings);
  }

  /**
   * Joins the group, on a thread of its own. Brokers need not be up.
   *
   * @throws IOException if the consumer cannot be created: no broker's name can be resolved, for
   *     example
   */
  public synchronized void start() throws IOException {
    if (thread != null) {
      throw new IllegalStateException("the receiver was already started");
    }
    KafkaConsumer<byte[], byte[]> consumer;
    try {
      consumer =
          new KafkaConsumer<>(
              settings.properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "brokers=" + settings.client().brokers() + ": " + cause.getMessage(), e);
    }
    AtomicInteger number = new AtomicInteger();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            task -> daemon(task, "tallyspan-" + id + "-" + number.incrementAndGet()));
    Consumption started =
        new Consumption(
            id,
            settings,
            consumer,
            intake,
            refused,
            pool,
            maxInFlightBytes,
            System::nanoTime,
            meter);
    workers = pool;
    consumption = started;
    Thread polling = daemon(() -> run(started), "tallyspan-" + id + "-poll");
    thread = polling;
    polling.start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void run(Consumption running) {
    RareLog failures = new RareLog(LOGGER);
    try {
      while (!isOver(running)) {
        try {
          running.poll(POLL);
        } catch (RuntimeException e) {
          if (e instanceof KafkaException) {
            failures.warn(
                times ->
                    "receiver "
                        + id
                        + ": cannot read from Kafka and tries again: "
                        + e.getMessage());
          } else {
            // A thread that ends would leave a server that receives nothing.
            InternalFault.log("a receiver of Kafka", e);
          }
          if (stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running.close();
    }
  }

  /** Whether the receiver closes, and has nothing to wait for or no time. */
  private boolean isOver(Consumption running) {
    return stop.getCount() == 0 && (running.isIdle() || System.nanoTime() - deadline >= 0);
  }

  /**
   * Takes no more records. Those that have been passed on continue, and can be settled until {@link
   * #close(Duration)}. Does not wait for them.
   */
  public void stopAccepting() {
    Consumption running = consumption;
    if (running != null) {
      running.stop();
    }
  }

  /** Closes with a drain of 10 s. */
  @Override
  public void close() {
    close(Duration.ofSeconds(10));
  }

  /**
   * Takes no more records, and blocks until those that have been passed on are settled, and their
   * offsets committed.
   *
   * @param drain the maximum time to wait; zero does not wait for them. Committing and leaving the
   *     group takes up to some seconds more if the brokers do not answer
   */
  public synchronized void close(Duration drain) {
    stopAccepting();
    deadline = System.nanoTime() + drain.toNanos();
    stop.countDown();
    Thread polling = thread;
    ExecutorService pool = workers;
    if (polling == null || pool == null) {
      return;
    }
    try {
      polling.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pool.shutdown();
  }

  /** The settings of a receiver. Not thread-safe. */
  public static final class Builder {
    private final String id;
    private final KafkaReceiverSettings settings;
    private @Nullable Intake intake;
    private RefusedRecords refused = RefusedRecords.NONE;
    private long maxInFlightBytes;
    private Meter meter = MeterProvider.noop().get("tallyspan");

    Builder(String id, KafkaReceiverSettings settings) {
      this.id = requireNonNull(id, "id");
      this.settings = requireNonNull(settings, "settings");
    }

    /** Takes the requests. Required. */
    public Builder intake(Intake intake) {
      this.intake = requireNonNull(intake, "intake");
      return this;
    }

    /** Keeps records that are refused for good. Default: they are counted and logged. */
    public Builder refused(RefusedRecords refused) {
      this.refused = requireNonNull(refused, "refused");
      return this;
    }

    /**
     * The memory that records may take until they are settled; beyond it, no more are read.
     * Default: 0 = a quarter of the heap.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Builder maxInFlightBytes(long bytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("maxInFlightBytes=" + bytes + ": must not be negative");
      }
      maxInFlightBytes = bytes;
      return this;
    }

    /** Records the receiver's own metrics. Default: no metrics. */
    public Builder meter(Meter meter) {
      this.meter = requireNonNull(meter, "meter");
      return this;
    }

    /**
     * Creates the receiver, which does nothing until it is started.
     *
     * @throws IllegalArgumentException if there is no intake
     */
    public KafkaReceiver build() {
      if (intake == null) {
        throw new IllegalArgumentException("intake=null: must be set");
      }
      return new KafkaReceiver(this);
    }
  }
}
