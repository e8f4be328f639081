package dev.tallyspan.collector.viewer;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.collector.output.ledger.Ledger;
import dev.tallyspan.collector.output.ledger.SpendOverTime;
import dev.tallyspan.collector.output.ledger.SpendOverTime.Bucket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Charts of what the ledger holds, as JSON in UTF-8. The ledger is asked on a thread of its own,
 * one question after the other, so that neither the pages nor the ledger's commands wait for long.
 */
final class LedgerCharts implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** Beyond it, a chart is refused: the ones before it take too long already. */
  private static final int MAX_WAITING = 8;

  private static final int MAX_MESSAGE = 300;
  private static final JsonFactory JSON = new JsonFactory();

  private final Path data;
  private final Duration limit;
  private final ThreadPoolExecutor thread;

  LedgerCharts(Path data) {
    this(data, LIMIT);
  }

  /**
   * @param data the data directory
   * @param limit how long an answer may take, with waiting for others
   */
  LedgerCharts(Path data, Duration limit) {
    this.data = requireNonNull(data, "data");
    this.limit = limit;
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> {
              Thread made = new Thread(task, "tallyspan-viewer-ledger");
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  /**
   * Asks the ledger. The future is completed on another thread.
   *
   * @return fails with an {@link IOException} whose message is one line for the user
   */
  CompletableFuture<byte[]> of(SpendOverTime question) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    try {
      thread.execute(
          () -> {
            // The one who asked may have been told by now that it takes too long.
            if (!answer.isDone()) {
              ask(question, answer);
            }
          });
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new IOException("the ledger is busy with other charts; try again", e));
    }
    return answer
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(explained(e)));
  }

  private void ask(SpendOverTime question, CompletableFuture<byte[]> answer) {
    try (Ledger ledger = Ledger.ofServer(data, limit)) {
      answer.complete(json(question, question.run(ledger)));
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private IOException explained(Throwable e) {
    Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    if (cause instanceof TimeoutException) {
      return new IOException(
          "the ledger did not answer within " + limit.toSeconds() + " s; choose a shorter time", e);
    }
    String message =
        cause instanceof IOException ? String.valueOf(cause.getMessage()) : cause.toString();
    String line = message.replaceAll("\\s+", " ");
    return new IOException(
        line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "…" : line, e);
  }

  private static byte[] json(SpendOverTime question, SpendOverTime.Result found)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(8192);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("by", question.by());
      json.writeStringField("source", "ledger");
      json.writeStringField("currency", found.currency());
      json.writeArrayFieldStart("currencies");
      for (String currency : found.currencies()) {
        json.writeString(currency);
      }
      json.writeEndArray();
      json.writeNumberField("widthMillis", found.widthMillis());
      json.writeArrayFieldStart("times");
      for (int i = 0; i < found.buckets().size(); i++) {
        json.writeNumber((found.originMillis() + i * found.widthMillis()) / 1000.0);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("series");
      for (SpendOverTime.Series series : found.series()) {
        json.writeStartObject();
        json.writeStringField("name", series.name());
        json.writeFieldName("cost");
        json.writeArray(series.cost(), 0, series.cost().length);
        json.writeEndObject();
      }
      json.writeEndArray();
      counts("inputTokens", found.buckets(), Bucket::inputTokens, json);
      counts("cachedTokens", found.buckets(), Bucket::cachedTokens, json);
      counts("outputTokens", found.buckets(), Bucket::outputTokens, json);
      counts("calls", found.buckets(), Bucket::calls, json);
      counts("errors", found.buckets(), Bucket::errors, json);
      seconds("durationP50", found.buckets(), Bucket::durationP50, json);
      seconds("durationP95", found.buckets(), Bucket::durationP95, json);
      seconds("firstTokenP50", found.buckets(), Bucket::firstTokenP50, json);
      seconds("firstTokenP95", found.buckets(), Bucket::firstTokenP95, json);
      // The ledger does not know the order of the calls of a trace.
      json.writeArrayFieldStart("steps");
      json.writeEndArray();
      json.writeArrayFieldStart("spenders");
      for (SpendOverTime.Spender spender : found.spenders()) {
        spender(spender, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static void spender(SpendOverTime.Spender spender, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", spender.name());
    json.writeArrayFieldStart("cost");
    for (Map.Entry<String, BigDecimal> cost : spender.cost().entrySet()) {
      json.writeStartObject();
      json.writeStringField("currency", cost.getKey());
      json.writeStringField("amount", cost.getValue().toPlainString());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("inputTokens", spender.inputTokens());
    json.writeNumberField("cachedTokens", spender.cachedTokens());
    json.writeNumberField("outputTokens", spender.outputTokens());
    json.writeNumberField("calls", spender.calls());
    json.writeNumberField("unpriced", spender.unpriced());
    json.writeNumberField("partial", spender.partial());
    json.writeNumberField("errors", spender.errors());
    json.writeEndObject();
  }

  private static void counts(
      String field, List<Bucket> buckets, ToLongFunction<Bucket> count, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Bucket bucket : buckets) {
      json.writeNumber(count.applyAsLong(bucket));
    }
    json.writeEndArray();
  }

  private interface Seconds {
    @Nullable Double of(Bucket bucket);
  }

  private static void seconds(
      String field, List<Bucket> buckets, Seconds seconds, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart(field);
    for (Bucket bucket : buckets) {
      Double value = seconds.of(bucket);
      if (value == null) {
        json.writeNull();
      } else {
        json.writeNumber(value);
      }
    }
    json.writeEndArray();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
