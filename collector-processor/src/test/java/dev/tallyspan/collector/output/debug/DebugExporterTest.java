package dev.tallyspan.collector.output.debug;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.debug.DebugSettings.Target;
import dev.tallyspan.collector.output.debug.DebugSettings.Verbosity;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DebugExporterTest {

  private final List<String> texts = new ArrayList<>();
  private final List<Outcome> outcomes = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void basicIsOneLineWithCounts() {
    send(exporter(Verbosity.BASIC, false), Signal.TRACES, traces(), 2);

    assertThat(texts)
        .containsExactly("exporters.debug: Traces {\"resource spans\": 1, \"spans\": 2}");
    assertThat(outcomes).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void normalHasALineForEachSpanWithTheKeysOfItsAttributes() {
    send(exporter(Verbosity.NORMAL, false), Signal.TRACES, traces(), 2);

    assertThat(texts.get(0).lines())
        .containsExactly(
            "exporters.debug: Traces {\"resource spans\": 1, \"spans\": 2}",
            "chat 0102030405060708090a0b0c0d0e0f10 0102030405060708 gen_ai.request.model"
                + " gen_ai.input.messages input.value gen_ai.usage.input_tokens",
            "GET 0102030405060708090a0b0c0d0e0f10 1112131415161718");
  }

  @Test
  void detailedHidesContent() {
    send(exporter(Verbosity.DETAILED, false), Signal.TRACES, traces(), 2);

    assertThat(texts.get(0))
        .doesNotContain("geheim")
        .contains(
            "\nResource attributes:\n     -> service.name: Str(shop)\nInstrumentationScope lib 1.0\n",
            "\n    Trace ID       : 0102030405060708090a0b0c0d0e0f10\n",
            "\n    Kind           : Client\n",
            "\n    Start time     : 1970-01-01T00:00:01Z\n",
            "\n    Status code    : Error\n    Status message : <6 characters>\n",
            "\n     -> gen_ai.request.model: Str(gpt-4o)\n",
            "\n     -> gen_ai.input.messages: Str(<6 characters>)\n",
            "\n     -> input.value: Str(<6 characters>)\n",
            "\n     -> gen_ai.usage.input_tokens: Int(1000)\n",
            "\nSpanEvent #0\n    Name           : gen_ai.choice\n");
    assertThat(texts.get(0).split("Resource attributes")).hasSize(2);
  }

  @Test
  void detailedShowsContentIfAsked() {
    send(exporter(Verbosity.DETAILED, true), Signal.TRACES, traces(), 2);

    assertThat(texts.get(0))
        .contains("gen_ai.input.messages: Str(geheim)", "Status message : geheim");
  }

  @Test
  void longTextIsContentWhateverItsKey() {
    assertThat(ContentGuard.hides("app.note", "x".repeat(101))).isTrue();
    assertThat(ContentGuard.hides("app.note", "x".repeat(100))).isFalse();
    assertThat(ContentGuard.hides("gen_ai.response.model", "gpt-4o")).isFalse();
    assertThat(ContentGuard.hides("llm.prompts.0.content", "hi")).isTrue();
    assertThat(ContentGuard.hides("toolArguments", "hi")).isTrue();
  }

  @Test
  void bodiesOfLogRecordsAreContent() {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    request
        .addResourceLogsBuilder()
        .addScopeLogsBuilder()
        .addLogRecords(
            LogRecord.newBuilder()
                .setSeverityText("INFO")
                .setSeverityNumberValue(9)
                .setBody(AnyValue.newBuilder().setStringValue("geheim")));

    send(exporter(Verbosity.DETAILED, false), Signal.LOGS, request.build(), 1);

    assertThat(texts.get(0))
        .startsWith("exporters.debug: Logs {\"resource logs\": 1, \"log records\": 1}")
        .contains("Severity       : INFO (9)", "Body           : Str(<6 characters>)");
  }

  @Test
  void metricsAreNamedWithTheirPoints() {
    ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
    request
        .addResourceMetricsBuilder()
        .addScopeMetricsBuilder()
        .addMetrics(
            Metric.newBuilder()
                .setName("queue.size")
                .setGauge(
                    Gauge.newBuilder()
                        .addDataPoints(NumberDataPoint.newBuilder())
                        .addDataPoints(NumberDataPoint.newBuilder())));

    send(exporter(Verbosity.NORMAL, false), Signal.METRICS, request.build(), 2);

    assertThat(texts.get(0).lines())
        .containsExactly(
            "exporters.debug: Metrics {\"resource metrics\": 1, \"metrics\": 1, \"data points\": 2}",
            "queue.size Gauge 2");
  }

  @Test
  void inEachSecondTheFirstRequestsAndSomeOfTheOthersAreWritten() {
    DebugExporter exporter = exporter(new DebugSettings(Verbosity.BASIC, 2, 3, Target.LOG, false));
    for (int i = 0; i < 8; i++) {
      send(exporter, Signal.TRACES, traces(), 2);
    }
    assertThat(texts).hasSize(2 + 2);

    now = now.plusSeconds(1);
    send(exporter, Signal.TRACES, traces(), 2);

    assertThat(texts).hasSize(5);
    assertThat(outcomes).hasSize(9).containsOnly(Outcome.ACCEPTED);
  }

  @Test
  void requestThatCannotBeReadIsAcceptedToo() {
    send(exporter(Verbosity.NORMAL, false), Signal.TRACES, Slices.of(new byte[] {10, 5}), 1);

    assertThat(outcomes).containsExactly(Outcome.ACCEPTED);
    assertThat(texts.get(0)).contains("cannot be read");
  }

  private DebugExporter exporter(Verbosity verbosity, boolean content) {
    return exporter(new DebugSettings(verbosity, 2, 1, Target.LOG, content));
  }

  private DebugExporter exporter(DebugSettings settings) {
    return new DebugExporter(
        "debug", settings, texts::add, () -> now, MeterProvider.noop().get("test"));
  }

  private void send(DebugExporter exporter, Signal signal, Message request, int items) {
    send(exporter, signal, Slices.of(request.toByteArray()), items);
  }

  private void send(DebugExporter exporter, Signal signal, Slices request, int items) {
    exporter.send(new OtlpRequest(signal, request, items, new SenderAck(outcomes::add)));
  }

  private static ExportTraceServiceRequest traces() {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request
        .addResourceSpansBuilder()
        .setResource(Resource.newBuilder().addAttributes(text("service.name", "shop")))
        .addScopeSpansBuilder()
        .setScope(InstrumentationScope.newBuilder().setName("lib").setVersion("1.0"))
        .addSpans(
            span("chat", "0102030405060708")
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .setStartTimeUnixNano(1_000_000_000)
                .setStatus(
                    Status.newBuilder()
                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                        .setMessage("geheim"))
                .addAttributes(text("gen_ai.request.model", "gpt-4o"))
                .addAttributes(text("gen_ai.input.messages", "geheim"))
                .addAttributes(text("input.value", "geheim"))
                .addAttributes(
                    KeyValue.newBuilder()
                        .setKey("gen_ai.usage.input_tokens")
                        .setValue(AnyValue.newBuilder().setIntValue(1000)))
                .addEvents(
                    Span.Event.newBuilder()
                        .setName("gen_ai.choice")
                        .addAttributes(text("message", "geheim"))))
        .addSpans(span("GET", "1112131415161718"));
    return request.build();
  }

  private static Span.Builder span(String name, String id) {
    return Span.newBuilder()
        .setName(name)
        .setTraceId(ByteString.fromHex("0102030405060708090a0b0c0d0e0f10"))
        .setSpanId(ByteString.fromHex(id));
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
