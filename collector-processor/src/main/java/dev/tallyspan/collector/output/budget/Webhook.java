package dev.tallyspan.collector.output.budget;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Posts each alert as JSON to a URL, on its own thread, in order. An alert that fails is tried once
 * more. If the receiver is too slow, further alerts are dropped and counted. Thread-safe.
 */
public final class Webhook implements AlertSink {

  private static final Logger LOGGER = System.getLogger(Webhook.class.getName());
  private static final AttributeKey<String> RESULT =
      AttributeKey.stringKey("tallyspan.alert.result");
  private static final Attributes SENT = Attributes.of(RESULT, "sent");
  private static final Attributes FAILED = Attributes.of(RESULT, "failed");
  private static final Attributes DROPPED = Attributes.of(RESULT, "dropped");

  private final URI url;
  private final Map<String, String> headers;
  private final Duration timeout;
  private final LongCounter results;
  private final HttpClient client;
  private final ThreadPoolExecutor executor;

  /** Whether the last alert could not be sent: only the first failure in a row is logged. */
  private final AtomicBoolean failing = new AtomicBoolean();

  /**
   * @param url {@code http} or {@code https}; never logged, because it may contain a key
   * @param timeout of one attempt
   * @param waiting how many alerts may wait; further ones are dropped
   */
  public Webhook(URI url, Map<String, String> headers, Duration timeout, int waiting, Meter meter) {
    this.url = requireNonNull(url, "url");
    this.headers = new LinkedHashMap<>(headers);
    this.timeout = requireNonNull(timeout, "timeout");
    results =
        meter
            .counterBuilder("tallyspan.alerts")
            .setUnit("{alert}")
            .setDescription(
                "Alerts for the webhook, by `tallyspan.alert.result`: `sent`, `failed` or `dropped`.")
            .build();
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            task -> {
              Thread thread = new Thread(task, "tallyspan-webhook");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  @Override
  public void send(Alert alert) {
    try {
      executor.execute(() -> post(alert));
    } catch (RejectedExecutionException e) {
      results.add(1, DROPPED);
    }
  }

  private void post(Alert alert) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(AlertJson.of(alert)));
    headers.forEach(request::setHeader);
    String failure = attempt(request.build());
    if (failure != null) {
      failure = attempt(request.build());
    }
    results.add(1, failure == null ? SENT : FAILED);
    if (failure == null) {
      failing.set(false);
    } else if (failing.compareAndSet(false, true)) {
      LOGGER.log(Level.WARNING, "an alert could not be sent to the webhook: {0}", failure);
    }
  }

  /** Returns null, or why the attempt failed. */
  private @Nullable String attempt(HttpRequest request) {
    try {
      int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status / 100 == 2 ? null : "status " + status;
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "closed";
    }
  }

  /**
   * Sends what is waiting, and drops what cannot be sent in time.
   *
   * @param limit zero = drop it at once
   */
  public void close(Duration limit) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        executor.shutdownNow().forEach(unsent -> results.add(1, DROPPED));
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
