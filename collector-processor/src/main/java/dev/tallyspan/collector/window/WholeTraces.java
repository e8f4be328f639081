package dev.tallyspan.collector.window;

import dev.tallyspan.collector.flow.InternalFault;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.KeyClass;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides who bills each call, and sums costs, over requests that are all there: one request that
 * must not wait for others, or a list of files.
 */
public final class WholeTraces {

  private WholeTraces() {}

  /**
   * Returns a processor that decides over the spans of each request alone.
   *
   * @param filled what a billed span takes over from the other spans of its call
   */
  public static Processor perRequest(Set<KeyClass> filled) {
    return batch -> {
      if (batch.records().isEmpty() || batch.request().signal() != Signal.TRACES) {
        return batch;
      }
      try {
        return decide(List.of(batch), /* whole= */ false, filled).get(0);
      } catch (RuntimeException | StackOverflowError e) {
        // The spans leave with what they say themselves.
        InternalFault.log("the decision about a request", e);
        return batch;
      }
    };
  }

  /**
   * Returns the batches, in the same order, with what was decided over all of them.
   *
   * @param filled what a billed span takes over from the other spans of its call
   * @throws MalformedRequestException if the bytes of one are not a trace request
   */
  public static List<Batch> of(List<Batch> batches, Set<KeyClass> filled)
      throws MalformedRequestException {
    return decide(batches, /* whole= */ true, filled);
  }

  private static List<Batch> decide(List<Batch> batches, boolean whole, Set<KeyClass> filled)
      throws MalformedRequestException {
    Set<TraceId> llmTraces = new HashSet<>();
    List<RequestSpans> requests = new ArrayList<>(batches.size());
    for (Batch batch : batches) {
      RequestSpans request = RequestSpans.of(batch);
      requests.add(request);
      request.collectLlmTraces(llmTraces);
    }
    List<TraceSpan> spans = new ArrayList<>();
    for (RequestSpans request : requests) {
      request.collect(llmTraces, spans);
    }
    CallRules.decide(spans, whole, filled);
    Totals.set(spans);
    return requests.stream().map(RequestSpans::decided).toList();
  }
}
