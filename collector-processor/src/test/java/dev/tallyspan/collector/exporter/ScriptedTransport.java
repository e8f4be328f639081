package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A backend that answers when, and what, the test says. */
final class ScriptedTransport implements Transport {
  static final Outcome DOWN = Outcome.refused(StatusCode.UNAVAILABLE, "down");

  record Attempt(
      Signal signal, Map<String, String> headers, byte[] bytes, CompletableFuture<Outcome> answer) {
    String body() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    List<String> names() {
      return SpanRequests.names(bytes);
    }

    void accept() {
      answer.complete(Outcome.ACCEPTED);
    }

    void fail() {
      answer.complete(DOWN);
    }

    void throttle(Duration retryAfter) {
      answer.complete(new Outcome.Refused(StatusCode.UNAVAILABLE, "busy", retryAfter));
    }
  }

  final List<Attempt> attempts = new CopyOnWriteArrayList<>();
  boolean closed;

  @Override
  public synchronized CompletableFuture<Response> send(
      Signal signal, Map<String, String> headers, Slices request) {
    Attempt attempt =
        new Attempt(signal, headers, request.toByteArray(), new CompletableFuture<>());
    attempts.add(attempt);
    return attempt.answer().thenApply(Response::of);
  }

  @Override
  public void close() {
    closed = true;
  }

  Attempt last() {
    return attempts.get(attempts.size() - 1);
  }

  List<String> bodies() {
    return attempts.stream().map(Attempt::body).toList();
  }
}
