package dev.tallyspan.collector.spans;

import dev.tallyspan.collector.wire.ProtobufWriter;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.GenAiEvents;
import dev.tallyspan.semconv.read.Evaluations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the results of evaluations as the event {@code gen_ai.evaluation.result}.
 *
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto">the
 *     messages and their fields</a>
 */
public final class EvaluationEvents {

  private static final String NAME = GenAiAttributes.GEN_AI_EVALUATION_NAME.getKey();
  private static final String VALUE = GenAiAttributes.GEN_AI_EVALUATION_SCORE_VALUE.getKey();
  private static final String LABEL = GenAiAttributes.GEN_AI_EVALUATION_SCORE_LABEL.getKey();
  private static final String EXPLANATION = GenAiAttributes.GEN_AI_EVALUATION_EXPLANATION.getKey();
  private static final String RESPONSE_ID = GenAiAttributes.GEN_AI_RESPONSE_ID.getKey();
  private static final String ERROR_TYPE = "error.type";
  private static final String SCOPE = "dev.tallyspan.scorer";

  private static final int EVENT_ATTRIBUTES = 3;

  /**
   * A result, and the span that was evaluated.
   *
   * @param traceId 32 hex digits
   * @param spanId 16 hex digits
   * @param service the service of the span; empty if it has none
   */
  public record OfSpan(String traceId, String spanId, String service, Evaluation evaluation) {

    /** Contains only the ids. */
    @Override
    public String toString() {
      return "OfSpan[traceId=" + traceId + ", spanId=" + spanId + "]";
    }
  }

  private EvaluationEvents() {}

  /** Returns the encoding of a {@code Span.Event}. */
  public static byte[] event(Evaluation evaluation) {
    ProtobufWriter out = new ProtobufWriter();
    out.writeFixed64(1, evaluation.epochNanos());
    out.writeString(2, GenAiEvents.GEN_AI_EVALUATION_RESULT);
    attributes(EVENT_ATTRIBUTES, evaluation, out);
    return out.toByteArray();
  }

  /** Returns the encoding of a request with one log record for each result. */
  public static byte[] logs(List<OfSpan> results) {
    Map<String, EvaluationLogs> byService = new LinkedHashMap<>();
    for (OfSpan result : results) {
      byService
          .computeIfAbsent(result.service, service -> new EvaluationLogs(SCOPE, service))
          .add(
              result.traceId,
              result.spanId,
              result.evaluation,
              result.evaluation.epochNanos(),
              Map.of());
    }
    ProtobufWriter out = new ProtobufWriter();
    byService
        .values()
        .forEach(
            of -> {
              byte[] encoded = of.toByteArray();
              out.append(encoded, 0, encoded.length);
            });
    return out.toByteArray();
  }

  static void attributes(int field, Evaluation evaluation, ProtobufWriter out) {
    attribute(field, Evaluations.ID, evaluation.id(), out);
    attribute(field, NAME, evaluation.name(), out);
    Double value = evaluation.value();
    if (value != null) {
      out.startMessage(field).writeString(1, VALUE);
      out.startMessage(2).writeDouble(4, value).endMessage();
      out.endMessage();
    }
    attribute(field, LABEL, evaluation.label(), out);
    attribute(field, EXPLANATION, evaluation.explanation(), out);
    attribute(field, RESPONSE_ID, evaluation.responseId(), out);
    attribute(field, ERROR_TYPE, evaluation.errorType(), out);
  }

  static void attribute(int field, String key, @Nullable String value, ProtobufWriter out) {
    if (value != null) {
      out.startMessage(field).writeString(1, key);
      out.startMessage(2).writeString(1, value).endMessage();
      out.endMessage();
    }
  }
}
