package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.wire.ItemReader;
import dev.tallyspan.collector.wire.LogIndexer;
import dev.tallyspan.collector.wire.LogReader;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.SpanReader;
import dev.tallyspan.collector.wire.TraceIndexer;
import dev.tallyspan.collector.wire.WireItem;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.BitSet;
import java.util.function.Predicate;

/** Drops spans and log records. */
final class FilterProcessor implements Processor {

  private static final TraceIndexer SPANS = TraceIndexer.ofAllSpans();
  private static final LogIndexer RECORDS = LogIndexer.ofAllRecords();

  private final Predicate<WireItem> droppedSpans;
  private final Predicate<WireItem> droppedLogs;
  private final boolean dropsUnreadable;
  private final EditFaults faults;
  private final LongCounter spans;
  private final LongCounter logs;
  private final Attributes attributes;

  /**
   * @param dropsUnreadable whether items are dropped that cannot be read
   */
  FilterProcessor(
      Predicate<WireItem> droppedSpans,
      Predicate<WireItem> droppedLogs,
      boolean dropsUnreadable,
      EditFaults faults,
      Meter meter) {
    this.droppedSpans = droppedSpans;
    this.droppedLogs = droppedLogs;
    this.dropsUnreadable = dropsUnreadable;
    this.faults = faults;
    attributes = Attributes.of(AttributeKey.stringKey("filter"), faults.processor());
    spans = counter(meter, "spans", "Spans that were dropped.");
    logs = counter(meter, "logs", "Log records that were dropped.");
  }

  private static LongCounter counter(Meter meter, String what, String description) {
    return meter
        .counterBuilder("otelcol_processor_filter_" + what + "_filtered")
        .setDescription(description)
        .build();
  }

  @Override
  public Batch apply(Batch batch) throws MalformedRequestException {
    byte[] bytes = batch.request().bytes().contiguous();
    if (batch.request().signal() == Signal.TRACES) {
      RequestIndex index = SPANS.index(bytes, 0, bytes.length);
      return without(batch, dropped(index, new SpanReader(), droppedSpans), spans);
    }
    if (batch.request().signal() == Signal.LOGS) {
      RequestIndex index = RECORDS.index(bytes, 0, bytes.length);
      return without(batch, dropped(index, new LogReader(), droppedLogs), logs);
    }
    return batch;
  }

  private <I extends WireItem> BitSet dropped(
      RequestIndex index, ItemReader<I> items, Predicate<WireItem> isDropped) {
    BitSet dropped = new BitSet();
    try (ItemReader<I> reader = items) {
      for (int i = 0; i < index.size(); i++) {
        try {
          dropped.set(index.ordinal(i), isDropped.test(reader.read(index, i)));
        } catch (MalformedRequestException | RuntimeException | StackOverflowError e) {
          faults.failed(e);
          dropped.set(index.ordinal(i), dropsUnreadable);
        }
      }
    }
    return dropped;
  }

  private Batch without(Batch batch, BitSet dropped, LongCounter counter)
      throws MalformedRequestException {
    if (dropped.isEmpty()) {
      return batch;
    }
    counter.add(dropped.cardinality(), attributes);
    dropped.flip(0, batch.request().items());
    return batch.only(dropped);
  }
}
