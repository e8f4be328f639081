package dev.tallyspan.collector.conformance;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Requests with a span that Tallyspan prices, and with spans that it leaves alone. */
final class Requests {

  /** 1000 × 2.5 + 100 × 10 USD per million tokens. */
  static final String COST_OF_CHAT = "0.0035";

  private Requests() {}

  static ExportTraceServiceRequest of(Span... spans) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(text("service.name", "shop")))
                .addScopeSpans(
                    ScopeSpans.newBuilder()
                        .setScope(InstrumentationScope.newBuilder().setName("http"))
                        .addAllSpans(List.of(spans))
                        .setSchemaUrl("https://opentelemetry.io/schemas/1.37.0")))
        .build();
  }

  /** A call of a model that has a price. */
  static Span chat() {
    return plain("chat gpt-4o").toBuilder()
        .clearAttributes()
        .addAttributes(text("gen_ai.operation.name", "chat"))
        .addAttributes(text("gen_ai.provider.name", "openai"))
        .addAttributes(text("gen_ai.request.model", "gpt-4o"))
        .addAttributes(number("gen_ai.usage.input_tokens", 1000))
        .addAttributes(number("gen_ai.usage.output_tokens", 100))
        .build();
  }

  static Span plain(String name) {
    ByteString id = ByteString.fromHex("5b8efff798038103d269b633813fc60c");
    return Span.newBuilder()
        .setTraceId(id)
        .setSpanId(id.substring(0, 8))
        .setParentSpanId(id.substring(8))
        .setTraceState("a=b")
        .setFlags(0x101)
        .setName(name)
        .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
        .setStartTimeUnixNano(1_790_000_000_000_000_000L)
        .setEndTimeUnixNano(1_790_000_001_000_000_000L)
        .addAttributes(text("http.request.method", "GET"))
        .addEvents(Span.Event.newBuilder().setName("e").addAttributes(number("n", 1)))
        .addLinks(Span.Link.newBuilder().setTraceId(id).setSpanId(id.substring(8)).setFlags(0x301))
        .setStatus(Status.newBuilder().setMessage("m").setCode(Status.StatusCode.STATUS_CODE_ERROR))
        .build();
  }

  static KeyValue text(String key, String value) {
    return attribute(key, AnyValue.newBuilder().setStringValue(value));
  }

  static KeyValue number(String key, long value) {
    return attribute(key, AnyValue.newBuilder().setIntValue(value));
  }

  static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  static Span firstSpan(ExportTraceServiceRequest request) {
    return request.getResourceSpans(0).getScopeSpans(0).getSpans(0);
  }

  /** Returns the text of an attribute; empty if there is none. */
  static String text(Span span, String key) {
    return span.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }

  /** A field of bytes, a text or a message with a number below 16. */
  static byte[] field(int number, byte[]... content) {
    byte[] all = concat(content);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(number << 3 | 2);
    int length = all.length;
    for (; length > 0x7f; length >>>= 7) {
      out.write(length & 0x7f | 0x80);
    }
    out.write(length);
    out.writeBytes(all);
    return out.toByteArray();
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A request with one span that has these bytes. */
  static byte[] withSpan(byte[]... span) {
    return field(1, field(2, field(2, span)));
  }
}
