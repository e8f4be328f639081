package dev.tallyspan.pricing.live;

import dev.tallyspan.pricing.CatalogException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last good value read from a source, and reads it again when the source changes. A
 * version that cannot be read or is rejected changes nothing.
 */
final class Reloader<T> implements AutoCloseable {

  /** Parses a text. */
  interface Reading<T> {
    /**
     * @param published when the text was published; null if the source does not know
     * @throws CatalogException if the text is rejected; the message names the source
     * @throws RefusedException if the text is rejected because of something else, which may change
     *     later
     */
    T read(String name, String text, @Nullable Instant published)
        throws CatalogException, RefusedException, IOException;
  }

  private final CatalogSource source;
  private final Reading<T> reading;
  private final Function<T, String> version;
  private final @Nullable String sha256;
  private final @Nullable SignatureKey key;
  private final Consumer<Reload> listener;
  private final InstantSource clock;
  private final ScheduledExecutorService executor;
  private volatile T current;
  private volatile Instant since;
  private @Nullable String seenDigest;

  /** Whether the last version that was found was rejected or could not be read. */
  private boolean failing;

  /**
   * @param first in force until a version is loaded
   * @param sha256 checksum of the only text to accept; null = any
   * @param key whose signature a text must have; null = none
   */
  Reloader(
      CatalogSource source,
      T first,
      Reading<T> reading,
      Function<T, String> version,
      @Nullable String sha256,
      @Nullable SignatureKey key,
      Consumer<Reload> listener,
      InstantSource clock) {
    this.source = source;
    this.reading = reading;
    this.version = version;
    this.sha256 = sha256;
    this.key = key;
    this.listener = listener;
    this.clock = clock;
    this.current = first;
    this.since = clock.instant();
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "tallyspan-catalog");
              thread.setDaemon(true);
              return thread;
            });
  }

  static void check(Duration interval) {
    if (interval.toMillis() < 1) {
      throw new IllegalArgumentException("interval=" + interval + " must be 1 ms or more");
    }
  }

  /**
   * Reads the source on the calling thread, and then checks it periodically on a thread of its own.
   */
  void start(Duration interval) {
    reload();
    long period = interval.toMillis();
    executor.scheduleWithFixedDelay(this::reload, period, period, TimeUnit.MILLISECONDS);
  }

  T current() {
    return current;
  }

  Instant since() {
    return since;
  }

  Reload reload() {
    Reload result = attempt();
    if (result.outcome() != Reload.Outcome.UNCHANGED) {
      try {
        listener.accept(result);
      } catch (RuntimeException e) {
        // A listener must not stop the reloading, and there is no other place to report to.
      }
    }
    return result;
  }

  private synchronized Reload attempt() {
    try {
      String text = source.changed();
      if (text == null) {
        return result(Reload.Outcome.UNCHANGED, null);
      }
      String digest = digest(text);
      if (digest.equals(seenDigest)) {
        return result(failing ? Reload.Outcome.RECOVERED : Reload.Outcome.UNCHANGED, null);
      }
      if (sha256 != null && !digest.equals(sha256)) {
        return rejected("has the sha256 " + digest + " instead of " + sha256);
      }
      if (key != null) {
        key.check(text, source.signature());
      }
      T candidate = reading.read(source.name(), text, source.published());
      seenDigest = digest;
      since = clock.instant();
      current = candidate;
      return result(Reload.Outcome.LOADED, null);
    } catch (RefusedException e) {
      source.forget();
      return rejected(e.getMessage());
    } catch (CatalogException e) {
      // The message names the source already.
      return result(Reload.Outcome.REJECTED, e.getMessage());
    } catch (CharacterCodingException e) {
      return failed("is not UTF-8 text; save it as UTF-8");
    } catch (FileSystemException e) {
      return failed("cannot be read: " + e.getClass().getSimpleName());
    } catch (IOException e) {
      return failed(e.getClass().getSimpleName() + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("interrupted");
    } catch (RuntimeException e) {
      return failed(e.getClass().getSimpleName());
    }
  }

  private Reload rejected(@Nullable String reason) {
    return result(Reload.Outcome.REJECTED, source.name() + " " + reason);
  }

  /** Makes the source return its text again, which may have been read before the failure. */
  private Reload failed(String reason) {
    source.forget();
    return result(Reload.Outcome.FAILED, source.name() + ": " + reason);
  }

  private Reload result(Reload.Outcome outcome, @Nullable String reason) {
    if (outcome != Reload.Outcome.UNCHANGED) {
      failing = outcome == Reload.Outcome.FAILED || outcome == Reload.Outcome.REJECTED;
    }
    return new Reload(outcome, version.apply(current), reason);
  }

  private static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
