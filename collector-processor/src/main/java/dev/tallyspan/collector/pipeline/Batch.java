package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.flow.Ack;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.PartAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.spans.WireLogView;
import dev.tallyspan.collector.spans.WireSpanView;
import dev.tallyspan.collector.wire.KeyPrefixes;
import dev.tallyspan.collector.wire.LogIndexer;
import dev.tallyspan.collector.wire.LogReader;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestCut;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.Slices;
import dev.tallyspan.collector.wire.SpanOutlines;
import dev.tallyspan.collector.wire.SpanReader;
import dev.tallyspan.collector.wire.TooManyValuesException;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.collector.wire.TraceIndexer;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.GenAiEvents;
import dev.tallyspan.semconv.LogView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.read.Evaluations;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A request and what was understood of it. The bytes stay as they were received: each output that
 * writes the request applies the changes once, when it writes. Immutable.
 *
 * @param request the request, with this batch's share of the acknowledgement
 * @param index the positions of the items that {@code records}, {@code totals} and {@code changes}
 *     describe; null if there are none
 * @param records in ascending order of {@link SpanRecord#item}
 * @param totals of spans, whether they are about LLMs or not, in ascending order of {@link
 *     SpanTotals#item}
 * @param changes of spans, by {@link TraceStep}s, in ascending order of {@link SpanChange#item}
 */
public record Batch(
    OtlpRequest request,
    @Nullable RequestIndex index,
    List<SpanRecord> records,
    List<SpanTotals> totals,
    List<SpanChange> changes) {

  private static final TraceIndexer ALL_SPANS = TraceIndexer.ofAllSpans();

  private static final LogIndexer EVALUATIONS =
      new LogIndexer(
          KeyPrefixes.none(), KeyPrefixes.of(List.of(GenAiEvents.GEN_AI_EVALUATION_RESULT)));

  /** For records whose attributes cannot be read. */
  public static final AttributeView NO_ATTRIBUTES =
      new AttributeView() {
        @Override
        public int size() {
          return 0;
        }

        @Override
        public String key(int index) {
          throw new IndexOutOfBoundsException(index);
        }

        @Override
        public @Nullable Value<?> value(int index) {
          throw new IndexOutOfBoundsException(index);
        }
      };

  private static final ThreadLocal<SpanReader> SPANS = ThreadLocal.withInitial(SpanReader::new);
  private static final ThreadLocal<LogReader> LOGS = ThreadLocal.withInitial(LogReader::new);

  /** Visits the records of a batch. */
  @FunctionalInterface
  public interface RecordVisitor {

    /**
     * @param attributes of the item as it was received; valid only during the call
     * @param resource its resource's attributes; valid only during the call
     */
    void visit(SpanRecord record, AttributeView attributes, AttributeView resource);
  }

  @FunctionalInterface
  private interface IndexVisitor {
    void visit(SpanRecord record, int index) throws MalformedRequestException;
  }

  /** Visits the spans of a batch. */
  @FunctionalInterface
  public interface SpanVisitor {

    /**
     * @param span valid only during the call
     * @param record what was understood of the span; null if it is not about an LLM
     * @param sums over the span and its descendants; null if there are none
     */
    void visit(SpanView span, @Nullable SpanRecord record, @Nullable SpanTotals sums);
  }

  /** Visits the results of evaluations among log records. */
  @FunctionalInterface
  public interface EvaluationVisitor {

    /**
     * @param log valid only during the call
     */
    void visit(LogView log, Evaluation evaluation);
  }

  public Batch {
    requireNonNull(request, "request");
    records = List.copyOf(records);
    totals = List.copyOf(totals);
    changes = List.copyOf(changes);
    if (!records.isEmpty() || !totals.isEmpty() || !changes.isEmpty()) {
      requireNonNull(index, "index");
    }
  }

  /** A batch that no step has changed. */
  public Batch(
      OtlpRequest request,
      @Nullable RequestIndex index,
      List<SpanRecord> records,
      List<SpanTotals> totals) {
    this(request, index, records, totals, List.of());
  }

  /** Returns a batch for a request that no processor has handled yet. */
  public static Batch of(OtlpRequest request) {
    return new Batch(request, /* index= */ null, List.of(), List.of());
  }

  /**
   * Returns a batch of the same items in other bytes, of which nothing is understood yet.
   *
   * @param bytes this batch is returned if they are those of the request
   */
  public Batch rewritten(Slices bytes) {
    // One array, because those who read the request need it in one.
    return bytes == request.bytes() ? this : of(request.with(Slices.of(bytes.contiguous())));
  }

  /**
   * Returns a batch of only some of the spans or log records, of which nothing is understood yet.
   *
   * @param kept may be none
   * @throws MalformedRequestException if the bytes are not a request of spans or log records
   */
  public Batch only(BitSet kept) throws MalformedRequestException {
    if (kept.cardinality() == request.items()) {
      return this;
    }
    byte[] left = RequestCut.ofItems(request.bytes()).cut(kept).toByteArray();
    return of(request.part(Slices.of(left), kept));
  }

  /** Returns the same request with what was understood of it. */
  public Batch with(@Nullable RequestIndex found, List<SpanRecord> understood) {
    return new Batch(request, found, understood, List.of());
  }

  /** Returns the same batch with another share of its request. */
  public Batch with(OtlpRequest share) {
    return new Batch(share, index, records, totals, changes);
  }

  /**
   * Returns the same batch with more changes of its spans, which apply after those that it has.
   *
   * @param all an index of every span of the request
   * @param more in any order; several may be of one span
   */
  public Batch changed(RequestIndex all, Collection<SpanChange> more) {
    if (more.isEmpty()) {
      return this;
    }
    Map<Integer, SpanChange> byItem = new TreeMap<>();
    changes.forEach(change -> byItem.merge(change.item(), change, SpanChange::and));
    more.forEach(change -> byItem.merge(change.item(), change, SpanChange::and));
    return new Batch(request, all, records, totals, List.copyOf(byItem.values()));
  }

  /**
   * Returns the outlines of all spans.
   *
   * @throws MalformedRequestException if the bytes are not a trace request
   */
  public SpanOutlines outlines() throws MalformedRequestException {
    byte[] bytes = request.bytes().contiguous();
    return SpanOutlines.of(bytes, 0, bytes.length);
  }

  /** Returns what was understood of each item, for those who visit items in ascending order. */
  public ItemCursor<SpanRecord> recordsByItem() {
    return new ItemCursor<>(records, SpanRecord::item);
  }

  /**
   * Returns the same batch with what was decided about its spans.
   *
   * @param all an index of every span of the request
   */
  public Batch decided(RequestIndex all, List<SpanRecord> understood, List<SpanTotals> sums) {
    if (index == null) {
      return new Batch(request, all, understood, sums);
    }
    if (sums.isEmpty()) {
      return new Batch(request, index, understood, sums);
    }
    all.takeOver(index);
    return new Batch(request, all, understood, sums);
  }

  /**
   * Returns what is left if only some of the spans are kept; null if that is none, which settles
   * the share of the request.
   */
  public @Nullable Batch keep(BitSet kept) {
    if (kept.isEmpty()) {
      request.ack().settle(Outcome.ACCEPTED);
      return null;
    }
    if (kept.cardinality() == request.items()) {
      return this;
    }
    try {
      return part(RequestCut.ofItems(request.bytes()), kept, new PartAck(request.ack(), kept));
    } catch (MalformedRequestException e) {
      throw new IllegalStateException(e); // Cannot happen: the caller has read the spans.
    }
  }

  /**
   * Returns a batch of some of the spans, as a request of its own whose bytes are copied, so that
   * it keeps nothing else of this request in memory.
   *
   * @param cut of this batch's request
   * @param chosen spans of this batch, by their index from 0; at least one
   * @param ack the part's share of the acknowledgement
   * @throws MalformedRequestException if the bytes are not a trace request
   */
  public Batch part(RequestCut cut, BitSet chosen, Ack ack) throws MalformedRequestException {
    byte[] bytes = cut.cut(chosen).toByteArray();
    OtlpRequest part =
        new OtlpRequest(request.signal(), Slices.of(bytes), chosen.cardinality(), ack);
    List<SpanRecord> partRecords = new ArrayList<>();
    List<SpanTotals> partTotals = new ArrayList<>();
    List<SpanChange> partChanges = new ArrayList<>();
    ItemCursor<SpanRecord> understood = recordsByItem();
    ItemCursor<SpanTotals> sums = new ItemCursor<>(totals, SpanTotals::item);
    ItemCursor<SpanChange> changed = new ItemCursor<>(changes, SpanChange::item);
    int position = 0;
    for (int item = chosen.nextSetBit(0); item >= 0; item = chosen.nextSetBit(item + 1)) {
      SpanRecord record = understood.at(item);
      if (record != null) {
        partRecords.add(record.at(position));
      }
      SpanTotals total = sums.at(item);
      if (total != null) {
        partTotals.add(total.at(position));
      }
      SpanChange change = changed.at(item);
      if (change != null) {
        partChanges.add(change.at(position));
      }
      position++;
    }
    RequestIndex all =
        partRecords.isEmpty() && partTotals.isEmpty() && partChanges.isEmpty()
            ? null
            : ALL_SPANS.index(bytes, 0, bytes.length);
    return new Batch(part, all, partRecords, partTotals, partChanges);
  }

  /**
   * Visits every span of a trace request, whether it is about an LLM or not, in the order of the
   * bytes. Skips spans that cannot be read.
   *
   * @throws MalformedRequestException if the bytes are not a trace request
   */
  public void forEachSpan(SpanVisitor visitor) throws MalformedRequestException {
    if (request.signal() == Signal.TRACES) {
      byte[] bytes = request.bytes().contiguous();
      forEachSpan(ALL_SPANS.index(bytes, 0, bytes.length), item -> true, visitor);
    }
  }

  /**
   * Visits the spans of some traces, like {@link #forEachSpan(SpanVisitor)}. The others are not
   * read.
   *
   * @param wanted asked once for each span; an id that is not valid is that of no trace
   * @throws MalformedRequestException if the bytes are not a trace request
   */
  public void forEachSpan(Predicate<TraceId> wanted, SpanVisitor visitor)
      throws MalformedRequestException {
    if (request.signal() == Signal.TRACES) {
      SpanOutlines spans = outlines();
      forEachSpan(spans.index(), item -> wanted.test(spans.traceId(item)), visitor);
    }
  }

  /**
   * Whether the batch has a span of one of these traces.
   *
   * @throws MalformedRequestException if the bytes are not a trace request
   */
  public boolean hasTrace(Predicate<TraceId> wanted) throws MalformedRequestException {
    return SpanOutlines.hasTrace(request.bytes().contiguous(), wanted);
  }

  private void forEachSpan(RequestIndex all, IntPredicate wanted, SpanVisitor visitor) {
    ItemCursor<SpanRecord> understood = recordsByItem();
    ItemCursor<SpanTotals> sums = new ItemCursor<>(totals, SpanTotals::item);
    try (SpanReader reader = new SpanReader()) {
      for (int item = 0; item < all.size(); item++) {
        if (!wanted.test(item)) {
          continue;
        }
        SpanView span;
        try {
          span = new WireSpanView(reader.read(all, item));
        } catch (TooManyValuesException | MalformedRequestException e) {
          continue;
        }
        visitor.visit(span, understood.at(item), sums.at(item));
      }
    }
  }

  /**
   * Returns the results of evaluations on a span: those that came with it, and those that steps
   * have added.
   *
   * @param record what was understood of the span; null if it is not about an LLM
   */
  public List<Evaluation> evaluations(SpanView span, @Nullable SpanRecord record) {
    List<Evaluation> came = Evaluations.of(span);
    SpanChange change = record == null ? null : change(record.item());
    if (change == null || change.evaluations().isEmpty()) {
      return came;
    }
    List<Evaluation> all = new ArrayList<>(came);
    all.addAll(change.evaluations());
    return all;
  }

  private @Nullable SpanChange change(int item) {
    int low = 0;
    int high = changes.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      SpanChange change = changes.get(middle);
      if (change.item() == item) {
        return change;
      }
      if (change.item() < item) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  /**
   * Visits the log records that are results of evaluations; none if this is no request of logs.
   * Skips records that cannot be read.
   *
   * @throws MalformedRequestException if the bytes are not a log request
   */
  public void forEachEvaluation(EvaluationVisitor visitor) throws MalformedRequestException {
    if (request.signal() != Signal.LOGS) {
      return;
    }
    byte[] bytes = request.bytes().contiguous();
    RequestIndex found = EVALUATIONS.index(bytes, 0, bytes.length);
    if (found.size() == 0) {
      return;
    }
    try (LogReader reader = new LogReader()) {
      for (int i = 0; i < found.size(); i++) {
        LogView log;
        try {
          log = new WireLogView(reader.read(found, i));
        } catch (TooManyValuesException | MalformedRequestException e) {
          continue;
        }
        Evaluation evaluation = Evaluations.of(log);
        if (evaluation != null) {
          visitor.visit(log, evaluation);
        }
      }
    }
  }

  /**
   * Visits every record, with the attributes of its span or log record. Those that cannot be read
   * are {@link #NO_ATTRIBUTES}.
   */
  public void forEachRecord(RecordVisitor visitor) {
    if (index == null || records.isEmpty()) {
      return;
    }
    if (request.signal() == Signal.TRACES) {
      try (SpanReader reader = SPANS.get()) {
        forEachIndex(
            index,
            visitor,
            (record, i) -> {
              WireSpanView span = new WireSpanView(reader.read(index, i));
              visitor.visit(record, span.attributes(), span.resource());
            });
      }
    } else {
      try (LogReader reader = LOGS.get()) {
        forEachIndex(
            index,
            visitor,
            (record, i) -> {
              WireLogView log = new WireLogView(reader.read(index, i));
              visitor.visit(record, log.attributes(), log.resource());
            });
      }
    }
  }

  private void forEachIndex(RequestIndex items, RecordVisitor otherwise, IndexVisitor visitor) {
    int i = 0;
    for (SpanRecord record : records) {
      while (i < items.size() && items.ordinal(i) < record.item()) {
        i++;
      }
      boolean found = i < items.size() && items.ordinal(i) == record.item();
      try {
        if (found) {
          visitor.visit(record, i);
          continue;
        }
      } catch (MalformedRequestException | TooManyValuesException e) {
        // Is visited without its attributes.
      }
      otherwise.visit(record, NO_ATTRIBUTES, NO_ATTRIBUTES);
    }
  }
}
