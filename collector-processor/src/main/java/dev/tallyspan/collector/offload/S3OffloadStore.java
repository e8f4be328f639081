package dev.tallyspan.collector.offload;

import dev.tallyspan.semconv.content.OffloadStore;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps parts as objects of a bucket, named by their content: {@code PREFIXab/abcd…}. A part that
 * was uploaded before, by this process and recently, is not uploaded again; of others, an object is
 * replaced by itself. Nothing is ever deleted. Thread-safe; {@link #put} never blocks.
 */
public final class S3OffloadStore implements OffloadStore, AutoCloseable {
  /*
   * The name of an object follows from its content, so the reference is known before the object is
   * there, and a slow store does not hold up the requests: parts wait in memory, bounded by their
   * bytes, for two threads that upload them. What does not fit is not taken, and the policy decides
   * what becomes of it. An upload that fails is tried again, with pauses, for a while: then the part
   * is lost, its reference leads nowhere, and that is counted.
   *
   * The alternative, to upload before the request goes on, would stop all receiving while the store
   * is down; to keep parts on disk until they are uploaded is what the directory of a FileOffloadStore
   * and any tool that synchronises directories do.
   */

  private static final Logger LOGGER = System.getLogger(S3OffloadStore.class.getName());
  private static final AttributeKey<String> RESULT = AttributeKey.stringKey("result");
  private static final Attributes UPLOADED = Attributes.of(RESULT, "uploaded");
  private static final Attributes REFUSED = Attributes.of(RESULT, "refused");
  private static final Attributes LOST = Attributes.of(RESULT, "lost");

  private static final int THREADS = 2;
  private static final int REMEMBERED = 4096;
  private static final Duration ATTEMPT = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** How often a part is tried: for about five minutes. */
  private static final int ATTEMPTS = 34;

  private record Part(String name, String hash, byte[] bytes, String type) {}

  private final S3Settings settings;
  private final URI base;
  private final Duration firstPause;
  private final InstantSource clock;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final LongCounter counter;
  private final LinkedBlockingQueue<Part> queue = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  // Guarded by this.
  private final Map<String, Boolean> taken =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };
  private long pendingBytes;
  private int pending;
  private boolean closed;
  private @Nullable String lastFailure;

  /** Creates a store and starts its threads. */
  public S3OffloadStore(S3Settings settings, Meter meter) {
    this(settings, Duration.ofMillis(200), InstantSource.system(), meter);
  }

  /**
   * @param firstPause after the first failure of a part; each further one is twice as long
   */
  S3OffloadStore(S3Settings settings, Duration firstPause, InstantSource clock, Meter meter) {
    this.settings = settings;
    this.firstPause = firstPause;
    this.clock = clock;
    base = settings.base();
    counter =
        meter
            .counterBuilder("tallyspan_offload_parts")
            .setDescription("Parts for the object store, by what became of them.")
            .setUnit("{part}")
            .build();
    for (Attributes result : List.of(UPLOADED, REFUSED, LOST)) {
      counter.add(0, result);
    }
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(this::upload, "tallyspan-offload-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  @Override
  public @Nullable URI put(String contentHash, byte[] bytes, String mimeType) {
    String name = settings.prefix() + contentHash.substring(0, 2) + "/" + contentHash;
    synchronized (this) {
      if (closed) {
        counter.add(1, REFUSED);
        return null;
      }
      if (taken.get(contentHash) == null) {
        if (pendingBytes + bytes.length > settings.maxQueuedBytes()) {
          counter.add(1, REFUSED);
          return null;
        }
        pendingBytes += bytes.length;
        pending++;
        taken.put(contentHash, true);
        queue.add(new Part(name, contentHash, bytes, type(mimeType)));
      }
    }
    return base.resolve(name);
  }

  /** What senders call a type may be anything, and it becomes a header. */
  private static String type(String mimeType) {
    return mimeType.matches("[A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,60}")
        ? mimeType
        : "application/octet-stream";
  }

  private void upload() {
    try {
      while (true) {
        Part part = queue.take();
        boolean uploaded = false;
        try {
          uploaded = upload(part);
        } finally {
          done(part, uploaded);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // The store is closed.
    }
  }

  private boolean upload(Part part) throws InterruptedException {
    Duration pause = firstPause;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      String failure = attempt(part);
      if (failure == null) {
        recovered();
        return true;
      }
      failed(failure);
      if (attempt < ATTEMPTS) {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    }
    return false;
  }

  /** Returns what went wrong, without anything that the store says; null if nothing did. */
  private @Nullable String attempt(Part part) throws InterruptedException {
    URI uri = base.resolve(part.name);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(ATTEMPT)
            .PUT(HttpRequest.BodyPublishers.ofByteArray(part.bytes));
    S3Signature.headers(
            settings, "PUT", uri, part.hash, Map.of("content-type", part.type), clock.instant())
        .forEach(request::header);
    try {
      int status =
          client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      return status / 100 == 2 ? null : "status " + status;
    } catch (IOException e) {
      return e.getClass().getSimpleName();
    }
  }

  private synchronized void done(Part part, boolean uploaded) {
    pending--;
    pendingBytes -= part.bytes.length;
    counter.add(1, uploaded ? UPLOADED : LOST);
    if (!uploaded) {
      taken.remove(part.hash);
    }
    notifyAll();
  }

  private synchronized void failed(String failure) {
    if (!failure.equals(lastFailure)) {
      lastFailure = failure;
      LOGGER.log(
          Level.WARNING, "offload to {0}: {1}; it is tried again", settings.endpoint(), failure);
    }
  }

  private synchronized void recovered() {
    if (lastFailure != null) {
      lastFailure = null;
      LOGGER.log(Level.INFO, "offload to {0}: works again", settings.endpoint());
    }
  }

  /** Closes the store without waiting. */
  @Override
  public void close() {
    close(Duration.ZERO);
  }

  /**
   * Takes nothing more, and uploads what waits.
   *
   * @param limit after it, what still waits is lost
   */
  public void close(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (this) {
      closed = true;
      try {
        for (long left = limit.toNanos();
            pending > 0 && left > 0;
            left = deadline - System.nanoTime()) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (pending > 0) {
        LOGGER.log(
            Level.WARNING,
            "offload to {0}: {1} parts were not uploaded in time and are lost",
            settings.endpoint(),
            pending);
      }
      counter.add(queue.size(), LOST);
      queue.clear();
    }
    threads.forEach(Thread::interrupt);
  }
}
