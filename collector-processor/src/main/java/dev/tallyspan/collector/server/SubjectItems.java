package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.erasure.Subject;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.ItemCursor;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.queue.log.LogEntry;
import dev.tallyspan.collector.spans.WireLogView;
import dev.tallyspan.collector.spans.WireSpanView;
import dev.tallyspan.collector.wire.LogIndexer;
import dev.tallyspan.collector.wire.LogReader;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.RequestIndex;
import dev.tallyspan.collector.wire.SpanReader;
import dev.tallyspan.collector.wire.TooManyValuesException;
import dev.tallyspan.collector.wire.TraceIndexer;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.Value;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the spans and log records of a person in requests that are kept as they were received.
 * Metrics have none. Thread-safe.
 */
final class SubjectItems {

  private static final TraceIndexer ALL_SPANS = TraceIndexer.ofAllSpans();
  private static final LogIndexer ALL_RECORDS = LogIndexer.ofAllRecords();

  private static final List<String> USERS = List.of("user.id", "enduser.id");
  private static final List<String> SESSIONS = List.of("session.id", "gen_ai.conversation.id");

  /** One for each way in which the pipelines understand spans. */
  private final List<LlmProcessor> readers;

  private SubjectItems(List<LlmProcessor> readers) {
    this.readers = readers;
  }

  /**
   * @param config null = the defaults
   */
  static SubjectItems of(@Nullable CollectorConfig config) {
    List<LlmProcessor> readers =
        config == null ? List.of() : config.processors().stream().map(Processors::reader).toList();
    return new SubjectItems(readers.isEmpty() ? List.of(LlmProcessor.builder().build()) : readers);
  }

  /** Visits an item. */
  @FunctionalInterface
  private interface Visitor {

    /**
     * @param record what was understood; null if the item is not about an LLM
     */
    void visit(int item, String traceId, AttributeView attributes, @Nullable SpanRecord record);
  }

  /** Adds the traces in which an item of the request is the subject's. */
  void findTraces(LogEntry request, Subject subject, Set<String> traceIds) {
    if (subject.kind() == Subject.Kind.TRACE) {
      traceIds.add(subject.id());
      return;
    }
    for (LlmProcessor reader : readers) {
      forEachUnderstood(
          request,
          reader,
          (item, traceId, attributes, record) -> {
            if (!traceId.isEmpty() && isOf(subject, attributes, record)) {
              traceIds.add(traceId);
            }
          });
    }
  }

  /** Returns the items of the request that are in one of the traces, or the subject's own. */
  BitSet items(LogEntry request, Subject subject, Set<String> traceIds) {
    BitSet items = new BitSet();
    BitSet withoutTrace = new BitSet();
    forEach(
        request,
        List.of(),
        (item, traceId, attributes, record) -> {
          items.set(item, traceIds.contains(traceId));
          withoutTrace.set(item, traceId.isEmpty());
        });
    if (!withoutTrace.isEmpty() && subject.kind() != Subject.Kind.TRACE) {
      for (LlmProcessor reader : readers) {
        forEachUnderstood(
            request,
            reader,
            (item, traceId, attributes, record) -> {
              if (withoutTrace.get(item) && isOf(subject, attributes, record)) {
                items.set(item);
              }
            });
      }
    }
    return items;
  }

  private static boolean isOf(
      Subject subject, AttributeView attributes, @Nullable SpanRecord record) {
    LlmSpan llm = record == null ? null : record.llm();
    String id = subject.id();
    return switch (subject.kind()) {
      case USER -> has(attributes, USERS, id) || llm != null && id.equals(llm.userId());
      case SESSION ->
          has(attributes, SESSIONS, id)
              || llm != null && (id.equals(llm.sessionId()) || id.equals(llm.conversationId()));
      case TRACE -> false;
    };
  }

  private static boolean has(AttributeView attributes, List<String> keys, String id) {
    for (String key : keys) {
      Value<?> value = attributes.get(key);
      if (value != null && id.equals(String.valueOf(value.getValue()))) {
        return true;
      }
    }
    return false;
  }

  private static void forEachUnderstood(LogEntry request, LlmProcessor reader, Visitor visitor) {
    List<SpanRecord> records;
    try {
      records = reader.apply(batch(request)).records();
    } catch (MalformedRequestException e) {
      return; // A request that cannot be read names no one.
    }
    forEach(request, records, visitor);
  }

  private static Batch batch(LogEntry request) {
    return Batch.of(
        new OtlpRequest(
            request.signal(), request.body(), request.items(), new SenderAck(outcome -> {})));
  }

  private static void forEach(LogEntry request, List<SpanRecord> records, Visitor visitor) {
    try {
      if (request.signal() == Signal.TRACES) {
        forEachSpan(request.body().contiguous(), records, visitor);
      } else if (request.signal() == Signal.LOGS) {
        forEachLog(request.body().contiguous(), records, visitor);
      }
    } catch (MalformedRequestException e) {
      // A request that cannot be read names no one.
    }
  }

  private static void forEachSpan(byte[] bytes, List<SpanRecord> records, Visitor visitor)
      throws MalformedRequestException {
    RequestIndex all = ALL_SPANS.index(bytes, 0, bytes.length);
    ItemCursor<SpanRecord> understood = new ItemCursor<>(records, SpanRecord::item);
    try (SpanReader reader = new SpanReader()) {
      for (int item = 0; item < all.size(); item++) {
        try {
          SpanView span = new WireSpanView(reader.read(all, item));
          visitor.visit(item, span.traceId(), span.attributes(), understood.at(item));
        } catch (TooManyValuesException | MalformedRequestException e) {
          continue;
        }
      }
    }
  }

  private static void forEachLog(byte[] bytes, List<SpanRecord> records, Visitor visitor)
      throws MalformedRequestException {
    RequestIndex all = ALL_RECORDS.index(bytes, 0, bytes.length);
    ItemCursor<SpanRecord> understood = new ItemCursor<>(records, SpanRecord::item);
    try (LogReader reader = new LogReader()) {
      for (int item = 0; item < all.size(); item++) {
        try {
          WireLogView log = new WireLogView(reader.read(all, item));
          visitor.visit(item, log.traceId(), log.attributes(), understood.at(item));
        } catch (TooManyValuesException | MalformedRequestException e) {
          continue;
        }
      }
    }
  }
}
