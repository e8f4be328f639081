package dev.tallyspan.collector.output.policy;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.wire.ContentSplicer;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.semconv.content.ContentPolicy;
import java.util.BitSet;

/**
 * Applies a content policy to the bytes that exporters get: to everything in a request that can
 * hold content, whether it is about LLMs or not. It is the last processor before the exporters, so
 * that nothing that others wrote leaves unseen.
 *
 * <p>What the policy cannot read does not leave: such items are removed and counted.
 */
public final class PolicyProcessor implements Processor {

  private static final ContentSplicer TRACES = ContentSplicer.ofTraces();
  private static final ContentSplicer LOGS = ContentSplicer.ofLogs();
  private static final ContentSplicer METRICS = ContentSplicer.ofMetrics();

  private final ContentPolicy policy;
  private final TraceBudgets budgets;
  private final PolicyListener listener;
  private final boolean single;

  /**
   * @param listener receives what was done, once per request
   */
  public PolicyProcessor(ContentPolicy policy, TraceBudgets budgets, PolicyListener listener) {
    this(policy, budgets, listener, /* single= */ false);
  }

  /**
   * @param single whether the listener receives what was done with each attribute
   */
  private PolicyProcessor(
      ContentPolicy policy, TraceBudgets budgets, PolicyListener listener, boolean single) {
    this.policy = requireNonNull(policy, "policy");
    this.budgets = requireNonNull(budgets, "budgets");
    this.listener = requireNonNull(listener, "listener");
    this.single = single;
  }

  /**
   * Returns a processor whose listener receives what was done with each attribute and text. It does
   * everything twice.
   */
  public static PolicyProcessor reporting(
      ContentPolicy policy, TraceBudgets budgets, PolicyListener listener) {
    return new PolicyProcessor(policy, budgets, listener, /* single= */ true);
  }

  @Override
  public Batch apply(Batch batch) throws MalformedRequestException {
    OtlpRequest request = batch.request();
    ContentSplicer splicer =
        switch (request.signal()) {
          case TRACES -> TRACES;
          case LOGS -> LOGS;
          case METRICS -> METRICS;
        };
    PolicyEditor editor = new PolicyEditor(policy, budgets, single ? listener : null);
    ContentSplicer.Result result = splicer.splice(request.bytes(), editor);
    if (!single) {
      listener.applied("", "", editor.report());
    }
    BitSet kept = result.kept();
    if (kept == null) {
      return batch.rewritten(result.bytes());
    }
    if (result.items() != request.items()) {
      throw new MalformedRequestException("a metric has several kinds of data");
    }
    return Batch.of(request.part(Slices.of(result.bytes().contiguous()), kept));
  }
}
