package dev.tallyspan.collector.sampling;

import static dev.tallyspan.collector.processor.LlmRequests.TRACE;
import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.semconv.Evaluation;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EvaluationRecordsTest {

  private final EvaluationRecords records =
      new EvaluationRecords(InstantSource.fixed(Instant.ofEpochSecond(1_795_000_000)));

  @Test
  void ofAResultThatIsSentAgainUnderItsIdTheLastStateCounts() throws Exception {
    keep("score-1", 0.2);
    keep("score-2", 0.4);
    keep("score-1", 0.9);

    assertThat(records.ofTrace(TRACE)).extracting(Evaluation::value).containsExactly(0.4, 0.9);
  }

  private void keep(String id, double value) throws Exception {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    request
        .addResourceLogsBuilder()
        .addScopeLogsBuilder()
        .addLogRecordsBuilder()
        .setEventName("gen_ai.evaluation.result")
        .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(TRACE)))
        .addAttributes(attribute("tallyspan.evaluation.id", id))
        .addAttributes(attribute("gen_ai.evaluation.name", "tone"))
        .addAttributes(attribute("gen_ai.evaluation.score.value", value));
    batch(Signal.LOGS, request.build().toByteArray(), outcome -> {})
        .forEachEvaluation((log, evaluation) -> records.keep(log));
  }
}
