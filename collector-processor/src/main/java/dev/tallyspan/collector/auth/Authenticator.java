package dev.tallyspan.collector.auth;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Decides who sent a request from the header that carries the credentials.
 *
 * <p>Thread-safe. Receivers call {@link #authenticate} on their event loops, for each request
 * before they read its body.
 */
public interface Authenticator extends AutoCloseable {

  /** The name of the header that carries the credentials, in lower case. */
  String header();

  /** The value of {@code WWW-Authenticate} in a response to a request without valid credentials. */
  String challenge();

  /**
   * Checks the credentials of a request. Does not block, except to read a file of credentials that
   * has changed. How long it takes does not depend on how much of the credentials is right.
   *
   * @param credentials the value of the header; null if the request does not have it
   * @return the verdict: already complete, or completed later by another thread if the check needs
   *     a password hash that is slow to compute. Never completes exceptionally.
   */
  CompletableFuture<Verdict> authenticate(@Nullable String credentials);

  /** Stops the threads of this authenticator. Call this after its receivers have closed. */
  @Override
  default void close() {}
}
