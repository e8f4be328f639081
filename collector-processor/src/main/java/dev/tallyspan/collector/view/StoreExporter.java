package dev.tallyspan.collector.view;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps the spans it is sent for a viewer on this machine; accepts logs and metrics and lets go.
 */
public final class StoreExporter implements Exporter {

  private final TraceStore store;
  private final Consumer<List<SpanRow>> listener;

  /**
   * @param listener is told of spans after they are in the store, on the thread that sent them
   */
  public StoreExporter(TraceStore store, Consumer<List<SpanRow>> listener) {
    this.store = requireNonNull(store, "store");
    this.listener = requireNonNull(listener, "listener");
  }

  @Override
  public void send(OtlpRequest request) {
    if (request.signal() == Signal.TRACES) {
      try {
        List<SpanRow> rows = SpanRows.decode(request.bytes().contiguous());
        store.addAll(rows);
        listener.accept(rows);
      } catch (MalformedRequestException e) {
        request.ack().settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, e.getMessage()));
        return;
      }
    }
    request.ack().settle(Outcome.ACCEPTED);
  }

  @Override
  public void close(Duration drain) {
    // Holds nothing that would have to be delivered.
  }
}
