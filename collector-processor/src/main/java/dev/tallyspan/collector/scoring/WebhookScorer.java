package dev.tallyspan.collector.scoring;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.CappedBody;
import dev.tallyspan.collector.flow.EpochNanos;
import dev.tallyspan.collector.flow.Intake;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.scoring.ScorerMetrics.Asked;
import dev.tallyspan.collector.scoring.ScorerMetrics.Returned;
import dev.tallyspan.collector.spans.EvaluationEvents;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.content.ContentPolicy;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Asks a webhook for scores, on a thread of its own. {@link #offer} never waits: what does not fit
 * into the queue is not scored, and counted. A request is not repeated, because the spans have left
 * already, and the next ones wait. Thread-safe.
 */
final class WebhookScorer {

  private static final Logger LOGGER = System.getLogger(WebhookScorer.class.getName());

  private static final String SOURCE = "gen_ai";

  /** A larger response is not read. */
  private static final int MAX_RESPONSE = 4 << 20;

  /** The most results of one span. */
  private static final int MOST_OF_SPAN = 16;

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_EXPLANATION = 8_000;

  /** The range of the lower half of a trace id without its highest bit. */
  private static final double ALL = Math.pow(2, 63);

  private final WebhookSettings settings;
  private final @Nullable ContentPolicy policy;
  private final ScorerMetrics metrics;
  private final InstantSource clock;
  private final HttpClient client;
  private final Thread thread;

  /** Only the first failure in a row is logged. */
  private final AtomicBoolean failing = new AtomicBoolean();

  private volatile @Nullable Intake results;

  // Guarded by this.
  private final Deque<ScoredSpan> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean started;
  private boolean closed;

  WebhookScorer(
      WebhookSettings settings,
      @Nullable ContentPolicy policy,
      ScorerMetrics metrics,
      InstantSource clock) {
    this.settings = requireNonNull(settings, "settings");
    this.policy = policy;
    this.metrics = metrics;
    this.clock = clock;
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.timeout())
            .build();
    thread = new Thread(this::run, "tallyspan-scorer");
    thread.setDaemon(true);
  }

  void resultsTo(Intake intake) {
    results = requireNonNull(intake, "intake");
  }

  boolean selects(SpanRecord record) {
    return settings.selection().selects(record)
        && isHex(record.traceId(), 32)
        && isHex(record.spanId(), 16)
        && isInShare(record.traceId());
  }

  private boolean isInShare(String traceId) {
    long random = Long.parseUnsignedLong(traceId.substring(16), 16) & Long.MAX_VALUE;
    return random < settings.share() * ALL;
  }

  private static boolean isHex(String id, int digits) {
    return id.length() == digits && id.chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }

  /** Asks about a span later, if the webhook scores it. Its content is copied now. */
  void offer(SpanView span, SpanRecord record) {
    if (!selects(record)) {
      return;
    }
    if (!hasRoom(0)) {
      metrics.asked(Asked.DROPPED, 1); // Without the work of writing it.
      return;
    }
    byte[] json = WebhookJson.span(span, record, policy);
    ScoredSpan scored =
        new ScoredSpan(record.traceId(), record.spanId(), record.serviceName(), json);
    synchronized (this) {
      if (hasRoom(json.length)) {
        waiting.add(scored);
        waitingBytes += json.length;
        if (!started) {
          started = true;
          thread.start();
        }
        notifyAll();
        return;
      }
    }
    metrics.asked(Asked.DROPPED, 1);
  }

  private synchronized boolean hasRoom(int bytes) {
    return !closed
        && waiting.size() < settings.queueSize()
        && waitingBytes + bytes <= settings.queueBytes();
  }

  private void run() {
    try {
      while (true) {
        List<ScoredSpan> batch = next();
        if (batch.isEmpty()) {
          return;
        }
        try {
          ask(batch);
        } catch (RuntimeException | StackOverflowError e) {
          failed(batch, e.getClass().getSimpleName());
        }
      }
    } catch (InterruptedException e) {
      // It is closed.
    }
  }

  /** Waits for spans; empty if it is closed. */
  private synchronized List<ScoredSpan> next() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    List<ScoredSpan> batch = new ArrayList<>();
    while (!closed && batch.size() < settings.batchSize() && !waiting.isEmpty()) {
      ScoredSpan span = waiting.remove();
      waitingBytes -= span.json().length;
      batch.add(span);
    }
    return batch;
  }

  private void ask(List<ScoredSpan> batch) throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.url())
            .timeout(settings.timeout())
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(WebhookJson.request(batch)));
    settings.headers().forEach(request::setHeader);
    CompletableFuture<HttpResponse<byte @Nullable []>> response =
        client.sendAsync(request.build(), info -> new CappedBody(MAX_RESPONSE));
    try {
      HttpResponse<byte @Nullable []> answer =
          response.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
      byte[] body = answer.body();
      if (answer.statusCode() / 100 != 2) {
        failed(batch, "status " + answer.statusCode());
      } else if (body == null) {
        failed(batch, "a response of more than 4 MiB");
      } else {
        answered(batch, WebhookJson.response(body, batch.size() * MOST_OF_SPAN));
      }
    } catch (TimeoutException e) {
      failed(batch, "no response in time");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      failed(batch, cause.getClass().getSimpleName());
    } catch (IOException e) {
      failed(batch, "a response that is not as documented");
    } catch (InterruptedException e) {
      failed(batch, "closed");
      throw e;
    } finally {
      response.cancel(true);
    }
  }

  private void failed(List<ScoredSpan> batch, String why) {
    metrics.asked(Asked.FAILED, batch.size());
    if (failing.compareAndSet(false, true)) {
      LOGGER.log(
          Level.WARNING,
          "the webhook of a scorer does not score: {0}; its spans leave without its scores",
          why);
    }
  }

  private void answered(List<ScoredSpan> batch, List<WebhookJson.Result> found) {
    failing.set(false);
    metrics.asked(Asked.ANSWERED, batch.size());
    Map<String, ScoredSpan> asked = new HashMap<>();
    batch.forEach(span -> asked.put(span.key(), span));
    Map<String, Integer> counts = new HashMap<>();
    List<EvaluationEvents.OfSpan> accepted = new ArrayList<>();
    for (WebhookJson.Result result : found) {
      String key = ScoredSpan.key(result.traceId(), result.spanId());
      ScoredSpan span = asked.get(key);
      boolean says = result.value() != null || !result.label().isEmpty();
      if (span == null
          || !says
          || result.name().isBlank()
          || result.name().length() > LONGEST_NAME
          || result.label().length() > LONGEST_NAME
          || counts.merge(key, 1, Integer::sum) > MOST_OF_SPAN) {
        metrics.returned(Returned.INVALID, 1);
      } else {
        accepted.add(
            new EvaluationEvents.OfSpan(
                span.traceId(), span.spanId(), span.service(), evaluation(result)));
      }
    }
    if (!accepted.isEmpty()) {
      send(accepted);
    }
  }

  private Evaluation evaluation(WebhookJson.Result result) {
    return new Evaluation(
        /* id= */ null,
        result.name(),
        result.value(),
        result.label().isEmpty() ? null : result.label(),
        result.explanation().isEmpty() ? null : beginning(result.explanation()),
        /* responseId= */ null,
        /* errorType= */ null,
        SOURCE,
        EpochNanos.now(clock));
  }

  /** Cuts without splitting a character in two. */
  private static String beginning(String text) {
    if (text.length() <= LONGEST_EXPLANATION) {
      return text;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(LONGEST_EXPLANATION - 1));
    return text.substring(0, splits ? LONGEST_EXPLANATION - 1 : LONGEST_EXPLANATION);
  }

  private void send(List<EvaluationEvents.OfSpan> accepted) {
    Intake intake = results;
    int count = accepted.size();
    if (intake == null) {
      metrics.returned(Returned.REFUSED, count);
      return;
    }
    intake.accept(
        new OtlpRequest(
            Signal.LOGS,
            Slices.of(EvaluationEvents.logs(accepted)),
            count,
            new SenderAck(
                outcome ->
                    metrics.returned(
                        outcome instanceof Outcome.Refused ? Returned.REFUSED : Returned.ACCEPTED,
                        count))));
  }

  /**
   * Waits for the response to what was sent. What waits to be sent is dropped.
   *
   * @param limit zero = do not wait
   */
  void close(Duration limit) {
    int dropped;
    synchronized (this) {
      closed = true;
      dropped = waiting.size();
      waiting.clear();
      waitingBytes = 0;
      notifyAll();
    }
    if (dropped > 0) {
      metrics.asked(Asked.DROPPED, dropped);
    }
    try {
      if (limit.toMillis() > 0) {
        thread.join(limit.toMillis());
      }
      thread.interrupt();
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
