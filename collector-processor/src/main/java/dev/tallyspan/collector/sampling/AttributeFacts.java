package dev.tallyspan.collector.sampling;

import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TallyspanAttributes;
import io.opentelemetry.api.common.Value;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads from attributes and events what was not understood before, only where a rule needs it. */
final class AttributeFacts {

  private static final String WEIGHT = TallyspanAttributes.TALLYSPAN_SAMPLING_WEIGHT.getKey();
  private static final String USER_ID = "user.id";
  private static final int TRACE_ID_DIGITS = 32;

  private AttributeFacts() {}

  /**
   * @param records results that came as log records
   */
  static void collect(
      Batch batch,
      SamplingRules rules,
      EvaluationRecords records,
      Map<TraceId, TraceFacts> traces) {
    boolean processed = batch.records().stream().anyMatch(it -> it.llm().alreadyProcessed());
    if (!processed && !rules.needEvaluations() && rules.users().isEmpty()) {
      return;
    }
    try {
      batch.forEachSpan(
          (span, record, sums) -> {
            TraceFacts facts = traces.get(trace(span.traceId()));
            if (facts != null) {
              add(span, record, facts);
              if (rules.needEvaluations()) {
                batch.evaluations(span, record).forEach(facts::add);
                records.ofSpan(span.spanId()).forEach(facts::add);
                if (record != null) {
                  records.ofResponse(record.llm().responseId()).forEach(facts::add);
                }
              }
            }
          });
    } catch (MalformedRequestException e) {
      throw new IllegalStateException(e); // cannot happen: its outlines have been read
    }
  }

  private static void add(SpanView span, @Nullable SpanRecord record, TraceFacts facts) {
    AttributeView attributes = span.attributes();
    if (record != null && attributes.get(WEIGHT) != null) {
      facts.sampledBefore();
    }
    Value<?> user = attributes.get(USER_ID);
    if (user != null && user.getValue() instanceof String id) {
      facts.addUser(id);
    }
  }

  private static @Nullable TraceId trace(String id) {
    return id.length() != TRACE_ID_DIGITS
        ? null
        : new TraceId(
            HexFormat.fromHexDigitsToLong(id, 0, TRACE_ID_DIGITS / 2),
            HexFormat.fromHexDigitsToLong(id, TRACE_ID_DIGITS / 2, TRACE_ID_DIGITS));
  }
}
