package dev.tallyspan.collector.exporter;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tallyspan.collector.wire.Slices;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Trace requests whose spans have names to tell them apart. */
final class SpanRequests {

  private static final String SERVICE = "shop";

  private SpanRequests() {}

  /** Returns the names {@code first}, {@code first + 1} and so on. */
  static List<String> names(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(Integer::toString).toList();
  }

  static Slices request(List<String> names) {
    return request(names, 0);
  }

  /**
   * @param size the size of an attribute that each span has, in bytes
   */
  static Slices request(List<String> names, int size) {
    KeyValue filling =
        KeyValue.newBuilder()
            .setKey("f")
            .setValue(AnyValue.newBuilder().setStringValue("x".repeat(size)))
            .build();
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    // Three spans in a scope, two scopes in a resource, so that parts begin and end everywhere.
    for (int i = 0; i < names.size(); i += 6) {
      ResourceSpans.Builder resource =
          ResourceSpans.newBuilder()
              .setResource(
                  Resource.newBuilder().addAttributes(KeyValue.newBuilder().setKey(SERVICE)));
      for (int j = i; j < Math.min(i + 6, names.size()); j += 3) {
        ScopeSpans.Builder scope =
            ScopeSpans.newBuilder().setScope(InstrumentationScope.newBuilder().setName("scope"));
        for (String name : names.subList(j, Math.min(j + 3, names.size()))) {
          Span.Builder span = Span.newBuilder().setName(name);
          scope.addSpans(size == 0 ? span : span.addAttributes(filling));
        }
        resource.addScopeSpans(scope);
      }
      request.addResourceSpans(resource);
    }
    return Slices.of(request.build().toByteArray());
  }

  /** Returns the names of a request's spans, and checks that each has its resource and scope. */
  static List<String> names(byte[] request) {
    List<String> names = new ArrayList<>();
    try {
      for (ResourceSpans resource :
          ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
        if (!resource.getResource().getAttributes(0).getKey().equals(SERVICE)) {
          throw new AssertionError("another resource");
        }
        for (ScopeSpans scope : resource.getScopeSpansList()) {
          if (!scope.getScope().getName().equals("scope")) {
            throw new AssertionError("another scope");
          }
          scope.getSpansList().forEach(span -> names.add(span.getName()));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    return names;
  }
}
