package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;

/** Requests for tests of processors, and what processors make of them. */
final class EditTesting {

  static final Meter NO_METER = MeterProvider.noop().get("test");

  private EditTesting() {}

  static KeyValue attribute(String key, String value) {
    return attribute(key, AnyValue.newBuilder().setStringValue(value).build());
  }

  static KeyValue attribute(String key, long value) {
    return attribute(key, AnyValue.newBuilder().setIntValue(value).build());
  }

  static KeyValue attribute(String key, double value) {
    return attribute(key, AnyValue.newBuilder().setDoubleValue(value).build());
  }

  static KeyValue attribute(String key, boolean value) {
    return attribute(key, AnyValue.newBuilder().setBoolValue(value).build());
  }

  static KeyValue attribute(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  /** A request of the spans in one scope {@code lib 1.0} of the service {@code shop}. */
  static ExportTraceServiceRequest spans(Span.Builder... spans) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    var scope =
        request
            .addResourceSpansBuilder()
            .setResource(
                Resource.newBuilder()
                    .addAttributes(attribute("service.name", "shop"))
                    .addAttributes(attribute("host", "h1")))
            .addScopeSpansBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("lib").setVersion("1.0"));
    for (Span.Builder span : spans) {
      scope.addSpans(span);
    }
    return request.build();
  }

  static ExportLogsServiceRequest logs(LogRecord.Builder... records) {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    var scope = request.addResourceLogsBuilder().addScopeLogsBuilder();
    for (LogRecord.Builder record : records) {
      scope.addLogRecords(record);
    }
    return request.build();
  }

  static Span.Builder span(String name, KeyValue... attributes) {
    return Span.newBuilder().setName(name).addAllAttributes(List.of(attributes));
  }

  static Batch batch(Signal signal, byte[] request, int items) {
    return Batch.of(
        new OtlpRequest(signal, Slices.of(request), items, new SenderAck(outcome -> {})));
  }

  /** Returns what the rules make of the spans. */
  static List<Span> apply(EditRules rules, Span.Builder... spans) throws Exception {
    return spansOf(processed(rules, spans));
  }

  static ExportTraceServiceRequest processed(EditRules rules, Span.Builder... spans)
      throws Exception {
    Batch batch = batch(Signal.TRACES, spans(spans).toByteArray(), spans.length);
    byte[] after = rules.processor("test", NO_METER).apply(batch).request().bytes().toByteArray();
    return ExportTraceServiceRequest.parseFrom(after);
  }

  static List<Span> spansOf(ExportTraceServiceRequest request) {
    return request.getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }
}
