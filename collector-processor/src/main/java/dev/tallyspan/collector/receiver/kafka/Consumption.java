package dev.tallyspan.collector.receiver.kafka;

import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.json.InvalidJsonException;
import dev.tallyspan.collector.listen.RareLog;
import dev.tallyspan.collector.wire.ItemCounter;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.ResourceStamp;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.api.metrics.Meter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Passes records from a consumer to the intake, and commits offsets.
 *
 * <p>One thread calls {@link #poll} and {@link #close}; the consumer is used by it alone, also in
 * rebalances, which happen inside of a poll. Workers pass records on, and outcomes arrive on any
 * thread.
 */
final class Consumption implements ConsumerRebalanceListener {

  /*
   * A record is in one of three states: with a worker or the pipelines ("in work"), waiting for
   * another attempt, or settled. What the pipelines refuse for now is tried again with a growing
   * delay, for as long as it takes: unlike other senders, Kafka has no copy to send again before
   * the offset is read again. So do refusals that say nothing about the record, such as a wrong API
   * key of the backend. What is refused for good is kept as a dead letter, or counted and logged.
   *
   * The records of a partition are passed on one after the other. Otherwise the end of a trace could
   * be in a queue when the partition is revoked, and its beginning not yet: it would come seconds
   * later, when the trace has been decided without it. Partitions do not wait for each other.
   *
   * Backpressure. A partition with records that wait is paused. All partitions are paused while the
   * records in memory take more than the limit, until they take half of it. Polling goes on, which
   * keeps the membership in the group.
   *
   * A partition that is revoked is given up at once: its next owner reads from the committed offset,
   * which is that of the first record that is not settled. What of it is still in a queue of an
   * exporter is withdrawn; what was sent or written to disk arrives twice.
   */

  private static final Logger LOGGER = System.getLogger(Consumption.class.getName());

  private static final long FIRST_DELAY_NANOS = Duration.ofMillis(500).toNanos();
  private static final long LONGEST_DELAY_NANOS = Duration.ofSeconds(30).toNanos();
  private static final int MOST_DOUBLINGS = 10;

  /** In a rebalance, the group waits for this commit. */
  private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);

  private static final int MAX_REQUEST_BYTES = 64 << 20;

  private record Retry(Delivery delivery, long due) {}

  private final String id;
  private final KafkaReceiverSettings settings;
  private final Consumer<byte[], byte[]> consumer;
  private final Intake intake;
  private final RefusedRecords refused;
  private final Executor workers;
  private final long limit;
  private final LongSupplier nanoTime;
  private final KafkaReceiverMetrics metrics;
  private final RareLog refusals = new RareLog(LOGGER);
  private final RareLog commits = new RareLog(LOGGER);

  private final Map<TopicPartition, PartitionProgress> partitions = new ConcurrentHashMap<>();
  private final AtomicLong held = new AtomicLong();
  private final AtomicInteger inWork = new AtomicInteger();

  /** Guarded by itself. */
  private final Queue<Retry> retries = new PriorityQueue<>((a, b) -> Long.signum(a.due - b.due));

  private volatile boolean stopping;

  // Used by the consumer's thread alone.
  private boolean full;
  private long nextCommit;

  /**
   * @param limit how many bytes of records are in memory before no more are read
   */
  Consumption(
      String id,
      KafkaReceiverSettings settings,
      Consumer<byte[], byte[]> consumer,
      Intake intake,
      RefusedRecords refused,
      Executor workers,
      long limit,
      LongSupplier nanoTime,
      Meter meter) {
    this.id = id;
    this.settings = settings;
    this.consumer = consumer;
    this.intake = intake;
    this.refused = refused;
    this.workers = workers;
    this.limit = limit;
    this.nanoTime = nanoTime;
    metrics = new KafkaReceiverMetrics(meter, id, held::get, limit, partitions::values);
    nextCommit = nanoTime.getAsLong() + settings.commitInterval().toNanos();
    consumer.subscribe(settings.topics().keySet(), this);
  }

  /**
   * Waits for records, passes them on, and commits if it is time to.
   *
   * @param timeout the longest time to wait
   * @throws KafkaException if Kafka does not let this consumer read; a later call tries again
   */
  void poll(Duration timeout) {
    retry();
    pause();
    for (ConsumerRecord<byte[], byte[]> each : consumer.poll(timeout)) {
      TopicPartition partition = new TopicPartition(each.topic(), each.partition());
      PartitionProgress progress = partitions.get(partition);
      KafkaReceiverSettings.Topic topic = settings.topics().get(each.topic());
      if (progress != null && topic != null) {
        Delivery delivery = new Delivery(progress, topic, each, settings.headers());
        held.addAndGet(delivery.bytes);
        progress.add(delivery);
        work(delivery);
      }
    }
    long now = nanoTime.getAsLong();
    if (now - nextCommit >= 0) {
      nextCommit = now + settings.commitInterval().toNanos();
      commit();
    }
    measure();
  }

  private void retry() {
    if (stopping) {
      return;
    }
    List<Delivery> due = new ArrayList<>();
    long now = nanoTime.getAsLong();
    synchronized (retries) {
      for (Retry first = retries.peek();
          first != null && first.due - now <= 0;
          first = retries.peek()) {
        due.add(first.delivery);
        retries.remove();
      }
    }
    for (Delivery each : due) {
      each.partition.waiting(-1);
      if (each.partition.isLost()) {
        release(each);
      } else {
        metrics.retried();
        work(each);
      }
    }
  }

  /** Lets partitions rest that have enough to do, and the others go on. */
  private void pause() {
    long bytes = held.get();
    full = full ? bytes > limit / 2 : bytes >= limit;
    Set<TopicPartition> paused = consumer.paused();
    Set<TopicPartition> pause = new HashSet<>();
    Set<TopicPartition> resume = new HashSet<>();
    for (TopicPartition each : consumer.assignment()) {
      PartitionProgress progress = partitions.get(each);
      boolean rests = stopping || full || progress == null || progress.isWaiting();
      if (rests != paused.contains(each)) {
        (rests ? pause : resume).add(each);
      }
    }
    if (!pause.isEmpty()) {
      consumer.pause(pause);
    }
    if (!resume.isEmpty()) {
      consumer.resume(resume);
    }
  }

  private void measure() {
    for (PartitionProgress each : partitions.values()) {
      long behind = consumer.currentLag(each.partition).orElse(0);
      each.lag = behind + each.pending();
    }
  }

  private void work(Delivery delivery) {
    inWork.incrementAndGet();
    if (delivery.partition.enqueue(delivery)) {
      workers.execute(() -> deliverNext(delivery.partition));
    }
  }

  /** Passes one record on, and leaves its partition's next to another turn of the workers. */
  private void deliverNext(PartitionProgress partition) {
    try {
      deliver(partition.next());
    } finally {
      if (partition.hasNext()) {
        try {
          workers.execute(() -> deliverNext(partition));
        } catch (RejectedExecutionException e) {
          // The receiver is closed; what is left is read again.
        }
      }
    }
  }

  private void deliver(Delivery delivery) {
    Signal signal = delivery.topic.signal();
    byte[] request;
    int items;
    try {
      if (delivery.value.length == 0) {
        settled(delivery);
        return;
      }
      request = delivery.topic.encoding().decode(signal, delivery.value, MAX_REQUEST_BYTES);
      items = Items.count(signal, request);
      if (items == 0) {
        ItemCounter.checkKnown(request);
      }
      request = withHeaders(delivery, request);
    } catch (MalformedRequestException | InvalidJsonException e) {
      Outcome.Refused refusal =
          new Outcome.Refused(
              StatusCode.INVALID_ARGUMENT, String.valueOf(e.getMessage()), /* retryAfter= */ null);
      metrics.answered(signal, 0, refusal);
      refuse(delivery, 0, refusal);
      return;
    } catch (RuntimeException e) {
      InternalFault.log("a receiver of Kafka", e);
      refuse(
          delivery,
          0,
          new Outcome.Refused(
              StatusCode.INTERNAL, "the record cannot be read", /* retryAfter= */ null));
      return;
    }
    SenderAck ack = new SenderAck(outcome -> answered(delivery, items, outcome));
    delivery.ack = ack;
    if (delivery.partition.isLost()) {
      // Lost before the acknowledgement could be withdrawn.
      ack.settle(Outcome.refused(StatusCode.CANCELLED, "the partition is another consumer's"));
      return;
    }
    try {
      intake.accept(new OtlpRequest(signal, Slices.of(request), items, ack));
    } catch (RuntimeException | Error e) {
      ack.settle(InternalFault.log("the intake", e));
    }
  }

  private byte[] withHeaders(Delivery delivery, byte[] request) throws MalformedRequestException {
    byte[] stamped = request;
    for (int i = 0; i < settings.headers().size(); i++) {
      byte[] value = delivery.headers.get(i);
      if (value != null) {
        String attribute = "kafka.header." + settings.headers().get(i);
        stamped =
            stamp(delivery.topic.signal(), attribute, new String(value, StandardCharsets.UTF_8))
                .stamp(stamped);
      }
    }
    return stamped;
  }

  private static ResourceStamp stamp(Signal signal, String attribute, String value) {
    return switch (signal) {
      case TRACES -> ResourceStamp.ofSpans(attribute, value);
      case LOGS -> ResourceStamp.ofLogRecords(attribute, value);
      case METRICS -> ResourceStamp.ofMetrics(attribute, value);
    };
  }

  private void answered(Delivery delivery, int items, Outcome outcome) {
    delivery.ack = null;
    metrics.answered(delivery.topic.signal(), items, outcome);
    if (!(outcome instanceof Outcome.Refused refusal)) {
      settled(delivery);
    } else if (isTemporary(refusal)) {
      later(delivery, refusal.retryAfter());
    } else {
      refuse(delivery, items, refusal);
    }
  }

  /** Whether the record may be accepted later: the refusal does not depend on what it holds. */
  private static boolean isTemporary(Outcome.Refused refusal) {
    return refusal.retryable()
        || switch (refusal.code()) {
          case UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED -> true;
          default -> false;
        };
  }

  private void settled(Delivery delivery) {
    if (delivery.partition.settle(delivery)) {
      release(delivery);
    }
    inWork.decrementAndGet();
  }

  private void release(Delivery delivery) {
    held.addAndGet(-delivery.bytes);
  }

  private void later(Delivery delivery, @Nullable Duration retryAfter) {
    long delay =
        retryAfter != null && !retryAfter.isZero()
            ? retryAfter.toNanos()
            : FIRST_DELAY_NANOS << Math.min(delivery.attempts, MOST_DOUBLINGS);
    delivery.attempts++;
    delivery.partition.waiting(1);
    synchronized (retries) {
      retries.add(new Retry(delivery, nanoTime.getAsLong() + Math.min(delay, LONGEST_DELAY_NANOS)));
    }
    inWork.decrementAndGet();
  }

  private void refuse(Delivery delivery, int items, Outcome.Refused refusal) {
    if (delivery.partition.isLost()) {
      settled(delivery); // Its next owner meets the record again.
      return;
    }
    Outcome.Refused placed =
        new Outcome.Refused(
            refusal.code(), delivery.place() + ": " + refusal.message(), refusal.retryAfter());
    refused.add(
        id,
        delivery.topic.signal(),
        items,
        Slices.of(delivery.value),
        placed,
        kept -> {
          if (kept) {
            metrics.refused();
            refusals.warn(
                records ->
                    "receiver "
                        + id
                        + ": "
                        + records
                        + (records == 1 ? " record was" : " records were")
                        + " refused for good and passed over; "
                        + placed.message());
            settled(delivery);
          } else {
            later(delivery, /* retryAfter= */ null);
          }
        });
  }

  private Map<TopicPartition, OffsetAndMetadata> toCommit(Collection<PartitionProgress> of) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (PartitionProgress each : of) {
      long offset = each.toCommit();
      if (offset >= 0) {
        offsets.put(each.partition, new OffsetAndMetadata(offset));
      }
    }
    return offsets;
  }

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = toCommit(partitions.values());
    if (!offsets.isEmpty()) {
      consumer.commitAsync(
          offsets,
          (committed, failure) -> {
            if (failure == null) {
              committed(committed);
            } else {
              notCommitted(failure);
            }
          });
    }
  }

  /** Waits for the commit, because afterwards it is too late. */
  private void commitNow(Collection<PartitionProgress> of) {
    Map<TopicPartition, OffsetAndMetadata> offsets = toCommit(of);
    if (offsets.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(offsets, COMMIT_TIMEOUT);
      committed(offsets);
    } catch (KafkaException e) {
      notCommitted(e);
    }
  }

  private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach(
        (partition, offset) -> {
          PartitionProgress progress = partitions.get(partition);
          if (progress != null) {
            progress.committed(offset.offset());
          }
        });
  }

  private void notCommitted(Exception failure) {
    commits.warn(
        times ->
            "receiver "
                + id
                + ": "
                + times
                + (times == 1 ? " commit" : " commits")
                + " of offsets failed; records are received again after a restart: "
                + failure.getClass().getSimpleName());
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    assigned.forEach(each -> partitions.put(each, new PartitionProgress(each)));
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    List<PartitionProgress> going = lose(revoked);
    commitNow(going);
    revoked.forEach(partitions::remove);
  }

  /** Another consumer has them already, so nothing can be committed. */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> gone) {
    lose(gone);
    gone.forEach(partitions::remove);
    LOGGER.log(
        Level.WARNING,
        "receiver {0}: lost {1} partitions because it was not heard of for session_timeout; records"
            + " may be received twice",
        id,
        gone.size());
  }

  private List<PartitionProgress> lose(Collection<TopicPartition> these) {
    List<PartitionProgress> going = new ArrayList<>();
    for (TopicPartition each : these) {
      PartitionProgress progress = partitions.get(each);
      if (progress == null) {
        continue;
      }
      going.add(progress);
      for (Delivery delivery : progress.lose()) {
        SenderAck ack = delivery.ack;
        if (ack != null) {
          ack.withdraw();
        }
      }
    }
    return going;
  }

  /** Takes no more records. Those that were refused for now are left to the next owner. */
  void stop() {
    stopping = true;
  }

  /** Whether nothing is on its way that could still be settled. */
  boolean isIdle() {
    return inWork.get() == 0;
  }

  /** Commits what is settled, and leaves the group. */
  void close() {
    commitNow(partitions.values());
    try {
      consumer.close(CloseOptions.timeout(COMMIT_TIMEOUT));
    } catch (KafkaException e) {
      LOGGER.log(
          Level.WARNING,
          "receiver {0}: could not leave the group: {1}",
          id,
          e.getClass().getSimpleName());
    }
    metrics.close();
  }
}
