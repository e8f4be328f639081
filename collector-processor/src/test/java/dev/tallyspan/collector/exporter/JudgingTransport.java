package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A backend that answers at once, depending on the names of the spans it gets. */
final class JudgingTransport implements Transport {
  static final Outcome.Refused INVALID =
      new Outcome.Refused(StatusCode.INVALID_ARGUMENT, "invalid", null);

  final List<List<String>> attempts = new ArrayList<>();
  final List<Long> sizes = new ArrayList<>();
  final List<String> accepted = new ArrayList<>();
  private final Function<List<String>, Response> judge;

  JudgingTransport(Function<List<String>, Response> judge) {
    this.judge = judge;
  }

  /** A backend that refuses any request with one of these spans as invalid. */
  static JudgingTransport refusing(List<String> invalid) {
    return new JudgingTransport(
        names ->
            Response.of(names.stream().anyMatch(invalid::contains) ? INVALID : Outcome.ACCEPTED));
  }

  @Override
  public CompletableFuture<Response> send(
      Signal signal, Map<String, String> headers, Slices request) {
    List<String> names = SpanRequests.names(request.toByteArray());
    attempts.add(names);
    sizes.add(request.size());
    Response response = judge.apply(names);
    if (response.outcome() == Outcome.ACCEPTED) {
      accepted.addAll(names);
    }
    return CompletableFuture.completedFuture(response);
  }

  @Override
  public void close() {}
}
