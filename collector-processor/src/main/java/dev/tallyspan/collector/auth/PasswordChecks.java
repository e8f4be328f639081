package dev.tallyspan.collector.auth;

import dev.tallyspan.collector.flow.Sender;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Compares passwords with hashes that take long to compute, on one thread, so that wrong passwords
 * occupy at most one core. Remembers what was right, by a digest of the credentials and the hash,
 * so that a sender pays once and not for each request; a changed hash is another one. If too many
 * checks wait, the next ones are answered as {@code BUSY}. Thread-safe; does not block.
 */
final class PasswordChecks implements AutoCloseable {

  private static final int MAX_WAITING = 64;

  private static final int MAX_REMEMBERED = 1024;

  private final SaltedDigest digests;
  private final Map<ByteBuffer, Sender> remembered =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Sender> eldest) {
              return size() > MAX_REMEMBERED;
            }
          });
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          task -> {
            Thread created = new Thread(task, "auth-password");
            created.setDaemon(true);
            return created;
          });

  PasswordChecks(SaltedDigest digests) {
    this.digests = digests;
    thread.allowCoreThreadTimeOut(true);
  }

  CompletableFuture<Verdict> check(Sender sender, String password, StoredPassword.Bcrypt stored) {
    // A hash has no colon, and neither has a name.
    ByteBuffer key =
        ByteBuffer.wrap(digests.of(stored.hash() + ":" + sender.name() + ":" + password));
    Sender known = remembered.get(key);
    if (known != null) {
      return CompletableFuture.completedFuture(new Verdict.Accepted(known));
    }
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    try {
      thread.execute(() -> verdict.complete(compare(sender, password, stored, key)));
    } catch (RejectedExecutionException e) {
      verdict.complete(Verdict.Unknown.BUSY);
    }
    return verdict;
  }

  private Verdict compare(
      Sender sender, String password, StoredPassword.Bcrypt stored, ByteBuffer key) {
    try {
      if (!stored.matches(password)) {
        return Verdict.Rejected.WRONG;
      }
      remembered.put(key, sender);
      return new Verdict.Accepted(sender);
    } catch (RuntimeException e) {
      // The request must get an answer, and not the one that its password is wrong.
      return Verdict.Unknown.BUSY;
    }
  }

  /**
   * Stops after the check that runs. Those that wait are not answered: their receiver has closed.
   */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
