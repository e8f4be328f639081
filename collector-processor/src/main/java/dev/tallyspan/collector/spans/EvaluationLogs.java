package dev.tallyspan.collector.spans;

import dev.tallyspan.collector.wire.ProtobufWriter;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.GenAiEvents;
import java.util.HexFormat;
import java.util.Map;

/**
 * Writes the results of evaluations as log records {@code gen_ai.evaluation.result} of one request,
 * one after another. Not thread-safe.
 */
public final class EvaluationLogs {

  private static final int ATTRIBUTES = 6;

  /** INFO of the log data model. */
  private static final int INFO = 9;

  private final ProtobufWriter out = new ProtobufWriter();

  /**
   * @param scope the name of the instrumentation scope
   * @param service the service that was evaluated; empty if it is not known
   */
  public EvaluationLogs(String scope, String service) {
    out.startMessage(1); // resource_logs
    out.startMessage(1); // resource
    if (!service.isEmpty()) {
      EvaluationEvents.attribute(1, "service.name", service, out);
    }
    out.endMessage();
    out.startMessage(2); // scope_logs
    out.startMessage(1).writeString(1, scope).endMessage();
  }

  /**
   * Adds a log record.
   *
   * @param traceId 32 hex digits; empty if it is not known
   * @param spanId 16 hex digits; empty if it is not known
   * @param observedNanos when the result was received, in nanoseconds since the epoch
   * @param more further attributes
   */
  public void add(
      String traceId,
      String spanId,
      Evaluation evaluation,
      long observedNanos,
      Map<String, String> more) {
    out.startMessage(2); // log_records
    out.writeFixed64(1, evaluation.epochNanos());
    out.writeVarint(2, INFO);
    EvaluationEvents.attributes(ATTRIBUTES, evaluation, out);
    more.forEach((key, value) -> EvaluationEvents.attribute(ATTRIBUTES, key, value, out));
    if (!traceId.isEmpty()) {
      out.writeBytes(9, HexFormat.of().parseHex(traceId));
    }
    if (!spanId.isEmpty()) {
      out.writeBytes(10, HexFormat.of().parseHex(spanId));
    }
    out.writeFixed64(11, observedNanos);
    out.writeString(12, GenAiEvents.GEN_AI_EVALUATION_RESULT);
    out.endMessage();
  }

  /** The number of bytes written so far. */
  public int size() {
    return out.size();
  }

  /** Returns the encoding of the request. Do not add anything afterwards. */
  public byte[] toByteArray() {
    return out.endMessage().endMessage().toByteArray();
  }
}
