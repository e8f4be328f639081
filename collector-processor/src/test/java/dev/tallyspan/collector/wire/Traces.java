package dev.tallyspan.collector.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Trace requests to test with. */
final class Traces {

  private Traces() {}

  static KeyValue attribute(String key, String value) {
    return attribute(key, AnyValue.newBuilder().setStringValue(value).build());
  }

  static KeyValue attribute(String key, long value) {
    return attribute(key, AnyValue.newBuilder().setIntValue(value).build());
  }

  static KeyValue attribute(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  static Span.Builder llmSpan() {
    return span("chat gpt-4o")
        .addAttributes(attribute("gen_ai.request.model", "gpt-4o"))
        .addAttributes(attribute("gen_ai.usage.input_tokens", 17))
        .addAttributes(attribute("server.address", "api.example.com"));
  }

  static Span.Builder httpSpan() {
    return span("GET /orders")
        .addAttributes(attribute("http.request.method", "GET"))
        .addAttributes(attribute("http.response.status_code", 200));
  }

  private static Span.Builder span(String name) {
    return Span.newBuilder()
        .setTraceId(ByteString.fromHex("000102030405060708090a0b0c0d0e0f"))
        .setSpanId(ByteString.fromHex("f0f1f2f3f4f5f6f7"))
        .setName(name)
        .setKindValue(3)
        .setStartTimeUnixNano(1_700_000_000_000_000_000L)
        .setEndTimeUnixNano(1_700_000_001_000_000_000L)
        .setFlags(0x101);
  }

  static ExportTraceServiceRequest request(Span.Builder... spans) {
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName("scope").setVersion("1.2"));
    for (Span.Builder span : spans) {
      scope.addSpans(span);
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(attribute("service.name", "shop")))
                .addScopeSpans(scope))
        .build();
  }

  /**
   * Encodes as the Go Collector does: the fields with the highest numbers first, at every level.
   */
  static byte[] reversed(Message message) {
    List<Map.Entry<FieldDescriptor, Object>> fields =
        new ArrayList<>(message.getAllFields().entrySet());
    Collections.reverse(fields);
    ProtobufWriter writer = new ProtobufWriter();
    for (Map.Entry<FieldDescriptor, Object> field : fields) {
      int number = field.getKey().getNumber();
      List<?> values =
          field.getKey().isRepeated() ? (List<?>) field.getValue() : List.of(field.getValue());
      for (Object value : values) {
        if (value instanceof Message nested) {
          writer.writeBytes(number, reversed(nested));
        } else {
          Message.Builder one = message.newBuilderForType();
          if (field.getKey().isRepeated()) {
            one.addRepeatedField(field.getKey(), value);
          } else {
            one.setField(field.getKey(), value);
          }
          byte[] encoded = one.build().toByteArray();
          writer.append(encoded, 0, encoded.length);
        }
      }
    }
    return writer.toByteArray();
  }
}
