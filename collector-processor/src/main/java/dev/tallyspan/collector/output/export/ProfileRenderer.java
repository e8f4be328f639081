package dev.tallyspan.collector.output.export;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.ItemCursor;
import dev.tallyspan.collector.pipeline.SpanChange;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.spans.EvaluationEvents;
import dev.tallyspan.collector.spans.WireEdits;
import dev.tallyspan.collector.spans.WireLogView;
import dev.tallyspan.collector.spans.WireSpanView;
import dev.tallyspan.collector.wire.ItemEditor;
import dev.tallyspan.collector.wire.LogEdits;
import dev.tallyspan.collector.wire.LogSplicer;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.collector.wire.SpanEdits;
import dev.tallyspan.collector.wire.TraceSplicer;
import dev.tallyspan.collector.wire.WireAttributes;
import dev.tallyspan.collector.wire.WireLog;
import dev.tallyspan.collector.wire.WireSpan;
import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TallyspanAttributes;
import dev.tallyspan.semconv.read.OpenInferenceRenderer;
import dev.tallyspan.semconv.read.SpanRenderer;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes the LLM spans and log records of a batch according to a profile. Thread-safe. */
public final class ProfileRenderer {

  private static final String GEN_AI_USAGE_COST = "gen_ai.usage.cost";

  /* All renderers share one splicer of each kind, because a splicer keeps memory per thread. */
  private static final TraceSplicer TRACES = new TraceSplicer();
  private static final LogSplicer LOGS = new LogSplicer();

  private final SpanRenderer renderer;
  private final boolean writesContent;
  private final boolean genAiUsageCost;

  /** Null if spans are written in the GenAI conventions alone. */
  private final @Nullable OpenInferenceRenderer openInference;

  /** Null if the backend reads nothing else. */
  private final @Nullable BackendWriter backend;

  /** The keys of lists, and of the texts beside them. */
  private final Map<String, String> joinedLists;

  private final Consumer<Throwable> failures;

  /**
   * @param failures receives the cause if an LLM span is forwarded unchanged because writing it
   *     failed
   */
  public ProfileRenderer(Profile profile, Consumer<Throwable> failures) {
    this.renderer = profile.renderer();
    this.writesContent = profile.writesContent();
    this.genAiUsageCost = profile.genAiUsageCost();
    this.openInference =
        profile.backend().openInference()
            ? OpenInferenceRenderer.of(renderer, profile.target())
            : null;
    this.backend =
        profile.backend().equals(BackendAttributes.NONE)
            ? null
            : new BackendWriter(profile.backend());
    this.joinedLists = profile.backend().joinedLists();
    this.failures = requireNonNull(failures, "failures");
  }

  /** Returns the request to forward. Shares the received bytes. */
  public Slices render(Batch batch) {
    RequestIndex index = batch.index();
    if (index == null
        || batch.records().isEmpty() && batch.totals().isEmpty() && batch.changes().isEmpty()) {
      return batch.request().bytes();
    }
    return switch (batch.request().signal()) {
      case TRACES -> TRACES.splice(index, new SpanEditor(batch));
      case LOGS -> LOGS.splice(index, new LogEditor(batch));
      case METRICS -> batch.request().bytes();
    };
  }

  /** What is written of a span: everything, or all but its content. */
  private LlmSpan written(SpanRecord record) {
    return writesContent ? record.llm() : record.llm().withoutContent();
  }

  /** Whether a log record states the usage of a call, so that it has a cost too. */
  private static boolean isCall(LlmSpan llm) {
    return llm.usage() != null && llm.billing() == Billing.CALL;
  }

  private void write(Cost cost, WireAttributes attributes, AttributeEdits edits) {
    boolean hasCost = attributes.indexOf(GEN_AI_USAGE_COST) >= 0;
    cost.render(edits, genAiUsageCost && !hasCost);
  }

  private static void set(String key, Object value, WireEdits edits) {
    if (value instanceof String text) {
      edits.set(key, text);
    } else if (value instanceof Boolean flag) {
      edits.set(key, flag.booleanValue());
    } else if (value instanceof Double number) {
      edits.set(key, number.doubleValue());
    } else if (value instanceof Long number) {
      edits.set(key, number.longValue());
    } else if (value instanceof List<?> list) {
      edits.set(key, list.stream().map(String::valueOf).toList());
    }
  }

  private final class SpanEditor implements ItemEditor<WireSpan, SpanEdits> {

    private final List<SpanRecord> all;
    private final ItemCursor<SpanRecord> records;
    private final ItemCursor<SpanTotals> totals;
    private final ItemCursor<SpanChange> changes;

    SpanEditor(Batch batch) {
      all = batch.records();
      records = batch.recordsByItem();
      totals = new ItemCursor<>(batch.totals(), SpanTotals::item);
      changes = new ItemCursor<>(batch.changes(), SpanChange::item);
    }

    @Override
    public boolean concerns(int ordinal) {
      return isWritten(records.at(ordinal))
          || isWithdrawn(records.at(ordinal))
          || totals.at(ordinal) != null
          || changes.at(ordinal) != null;
    }

    @Override
    public void edit(int ordinal, WireSpan span, SpanEdits spanEdits) {
      JoinedLists edits = new JoinedLists(new WireEdits(spanEdits), joinedLists, span);
      SpanRecord record = records.at(ordinal);
      if (record != null && isWritten(record)) {
        write(record, changes.at(ordinal), span, edits, spanEdits);
      } else if (record != null && isWithdrawn(record)) {
        withdraw(record.cost(), new WireSpanView(span), edits);
      }
      SpanTotals sums = totals.at(ordinal);
      if (sums != null && span.attributes().indexOf(SpanTotals.marker()) < 0) {
        sums.render(edits);
        if (sums.trace() != null && backend != null && backend.showsRoots()) {
          showRoot(record, span, edits);
        }
      }
      if (record != null && isWritten(record) || sums != null) {
        edits.joinWhatCame();
      }
      SpanChange change = changes.at(ordinal);
      if (change != null) {
        change(change, record, span, spanEdits);
      }
    }

    private void write(
        SpanRecord record,
        @Nullable SpanChange change,
        WireSpan span,
        AttributeEdits edits,
        SpanEdits spanEdits) {
      WireSpanView view = new WireSpanView(span);
      LlmSpan llm = written(record);
      if (openInference == null) {
        renderer.render(llm, view, edits, record.cost().status());
      } else {
        openInference.render(llm, view, edits, record.cost());
      }
      ProfileRenderer.this.write(record.cost(), span.attributes(), edits);
      if (backend != null) {
        Attributes copied = change == null ? Attributes.empty() : change.attributes();
        backend.write(llm, record.cost(), copied, span, edits, spanEdits);
      }
    }

    private void showRoot(@Nullable SpanRecord record, WireSpan span, AttributeEdits edits) {
      if (backend != null) {
        LlmSpan own = openInference == null || record == null ? null : record.llm();
        backend.writeRoot(all, own, writesContent, span, edits);
      }
    }

    private void change(
        SpanChange change, @Nullable SpanRecord record, WireSpan span, SpanEdits spanEdits) {
      WireEdits edits = new WireEdits(spanEdits);
      if (change.withoutUsage() && record != null) {
        SpanRenderer.removeUsage(record.llm(), new WireSpanView(span), edits);
      }
      if (change.parentSpanId() != null) {
        spanEdits.setParentSpanId(change.parentSpanId());
      }
      if (change.traceState() != null) {
        spanEdits.setTraceState(change.traceState());
      }
      change.evaluations().forEach(it -> spanEdits.addEvent(EvaluationEvents.event(it)));
      change.attributes().forEach((key, value) -> set(key.getKey(), value, edits));
    }

    @Override
    public void failed(Throwable cause) {
      failures.accept(cause);
    }
  }

  private final class LogEditor implements ItemEditor<WireLog, LogEdits> {

    private final ItemCursor<SpanRecord> records;

    LogEditor(Batch batch) {
      records = batch.recordsByItem();
    }

    @Override
    public boolean concerns(int ordinal) {
      return isWritten(records.at(ordinal));
    }

    @Override
    public void edit(int ordinal, WireLog log, LogEdits logEdits) {
      SpanRecord record = requireNonNull(records.at(ordinal));
      WireEdits edits = new WireEdits(logEdits);
      renderer.render(record.llm(), new WireLogView(log), edits, record.cost().status());
      if (isCall(record.llm())) {
        write(record.cost(), log.attributes(), edits);
      }
    }

    @Override
    public void failed(Throwable cause) {
      failures.accept(cause);
    }
  }

  /** Whether a span was billed when it was processed before, and its trace shows that it is not. */
  private static boolean isWithdrawn(@Nullable SpanRecord record) {
    return record != null
        && record.llm().alreadyProcessed()
        && record.verdict() != null
        && !record.cost().status().isBilled();
  }

  private static void withdraw(Cost cost, SpanView span, AttributeEdits edits) {
    Value<?> written = span.attributes().get(TallyspanAttributes.TALLYSPAN_COST_STATUS.getKey());
    if (written == null || !cost.status().wireName().equals(written.getValue())) {
      cost.renderInstead(span.attributes(), edits);
    }
  }

  private static boolean isWritten(@Nullable SpanRecord record) {
    return record != null && !record.llm().alreadyProcessed();
  }
}
