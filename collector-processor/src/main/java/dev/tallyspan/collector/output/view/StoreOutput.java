package dev.tallyspan.collector.output.view;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Output;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps spans for a viewer on this machine; accepts and drops logs and metrics. */
public final class StoreOutput implements Output {

  private final TraceStore store;
  private final Consumer<List<SpanRow>> listener;

  /**
   * @param listener receives spans after they are in the store, on the thread that wrote them
   */
  public StoreOutput(TraceStore store, Consumer<List<SpanRow>> listener) {
    this.store = requireNonNull(store, "store");
    this.listener = requireNonNull(listener, "listener");
  }

  @Override
  public void write(Batch batch) {
    List<SpanRow> rows = new ArrayList<>();
    try {
      batch.forEachSpan((span, record, sums) -> rows.add(SpanRow.of(span, record)));
    } catch (MalformedRequestException e) {
      batch
          .request()
          .ack()
          .settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, String.valueOf(e.getMessage())));
      return;
    }
    store.addAll(rows);
    listener.accept(rows);
    batch.request().ack().settle(Outcome.ACCEPTED);
  }
}
