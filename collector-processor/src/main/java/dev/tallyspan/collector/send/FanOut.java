package dev.tallyspan.collector.send;

import dev.tallyspan.collector.otlp.Outcome;
import dev.tallyspan.collector.otlp.Signal;
import dev.tallyspan.collector.otlp.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Several destinations that all get every request. They share its bytes and nothing else: each has
 * its own queue, pace and retries, so that one that is slow or down does not hold up the others.
 *
 * <p>What the sender is told when they disagree:
 *
 * <ul>
 *   <li>all accepted: accepted;
 *   <li>one refused and may be asked again: {@code UNAVAILABLE}, with the longest wait that any
 *       asked for, since accepting would lose the request for that one. When the sender comes
 *       again, those that had accepted get the request a second time;
 *   <li>some accepted, others refused for good: accepted with a warning, since sending again would
 *       change nothing;
 *   <li>all refused for good: refused as the first one did;
 *   <li>some accepted in part: so many items rejected as the one that rejected most.
 * </ul>
 */
public final class FanOut implements Destination {
  private final List<Destination> destinations;

  /**
   * @throws IllegalArgumentException if there is none
   */
  public FanOut(List<? extends Destination> destinations) {
    if (destinations.isEmpty()) {
      throw new IllegalArgumentException("destinations=[]: at least one is needed");
    }
    this.destinations = List.copyOf(destinations);
  }

  @Override
  public CompletableFuture<Outcome> send(Signal signal, Slices request, int items) {
    if (destinations.size() == 1) {
      return destinations.get(0).send(signal, request, items);
    }
    List<CompletableFuture<Outcome>> each = new ArrayList<>(destinations.size());
    for (Destination destination : destinations) {
      each.add(destination.send(signal, request, items));
    }
    CompletableFuture<Outcome> all = new CompletableFuture<>();
    CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new))
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                all.complete(combine(each.stream().map(CompletableFuture::join).toList()));
              }
            });
    all.whenComplete(
        (outcome, failure) ->
            each.forEach(future -> future.cancel(/* mayInterruptIfRunning= */ false)));
    return all;
  }

  private static Outcome combine(List<Outcome> outcomes) {
    int refused = 0;
    Outcome.Refused retryable = null;
    Outcome.Refused first = null;
    Duration retryAfter = null;
    long rejected = 0;
    String partial = null;
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Refused refusal) {
        refused++;
        first = first == null ? refusal : first;
        if (refusal.retryable()) {
          retryable = retryable == null ? refusal : retryable;
          retryAfter = longer(retryAfter, refusal.retryAfter());
        }
      } else if (outcome instanceof Outcome.Partial some) {
        partial = partial == null || some.rejected() > rejected ? some.message() : partial;
        rejected = Math.max(rejected, some.rejected());
      }
    }
    if (retryable != null) {
      return new Outcome.Refused(StatusCode.UNAVAILABLE, retryable.message(), retryAfter);
    }
    if (refused == outcomes.size()) {
      return first;
    }
    if (refused > 0) {
      return new Outcome.Partial(
          rejected,
          refused + " of " + outcomes.size() + " destinations refused: " + first.message());
    }
    return partial == null ? Outcome.ACCEPTED : new Outcome.Partial(rejected, partial);
  }

  private static Duration longer(Duration a, Duration b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.compareTo(b) >= 0 ? a : b;
  }

  /** Closes all at the same time, so that all of them have the whole drain. */
  @Override
  public void close(Duration drain) {
    List<Thread> threads = new ArrayList<>();
    for (Destination destination : destinations) {
      Thread thread = new Thread(() -> destination.close(drain), "tallyspan-close");
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
