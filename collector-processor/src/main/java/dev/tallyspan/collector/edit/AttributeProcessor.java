package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.wire.ItemEditor;
import dev.tallyspan.collector.wire.ItemEdits;
import dev.tallyspan.collector.wire.LogIndexer;
import dev.tallyspan.collector.wire.LogSplicer;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.collector.wire.TraceIndexer;
import dev.tallyspan.collector.wire.TraceSplicer;
import dev.tallyspan.collector.wire.WireItem;
import java.util.List;
import java.util.function.Predicate;

/** Changes the attributes of the selected spans and log records. */
final class AttributeProcessor implements Processor {

  /* All processors share one of each kind, because a splicer keeps memory per thread. */
  private static final TraceIndexer SPANS = TraceIndexer.ofAllSpans();
  private static final LogIndexer RECORDS = LogIndexer.ofAllRecords();
  private static final TraceSplicer TRACES = new TraceSplicer();
  private static final LogSplicer LOGS = new LogSplicer();

  private final ItemEditor<WireItem, ItemEdits> editor;

  AttributeProcessor(
      List<AttributeAction> actions, Predicate<WireItem> selected, EditFaults faults) {
    editor =
        new ItemEditor<>() {
          @Override
          public void edit(int ordinal, WireItem item, ItemEdits edits) {
            if (selected.test(item)) {
              EditedAttributes edited = new EditedAttributes(item.attributes(), edits);
              actions.forEach(action -> action.apply(edited));
            }
          }

          @Override
          public void failed(Throwable cause) {
            faults.failed(cause);
          }
        };
  }

  @Override
  public Batch apply(Batch batch) throws MalformedRequestException {
    if (batch.request().signal() == Signal.METRICS) {
      return batch;
    }
    byte[] bytes = batch.request().bytes().contiguous();
    boolean traces = batch.request().signal() == Signal.TRACES;
    Slices edited =
        traces
            ? TRACES.splice(SPANS.index(bytes, 0, bytes.length), editor)
            : LOGS.splice(RECORDS.index(bytes, 0, bytes.length), editor);
    return edited.contiguous() == bytes ? batch : batch.rewritten(edited);
  }
}
