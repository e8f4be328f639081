package dev.tallyspan.benchmarks;

import static dev.tallyspan.benchmarks.KeyValues.text;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;

/**
 * The edits of {@link WireBenchmark} done as well as protobuf-java allows: parse, builders only
 * where something changes, serialise.
 */
final class ObjectEdit {

  private ObjectEdit() {}

  static byte[] rewrite(byte[] bytes) throws InvalidProtocolBufferException {
    ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(bytes);
    ExportTraceServiceRequest.Builder edited = null;
    for (int i = 0; i < request.getResourceSpansCount(); i++) {
      ResourceSpans before = request.getResourceSpans(i);
      ResourceSpans after = rewrite(before);
      if (after != before) {
        edited = edited == null ? request.toBuilder() : edited;
        edited.setResourceSpans(i, after);
      }
    }
    return (edited == null ? request : edited.build()).toByteArray();
  }

  private static ResourceSpans rewrite(ResourceSpans resource) {
    ResourceSpans.Builder edited = null;
    for (int i = 0; i < resource.getScopeSpansCount(); i++) {
      ScopeSpans before = resource.getScopeSpans(i);
      ScopeSpans after = rewrite(before);
      if (after != before) {
        edited = edited == null ? resource.toBuilder() : edited;
        edited.setScopeSpans(i, after);
      }
    }
    return edited == null ? resource : edited.build();
  }

  private static ScopeSpans rewrite(ScopeSpans scope) {
    ScopeSpans.Builder edited = null;
    for (int i = 0; i < scope.getSpansCount(); i++) {
      Span span = scope.getSpans(i);
      if (matches(span)) {
        edited = edited == null ? scope.toBuilder() : edited;
        edited.setSpans(i, edit(span));
      }
    }
    return edited == null ? scope : edited.build();
  }

  private static boolean matches(Span span) {
    for (int i = 0; i < span.getAttributesCount(); i++) {
      String key = span.getAttributes(i).getKey();
      if (!key.isEmpty()) {
        // A switch, so as not to charge protobuf-java for nine comparisons of each key.
        boolean match =
            switch (key.charAt(0)) {
              case 'a' -> key.startsWith("ai.");
              case 'b' -> key.startsWith("braintrust.");
              case 'g' -> key.startsWith("gen_ai.");
              case 'l' ->
                  key.startsWith("llm.")
                      || key.startsWith("langfuse.")
                      || key.startsWith("langsmith.");
              case 'm' -> key.startsWith("mlflow.");
              case 'o' -> key.startsWith("openinference.");
              case 't' -> key.startsWith("traceloop.");
              default -> false;
            };
        if (match) {
          return true;
        }
      }
    }
    return false;
  }

  private static Span edit(Span span) {
    String model = "";
    long tokens = 0;
    for (int i = 0; i < span.getAttributesCount(); i++) {
      KeyValue attribute = span.getAttributes(i);
      switch (attribute.getKey()) {
        case WireBenchmark.MODEL -> model = attribute.getValue().getStringValue();
        case WireBenchmark.INPUT, WireBenchmark.OUTPUT ->
            tokens += attribute.getValue().getIntValue();
        default -> {}
      }
    }
    return span.toBuilder()
        .addAttributes(text("tallyspan.cost.status", "priced"))
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("tallyspan.cost.total")
                .setValue(AnyValue.newBuilder().setDoubleValue(tokens * 1e-6)))
        .addAttributes(text("tallyspan.cost.currency", "USD"))
        .addAttributes(text("tallyspan.cost.price", "openai/" + model))
        .addAttributes(text("tallyspan.cost.catalog", "2026-11-22"))
        .build();
  }
}
