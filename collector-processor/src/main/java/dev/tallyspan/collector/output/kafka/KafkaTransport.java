package dev.tallyspan.collector.output.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.Reason;
import dev.tallyspan.collector.exporter.Response;
import dev.tallyspan.collector.exporter.Transport;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes each request to the topic of its signal, as one record or, by trace, as several. A request
 * is accepted when brokers have acknowledged all of its records; if one of them failed, the whole
 * request is sent again. Thread-safe.
 */
public final class KafkaTransport implements Transport {

  /*
   * The exporter's queue retries, so the producer does not beyond the timeout of an attempt: two
   * schedules of retries would multiply. send() waits for the topic's brokers, up to the timeout,
   * if they are not known. It runs on the exporter's own threads, and while attempts fail, the
   * queue makes one at a time.
   */

  /** Kafka's default. A record must fit in. */
  private static final long BUFFER_BYTES = 32L << 20;

  /**
   * How much of a partition is sent together, compressed, if it comes within the linger. Kafka's
   * default, 16 KiB, is less than one record of many traces: each would be a batch of its own, with
   * a new compressor, and with memory that is not used again. The memory has room for 256 of these,
   * so that partitions do not wait for each other.
   */
  private static final int BATCH_BYTES = 128 << 10;

  private final String exporter;
  private final KafkaExportSettings settings;
  private final Producer<byte[], byte[]> producer;

  KafkaTransport(String exporter, KafkaExportSettings settings, Producer<byte[], byte[]> producer) {
    this.exporter = exporter;
    this.settings = settings;
    this.producer = producer;
  }

  /**
   * Opens a transport, which connects on its own.
   *
   * @param exporter the id of the exporter, for outcomes
   * @throws IllegalArgumentException if the settings cannot be used: no broker's name can be
   *     resolved, for example
   */
  public static KafkaTransport open(String exporter, KafkaExportSettings settings) {
    try {
      return new KafkaTransport(
          exporter,
          settings,
          new KafkaProducer<>(
              properties(settings), new ByteArraySerializer(), new ByteArraySerializer()));
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalArgumentException("exporter " + exporter + ": " + cause.getMessage(), e);
    }
  }

  static Map<String, Object> properties(KafkaExportSettings settings) {
    Map<String, Object> properties = settings.client().properties();
    properties.put("acks", settings.requiredAcks() == 1 ? "1" : "all");
    properties.put("enable.idempotence", settings.requiredAcks() != 1);
    String codec = settings.compression().name().toLowerCase(Locale.ROOT);
    properties.put("compression.type", codec);
    if (settings.compressionLevel() != null) {
      properties.put("compression." + codec + ".level", settings.compressionLevel());
    }
    int timeout = millis(settings.timeout());
    int linger = millis(settings.linger());
    properties.put("linger.ms", linger);
    properties.put("request.timeout.ms", timeout);
    properties.put(
        "delivery.timeout.ms", (int) Math.min(Integer.MAX_VALUE, (long) timeout + linger));
    properties.put("max.block.ms", timeout);
    properties.put("max.request.size", settings.maxMessageBytes());
    // A batch that is not compressed must not be larger than a record may be: brokers limit it
    // alike.
    properties.put("batch.size", Math.min(BATCH_BYTES, settings.maxMessageBytes()));
    properties.put("buffer.memory", Math.max(BUFFER_BYTES, 2L * settings.maxMessageBytes()));
    if (settings.hasher() == KafkaExportSettings.Hasher.SARAMA_COMPAT) {
      properties.put("partitioner.class", SaramaPartitioner.class);
    }
    return properties;
  }

  private static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE / 2, duration.toMillis());
  }

  @Override
  public CompletableFuture<Response> send(
      Signal signal, Map<String, String> headers, Slices request) {
    List<ProducerRecord<byte[], byte[]>> records;
    try {
      records = records(signal, headers, request);
    } catch (MalformedRequestException e) {
      return CompletableFuture.completedFuture(
          Response.of(refused(StatusCode.INVALID_ARGUMENT, e.getMessage())));
    }
    for (ProducerRecord<byte[], byte[]> each : records) {
      if (each.value().length > settings.maxValueBytes()) {
        return CompletableFuture.completedFuture(
            Response.tooLarge(
                refused(
                    StatusCode.RESOURCE_EXHAUSTED,
                    "a record is larger than producer.max_message_bytes"),
                /* maxBytes= */ 0));
      }
    }
    Attempt attempt = new Attempt(records.size());
    records.forEach(attempt::send);
    return attempt.response;
  }

  private List<ProducerRecord<byte[], byte[]>> records(
      Signal signal, Map<String, String> headers, Slices request) throws MalformedRequestException {
    KafkaExportSettings.Topic topic = requireNonNull(settings.topics().get(signal));
    Headers all = new RecordHeaders();
    settings.headers().forEach((name, value) -> all.add(name, value.getBytes(UTF_8)));
    headers.forEach((name, value) -> all.add(name, value.getBytes(UTF_8)));
    List<TraceRecords> parts =
        signal == Signal.TRACES && settings.partitionTracesById()
            ? TraceRecords.of(request)
            : List.of(new TraceRecords(/* key= */ null, request));
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(parts.size());
    for (TraceRecords part : parts) {
      byte[] value = topic.encoding().encode(signal, part.request());
      records.add(
          new ProducerRecord<>(topic.name(), /* partition= */ null, part.key(), value, all));
    }
    return records;
  }

  /** What became of the records of one request. */
  private final class Attempt {

    final CompletableFuture<Response> response = new CompletableFuture<>();

    // Guarded by this.
    private int pending;
    private @Nullable Response worst;

    Attempt(int records) {
      pending = records;
    }

    void send(ProducerRecord<byte[], byte[]> each) {
      try {
        producer.send(each, (metadata, failure) -> done(failure));
      } catch (KafkaException | IllegalStateException e) {
        // Interrupted or closed; other failures arrive as those of brokers do.
        done(e);
      }
    }

    private void done(@Nullable Exception failure) {
      Response ended;
      synchronized (this) {
        if (failure != null) {
          Response failed = failed(failure);
          // A record that may be delivered later decides for the request.
          if (worst == null || isRetryable(failed)) {
            worst = failed;
          }
        }
        if (--pending > 0) {
          return;
        }
        ended = worst == null ? Response.of(Outcome.ACCEPTED) : worst;
      }
      response.complete(ended);
    }
  }

  private static boolean isRetryable(Response response) {
    return response.outcome() instanceof Outcome.Refused refused && refused.retryable();
  }

  /** Sorts the failures of Kafka's library. What is not known to be permanent is tried again. */
  private Response failed(Exception failure) {
    if (failure instanceof RecordTooLargeException
        || failure instanceof RecordBatchTooLargeException) {
      return Response.tooLarge(
          refused(StatusCode.RESOURCE_EXHAUSTED, "the broker refused the record as too large"),
          /* maxBytes= */ 0);
    }
    StatusCode code = code(failure);
    String name = failure.getClass().getSimpleName();
    return Response.of(refused(code, "cannot write to the topic: " + name))
        .because(
            code == StatusCode.UNAVAILABLE
                ? Reason.connection(failure)
                : new Reason(code.name(), failure::toString));
  }

  private static StatusCode code(Exception failure) {
    if (failure instanceof AuthenticationException) {
      return StatusCode.UNAUTHENTICATED;
    }
    if (failure instanceof AuthorizationException) {
      return StatusCode.PERMISSION_DENIED;
    }
    if (failure instanceof InvalidTopicException
        || failure instanceof UnsupportedVersionException) {
      // What a request holds does not matter: a wrong name, or a broker that is too old.
      return StatusCode.UNIMPLEMENTED;
    }
    if (failure instanceof InvalidRecordException) {
      return StatusCode.INVALID_ARGUMENT;
    }
    return StatusCode.UNAVAILABLE;
  }

  private Outcome.Refused refused(StatusCode code, String what) {
    return new Outcome.Refused(code, "exporter " + exporter + ": " + what, /* retryAfter= */ null);
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
