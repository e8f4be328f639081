package dev.tallyspan.collector.sampling;

import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.TraceId;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TallyspanAttributes;
import io.opentelemetry.api.common.Value;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads from attributes and events what was not understood before, only where a rule needs it. */
final class AttributeFacts {

  private static final String SCORE = GenAiAttributes.GEN_AI_EVALUATION_SCORE_VALUE.getKey();
  private static final String WEIGHT = TallyspanAttributes.TALLYSPAN_SAMPLING_WEIGHT.getKey();
  private static final String USER_ID = "user.id";
  private static final int TRACE_ID_DIGITS = 32;

  private AttributeFacts() {}

  static void collect(Batch batch, SamplingRules rules, Map<TraceId, TraceFacts> traces) {
    boolean processed = batch.records().stream().anyMatch(it -> it.llm().alreadyProcessed());
    if (!processed && rules.scoreBelow() == null && rules.users().isEmpty()) {
      return;
    }
    try {
      batch.forEachSpan(
          (span, record, sums) -> {
            TraceFacts facts = traces.get(trace(span.traceId()));
            if (facts != null) {
              add(span, record, facts);
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
    addScore(attributes, facts);
    for (EventView event : span.events()) {
      addScore(event.attributes(), facts);
    }
  }

  private static void addScore(AttributeView attributes, TraceFacts facts) {
    Value<?> score = attributes.get(SCORE);
    if (score != null && score.getValue() instanceof Number number) {
      facts.addScore(number.doubleValue());
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
