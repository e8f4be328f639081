package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ConfigLoader;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Processor;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file's processors, as the running server has them. */
class ProcessorsTest {

  private static final ByteString ONE = ByteString.copyFrom(new byte[] {1});

  @TempDir private Path folder;

  @Test
  void aliasesAndDroppedOriginalsReachTheRunningStep() throws Exception {
    Map<String, AnyValue> out =
        process(
            """
            processors:
              tallyspan:
                aliases:
                  acme.model: gen_ai.request.model
                  acme.user: user.id
                drop_originals: [call]
            """,
            span("acme.model", "gpt-4o", "acme.user", "u1"));

    assertThat(out).doesNotContainKey("acme.model").containsKey("acme.user");
    assertThat(out.get("gen_ai.request.model").getStringValue()).isEqualTo("gpt-4o");
    assertThat(out.get("user.id").getStringValue()).isEqualTo("u1");
    assertThat(out.get("tallyspan.dialect").getArrayValue().getValues(0).getStringValue())
        .isEqualTo("custom");
  }

  @Test
  void spanOfADialectThatIsOffLeavesWithTheBytesItCameWith() throws Exception {
    Span span =
        span("langfuse.observation.type", "generation", "langfuse.observation.model.name", "m");
    String off = "processors: {tallyspan: {dialects: {langfuse: false}}}\n";

    assertThat(bytes(off, request(span))).isEqualTo(request(span));
    assertThat(process("processors: {tallyspan: }\n", span)).containsKey("gen_ai.request.model");
  }

  @Test
  void aliasThatAnySpanMayHaveMakesNoLlmSpan() throws Exception {
    String processors = "processors: {tallyspan: {aliases: {acme.user: user.id}}}\n";
    byte[] request = request(span("acme.user", "u1", "http.request.method", "GET"));

    assertThat(bytes(processors, request)).isEqualTo(request);
  }

  @Test
  void messagesOfLogRecordsThatCameBeforeAreTheSpansIfThatIsAskedFor() throws Exception {
    Span span =
        span("gen_ai.operation.name", "chat", "gen_ai.request.model", "gpt-4o").toBuilder()
            .setTraceId(ByteString.copyFrom(new byte[16], 0, 15).concat(ONE))
            .setSpanId(ByteString.copyFrom(new byte[8], 0, 7).concat(ONE))
            .build();
    ExportLogsServiceRequest.Builder logs = ExportLogsServiceRequest.newBuilder();
    logs.addResourceLogsBuilder()
        .addScopeLogsBuilder()
        .addLogRecordsBuilder()
        .setTraceId(span.getTraceId())
        .setSpanId(span.getSpanId())
        .setEventName("gen_ai.user.message")
        .getBodyBuilder()
        .getKvlistValueBuilder()
        .addValuesBuilder()
        .setKey("content")
        .getValueBuilder()
        .setStringValue("Why?");
    byte[] records = logs.build().toByteArray();

    assertThat(
            attributes(bytes("processors: {tallyspan: {join_logs: 30s}}\n", request(span), records))
                .get("gen_ai.input.messages")
                .getStringValue())
        .contains("Why?");
    assertThat(attributes(bytes("processors: {tallyspan: }\n", request(span), records)))
        .doesNotContainKey("gen_ai.input.messages");
  }

  private Map<String, AnyValue> process(String processors, Span span) throws Exception {
    return attributes(bytes(processors, request(span)));
  }

  private static Map<String, AnyValue> attributes(byte[] request) throws Exception {
    ExportTraceServiceRequest out = ExportTraceServiceRequest.parseFrom(request);
    Map<String, AnyValue> attributes = new LinkedHashMap<>();
    for (KeyValue attribute :
        out.getResourceSpans(0).getScopeSpans(0).getSpans(0).getAttributesList()) {
      attributes.put(attribute.getKey(), attribute.getValue());
    }
    return attributes;
  }

  /** The trace request as it leaves, after the log requests have passed through. */
  private byte[] bytes(String processors, byte[] request, byte[]... logs) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("c.yaml"),
            processors
                + """
                receivers: {otlp: {protocols: {grpc: }}}
                exporters: {otlp_grpc: {endpoint: "jaeger:4317"}}
                service:
                  pipelines:
                    traces: {receivers: [otlp], processors: [tallyspan], exporters: [otlp_grpc]}
                """);
    CollectorConfig config = ConfigLoader.load(file, Map.of());
    Meter meter = MeterProvider.noop().get("test");
    try (Catalogs catalogs = Catalogs.open(config, meter, InstantSource.system())) {
      Map<String, Processor> steps = Processors.of(config, catalogs, meter);
      Processor step = Processors.chain(config.pipelines().get(0), steps);
      for (byte[] log : logs) {
        step.apply(Signal.LOGS, log);
      }
      return step.apply(Signal.TRACES, request).body().toByteArray();
    }
  }

  private static byte[] request(Span span) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);
    return request.build().toByteArray();
  }

  private static Span span(String... keysAndValues) {
    Span.Builder span = Span.newBuilder().setName("x");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      span.addAttributesBuilder()
          .setKey(keysAndValues[i])
          .getValueBuilder()
          .setStringValue(keysAndValues[i + 1]);
    }
    return span.build();
  }
}
