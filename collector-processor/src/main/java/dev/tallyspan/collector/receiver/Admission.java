package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.auth.Authenticator;
import dev.tallyspan.collector.auth.Verdict;
import dev.tallyspan.collector.listen.RareLog;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Checks who sends, before a request is read. Logs in at most one line per minute that requests
 * were refused, with the address of the last one and never with its credentials. Thread-safe; does
 * not block.
 */
final class Admission {

  private final Authenticator authenticator;
  private final String server;
  private final RareLog log = new RareLog(System.getLogger(Admission.class.getName()));

  /**
   * @param server names the receiver and the protocol in the log
   */
  Admission(Authenticator authenticator, String server) {
    this.authenticator = authenticator;
    this.server = server;
  }

  /** The name of the header that carries the credentials, in lower case. */
  String header() {
    return authenticator.header();
  }

  String challenge() {
    return authenticator.challenge();
  }

  /**
   * @param credentials the value of {@link #header}; null if the request does not have it
   */
  CompletableFuture<Verdict> check(@Nullable String credentials) {
    return authenticator.authenticate(credentials);
  }

  /** Returns why the verdict refuses the request; null if it does not. */
  @Nullable Refusal refusal(Verdict verdict, @Nullable SocketAddress peer) {
    if (verdict instanceof Verdict.Accepted) {
      return null;
    }
    if (verdict == Verdict.Unknown.BUSY) {
      return Refusal.overloaded();
    }
    log.warn(
        count ->
            server
                + ": refused "
                + count
                + " requests without valid credentials, the last one from "
                + shown(peer));
    return Refusal.unauthenticated(
        verdict == Verdict.Rejected.MISSING
            ? "credentials are missing: send them in the header " + header()
            : "the credentials are not valid");
  }

  private static String shown(@Nullable SocketAddress peer) {
    return peer instanceof InetSocketAddress address && address.getAddress() != null
        ? address.getAddress().getHostAddress()
        : "an unknown address";
  }
}
