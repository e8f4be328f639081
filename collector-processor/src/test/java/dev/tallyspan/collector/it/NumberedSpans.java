package dev.tallyspan.collector.it;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;

/** Spans that carry their number in their id and in their name. Every third is an LLM span. */
final class NumberedSpans {

  private NumberedSpans() {}

  static ExportTraceServiceRequest request(int first, int count) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = 0; i < count; i++) {
      scope.addSpans(span(first + i));
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
        .build();
  }

  /** Notes the spans of a request that a backend has accepted. */
  static void deliver(ExportTraceServiceRequest request, int backend, SequenceBook book) {
    for (ResourceSpans resource : request.getResourceSpansList()) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          long sequence = span.getSpanId().asReadOnlyByteBuffer().getLong();
          if (span.getName().equals("span " + sequence)) {
            book.deliver(backend, sequence);
          } else {
            book.damage("span " + sequence + " has another name");
          }
        }
      }
    }
  }

  private static Span span(int sequence) {
    byte[] id = ByteBuffer.allocate(8).putLong(sequence).array();
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(ByteString.copyFrom(ByteBuffer.allocate(16).put(id).put(id).array()))
            .setSpanId(ByteString.copyFrom(id))
            .setName("span " + sequence)
            .setStartTimeUnixNano(1_764_000_000_000_000_000L + sequence)
            .setEndTimeUnixNano(1_764_000_000_000_000_000L + sequence + 1000);
    if (sequence % 3 == 0) {
      span.addAttributes(attribute("gen_ai.operation.name", text("chat")))
          .addAttributes(attribute("gen_ai.provider.name", text("openai")))
          .addAttributes(attribute("gen_ai.request.model", text("gpt-4o-mini")))
          .addAttributes(attribute("gen_ai.usage.input_tokens", number(sequence)))
          .addAttributes(attribute("gen_ai.usage.output_tokens", number(7)));
    }
    return span.build();
  }

  private static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static AnyValue.Builder text(String value) {
    return AnyValue.newBuilder().setStringValue(value);
  }

  private static AnyValue.Builder number(long value) {
    return AnyValue.newBuilder().setIntValue(value);
  }
}
