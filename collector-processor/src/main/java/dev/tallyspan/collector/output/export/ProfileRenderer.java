package dev.tallyspan.collector.output.export;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.spans.WireEdits;
import dev.tallyspan.collector.spans.WireLogView;
import dev.tallyspan.collector.spans.WireSpanView;
import dev.tallyspan.collector.wire.ItemEditor;
import dev.tallyspan.collector.wire.ItemEdits;
import dev.tallyspan.collector.wire.LogEdits;
import dev.tallyspan.collector.wire.LogSplicer;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.collector.wire.SpanEdits;
import dev.tallyspan.collector.wire.TraceSplicer;
import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireItem;
import dev.tallyspan.collector.wire.WireLog;
import dev.tallyspan.collector.wire.WireSpan;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.read.SpanRenderer;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.List;
import java.util.function.Consumer;

/** Writes the LLM spans and log records of a batch according to a profile. Thread-safe. */
public final class ProfileRenderer {

  private static final String GEN_AI_USAGE_COST = "gen_ai.usage.cost";

  /* All renderers share one splicer of each kind, because a splicer keeps memory per thread. */
  private static final TraceSplicer TRACES = new TraceSplicer();
  private static final LogSplicer LOGS = new LogSplicer();

  private final SpanRenderer renderer;
  private final boolean genAiUsageCost;
  private final Consumer<Throwable> failures;

  /**
   * @param failures receives the cause if an LLM span is forwarded unchanged because writing it
   *     failed
   */
  public ProfileRenderer(Profile profile, Consumer<Throwable> failures) {
    this.renderer = profile.renderer();
    this.genAiUsageCost = profile.genAiUsageCost();
    this.failures = requireNonNull(failures, "failures");
  }

  /** Returns the request to forward. Shares the received bytes. */
  public Slices render(Batch batch) {
    RequestIndex index = batch.index();
    if (index == null || batch.records().isEmpty()) {
      return batch.request().bytes();
    }
    try {
      return switch (batch.request().signal()) {
        case TRACES -> TRACES.splice(index, new SpanEditor(batch.records()));
        case LOGS -> LOGS.splice(index, new LogEditor(batch.records()));
        case METRICS -> batch.request().bytes();
      };
    } catch (MalformedRequestException e) {
      // Cannot happen: the items of all records have been read before.
      throw new IllegalStateException(e);
    }
  }

  /** Whether a log record states the usage of a call, so that it has a cost too. */
  private static boolean isCall(LlmSpan llm) {
    return llm.usage() != null && llm.billing() == Billing.CALL;
  }

  private void write(Cost cost, WireAttributes attributes, WireEdits edits) {
    boolean hasCost = attributes.indexOf(GEN_AI_USAGE_COST) >= 0;
    cost.render(edits, genAiUsageCost && !hasCost);
  }

  /** Advances through the records as the splicer advances through the items, both ascending. */
  private abstract class Editor<I extends WireItem, X extends ItemEdits>
      implements ItemEditor<I, X> {

    private final List<SpanRecord> records;
    private int next;

    Editor(List<SpanRecord> records) {
      this.records = records;
    }

    @Override
    public final boolean concerns(int ordinal) {
      while (next < records.size() && records.get(next).item() < ordinal) {
        next++;
      }
      return next < records.size()
          && records.get(next).item() == ordinal
          && !records.get(next).llm().alreadyProcessed();
    }

    /** Returns the record of the item in the last call of {@link #concerns}. */
    final SpanRecord current() {
      return records.get(next);
    }

    @Override
    public final void failed(Throwable cause) {
      failures.accept(cause);
    }
  }

  private final class SpanEditor extends Editor<WireSpan, SpanEdits> {

    SpanEditor(List<SpanRecord> records) {
      super(records);
    }

    @Override
    public void edit(int ordinal, WireSpan span, SpanEdits spanEdits) {
      SpanRecord record = current();
      WireEdits edits = new WireEdits(spanEdits);
      renderer.render(record.llm(), new WireSpanView(span), edits, record.cost().status());
      write(record.cost(), span.attributes(), edits);
    }
  }

  private final class LogEditor extends Editor<WireLog, LogEdits> {

    LogEditor(List<SpanRecord> records) {
      super(records);
    }

    @Override
    public void edit(int ordinal, WireLog log, LogEdits logEdits) {
      SpanRecord record = current();
      WireEdits edits = new WireEdits(logEdits);
      renderer.render(record.llm(), new WireLogView(log), edits, record.cost().status());
      if (isCall(record.llm())) {
        write(record.cost(), log.attributes(), edits);
      }
    }
  }
}
