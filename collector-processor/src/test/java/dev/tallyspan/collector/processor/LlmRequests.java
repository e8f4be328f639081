package dev.tallyspan.collector.processor;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** Trace requests for tests of what comes after a processor. */
public final class LlmRequests {

  public static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private LlmRequests() {}

  /** A span of one second; {@code id} and {@code parent} are one hex digit, or empty. */
  public static Span.Builder span(String id, String parent, String name) {
    return Span.newBuilder()
        .setTraceId(bytes(TRACE))
        .setSpanId(spanId(id))
        .setParentSpanId(spanId(parent))
        .setName(name)
        .setStartTimeUnixNano(1_795_000_000_000_000_000L)
        .setEndTimeUnixNano(1_795_000_001_000_000_000L);
  }

  /** A chat of 1,000 input and 100 output tokens. */
  public static Span.Builder chat(String id, String parent, String model) {
    return span(id, parent, "chat " + model)
        .addAttributes(attribute("gen_ai.operation.name", "chat"))
        .addAttributes(attribute("gen_ai.provider.name", "openai"))
        .addAttributes(attribute("gen_ai.request.model", model))
        .addAttributes(attribute("gen_ai.usage.input_tokens", 1_000))
        .addAttributes(attribute("gen_ai.usage.output_tokens", 100));
  }

  public static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  public static KeyValue attribute(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }

  public static KeyValue attribute(String key, double value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setDoubleValue(value))
        .build();
  }

  public static byte[] traces(Span.Builder... spans) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    for (Span.Builder span : spans) {
      request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);
    }
    return request.build().toByteArray();
  }

  /** The batch of a request, as it comes from a receiver; {@code answer} receives the outcome. */
  public static Batch batch(Signal signal, byte[] bytes, Consumer<Outcome> answer)
      throws MalformedRequestException {
    int items = Items.count(signal, bytes);
    return Batch.of(new OtlpRequest(signal, Slices.of(bytes), items, new SenderAck(answer)));
  }

  /** The batch of spans after a processor with the built-in catalog. */
  public static Batch processed(Span.Builder... spans) throws MalformedRequestException {
    return LlmProcessor.builder().build().apply(batch(Signal.TRACES, traces(spans), outcome -> {}));
  }

  /** The spans of a request. */
  public static List<Span> spans(byte[] traces) throws Exception {
    return ExportTraceServiceRequest.parseFrom(traces).getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  private static ByteString spanId(String digit) {
    return digit.isEmpty() ? ByteString.EMPTY : bytes(digit.repeat(16));
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
