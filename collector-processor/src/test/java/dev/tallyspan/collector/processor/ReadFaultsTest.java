package dev.tallyspan.collector.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.telemetry.OwnMetrics;
import dev.tallyspan.enrichment.TokenEstimator;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spans that cannot be read are seen by operators, and what they hold is not. */
class ReadFaultsTest {

  private static final Logger LOGGER = Logger.getLogger("dev.tallyspan.collector.pipeline");
  private static final String SECRET = "the patient's name";

  private final List<String> logged = new ArrayList<>();
  private final OwnMetrics metrics = OwnMetrics.create();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          logged.add(new SimpleFormatter().formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void close() {
    LOGGER.removeHandler(handler);
    metrics.close();
  }

  @Test
  void nothingHasFailedAtTheStart() {
    LlmProcessor.builder().meter(metrics.meter("test")).build();

    assertThat(faults("too_large")).isEqualTo("0");
    assertThat(faults("exception")).isEqualTo("0");
  }

  @Test
  void spanWithTooManyValuesIsCountedAndLoggedOnceAndLeavesAsItCame() throws Exception {
    LlmProcessor enrichment = LlmProcessor.builder().meter(metrics.meter("test")).build();
    byte[] request = request(chat(SECRET), huge());

    byte[] first = Forwarded.of(enrichment, Signal.TRACES, request).body().toByteArray();
    Forwarded.of(enrichment, Signal.TRACES, request);

    assertThat(ExportTraceServiceRequest.parseFrom(first).getResourceSpans(0).getScopeSpans(0))
        .satisfies(spans -> assertThat(spans.getSpans(1)).isEqualTo(huge()))
        .satisfies(spans -> assertThat(spans.getSpans(0)).isNotEqualTo(chat(SECRET)));
    assertThat(faults("too_large")).isEqualTo("2");
    assertThat(logged).singleElement().asString().contains("too large").doesNotContain(SECRET);
  }

  @Test
  void spanWhoseReadingThrowsIsLoggedByItsPlaceAndNotByItsMessage() throws Exception {
    LlmProcessor enrichment =
        LlmProcessor.builder().estimator(this::fail).meter(metrics.meter("test")).build();

    Forwarded.of(enrichment, Signal.TRACES, request(chat(SECRET), chat(SECRET)));

    assertThat(faults("exception")).isEqualTo("2");
    assertThat(logged)
        .singleElement()
        .asString()
        .contains("java.lang.UnsupportedOperationException at ")
        .contains("ReadFaultsTest.lambda$fail$")
        .doesNotContain(SECRET);
    assertThat(metrics.prometheusText()).doesNotContain(SECRET);
  }

  @Test
  void logRecordThatCannotBeReadIsCounted() throws Exception {
    LlmProcessor enrichment = LlmProcessor.builder().meter(metrics.meter("test")).build();
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    request
        .addResourceLogsBuilder()
        .addScopeLogsBuilder()
        .addLogRecordsBuilder()
        .setEventName("gen_ai.client.inference.operation.details")
        .addAllAttributes(huge().getAttributesList());

    Forwarded.of(enrichment, Signal.LOGS, request.build().toByteArray());

    assertThat(faults("too_large")).isEqualTo("1");
  }

  private TokenEstimator.Session fail() {
    return (llm, span) -> {
      throw new UnsupportedOperationException(SECRET);
    };
  }

  private String faults(String reason) {
    String sample = "tallyspan_read_faults_total{dialect=\"\",reason=\"" + reason + "\"} ";
    return metrics
        .prometheusText()
        .lines()
        .filter(line -> line.startsWith(sample))
        .map(line -> line.substring(sample.length()))
        .findFirst()
        .orElse("none");
  }

  private static Span chat(String prompt) {
    return Span.newBuilder()
        .setName("chat gpt-4o")
        .addAttributes(text("gen_ai.operation.name", "chat"))
        .addAttributes(text("gen_ai.system", "openai"))
        .addAttributes(text("gen_ai.prompt", prompt))
        .build();
  }

  private static Span huge() {
    ArrayValue.Builder values = ArrayValue.newBuilder();
    AnyValue empty = AnyValue.newBuilder().setBoolValue(true).build();
    for (int i = 0; i < 300_000; i++) {
      values.addValues(empty);
    }
    return chat(SECRET).toBuilder()
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("gen_ai.huge")
                .setValue(AnyValue.newBuilder().setArrayValue(values)))
        .build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static byte[] request(Span... spans) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addAllSpans(List.of(spans));
    return request.build().toByteArray();
  }
}
