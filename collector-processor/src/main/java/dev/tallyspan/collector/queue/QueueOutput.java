package dev.tallyspan.collector.queue;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Intake;
import java.util.List;

/**
 * A consumer of a queue, with its own position in it.
 *
 * @param name identifies the output's position between runs: {@code traces:otlp_http/jaeger}
 * @param route which requests it gets: those that were queued for this route
 * @param intake delivers a request and settles its share; called on the queue's workers
 * @param concurrency the number of requests that are understood and written at the same time; with
 *     1, requests are passed on in the order of their arrival
 * @param heldBytes the size of the requests that the output may hold back by itself, in addition to
 *     those that it is delivering; 0 = it holds none back
 */
public record QueueOutput(
    String name, String route, Intake intake, int concurrency, long heldBytes) {

  public QueueOutput {
    requireNonNull(name, "name");
    requireNonNull(route, "route");
    requireNonNull(intake, "intake");
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency=" + concurrency + ": must be positive");
    }
  }

  /** An output that holds no requests back. */
  public QueueOutput(String name, String route, Intake intake, int concurrency) {
    this(name, route, intake, concurrency, /* heldBytes= */ 0);
  }

  /** Returns the name of the output of an exporter in a pipeline, whose id is the route. */
  public static String name(String pipeline, String exporter) {
    return pipeline + ":" + exporter;
  }

  /** Whether an output with this name gets requests that were queued for these routes. */
  static boolean isOf(String name, List<String> routes) {
    return routes.stream().anyMatch(route -> name.startsWith(route + ":"));
  }
}
