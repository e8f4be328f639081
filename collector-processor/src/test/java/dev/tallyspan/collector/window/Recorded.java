package dev.tallyspan.collector.window;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.processor.LlmRequests;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A span as an instrumentation records it. Times are milliseconds since the start of the test. */
final class Recorded {

  static final int CLIENT = 3;
  static final int SERVER = 2;

  private static final long EPOCH_MILLIS = 1_795_000_000_000L;
  private static final int INTERNAL = 1;

  final String scope;
  final long id;
  final Map<String, Object> attributes = new LinkedHashMap<>();
  String name;
  long trace = 1;
  long parent;
  long start = 0;
  long end = 1_000;
  int kind = INTERNAL;
  String service = "app";
  private @Nullable String failure;

  private Recorded(String scope, long id, String name) {
    this.scope = scope;
    this.id = id;
    this.name = name;
  }

  /** A chat with the model {@code m} of the provider {@code acme}. */
  static Recorded chat(String scope, long id) {
    return call(scope, id, "chat").model("m");
  }

  static Recorded embeddings(String scope, long id) {
    return call(scope, id, "embeddings").model("embed");
  }

  static Recorded call(String scope, long id, String operation) {
    Recorded span = new Recorded(scope, id, operation).kind(CLIENT);
    return span.with("gen_ai.operation.name", operation).with("gen_ai.provider.name", "acme");
  }

  static Recorded agent(String scope, long id) {
    return new Recorded(scope, id, "invoke_agent a").with("gen_ai.operation.name", "invoke_agent");
  }

  static Recorded workflow(String scope, long id) {
    return new Recorded(scope, id, "invoke_workflow w")
        .with("gen_ai.operation.name", "invoke_workflow");
  }

  static Recorded tool(String scope, long id) {
    return new Recorded(scope, id, "execute_tool t")
        .with("gen_ai.operation.name", "execute_tool")
        .with("gen_ai.tool.name", "t");
  }

  /** A span that is not about an LLM. */
  static Recorded http(long id) {
    return new Recorded("http", id, "GET /").with("http.request.method", "GET");
  }

  Recorded in(Recorded parentSpan) {
    trace = parentSpan.trace;
    return under(parentSpan.id);
  }

  Recorded under(long parentId) {
    parent = parentId;
    return this;
  }

  Recorded trace(long number) {
    trace = number;
    return this;
  }

  Recorded at(long from, long to) {
    start = from;
    end = to;
    return this;
  }

  Recorded kind(int number) {
    kind = number;
    return this;
  }

  Recorded service(String named) {
    service = named;
    return this;
  }

  Recorded model(String requested) {
    return with("gen_ai.request.model", requested);
  }

  Recorded answeredBy(String model) {
    return with("gen_ai.response.model", model);
  }

  Recorded answer(String responseId) {
    return with("gen_ai.response.id", responseId);
  }

  Recorded tokens(long input, long output) {
    return with("gen_ai.usage.input_tokens", input).with("gen_ai.usage.output_tokens", output);
  }

  Recorded cacheRead(long tokens) {
    return with("gen_ai.usage.cache_read.input_tokens", tokens);
  }

  Recorded cacheWrite(long tokens) {
    return with("gen_ai.usage.cache_creation.input_tokens", tokens);
  }

  Recorded reasoning(long tokens) {
    return with("gen_ai.usage.reasoning.output_tokens", tokens);
  }

  Recorded reportedCost(double dollars) {
    return with("gen_ai.usage.cost", dollars);
  }

  Recorded refused() {
    return failed("429");
  }

  Recorded failed(String errorType) {
    failure = errorType;
    return with("error.type", errorType);
  }

  Recorded with(String key, Object value) {
    attributes.put(key, value);
    return this;
  }

  Recorded without(String key) {
    attributes.remove(key);
    return this;
  }

  /** The same span again, with the same attributes. */
  Recorded copy() {
    Recorded copy = new Recorded(scope, id, name);
    copy.attributes.putAll(attributes);
    copy.trace = trace;
    copy.parent = parent;
    copy.start = start;
    copy.end = end;
    copy.kind = kind;
    copy.service = service;
    copy.failure = failure;
    return copy;
  }

  boolean hasTokens() {
    return attributes.containsKey("gen_ai.usage.input_tokens")
        || attributes.containsKey("gen_ai.usage.output_tokens");
  }

  long count(String key) {
    return attributes.get(key) instanceof Long number ? number : 0;
  }

  /** One request with these spans in this order. */
  static ExportTraceServiceRequest request(List<Recorded> spans) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    for (Recorded span : spans) {
      ResourceSpans.Builder resource = request.addResourceSpansBuilder();
      resource
          .getResourceBuilder()
          .addAttributes(LlmRequests.attribute("service.name", span.service));
      resource
          .addScopeSpansBuilder()
          .addSpans(span.toProto())
          .getScopeBuilder()
          .setName(span.scope);
    }
    return request.build();
  }

  private Span toProto() {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(ByteString.copyFrom(ByteBuffer.allocate(16).putLong(8, trace)))
            .setSpanId(spanId(id))
            .setParentSpanId(parent == 0 ? ByteString.EMPTY : spanId(parent))
            .setName(name)
            .setKindValue(kind)
            .setStartTimeUnixNano((EPOCH_MILLIS + start) * 1_000_000)
            .setEndTimeUnixNano((EPOCH_MILLIS + end) * 1_000_000);
    attributes.forEach(
        (key, value) -> {
          if (value instanceof String text) {
            span.addAttributes(LlmRequests.attribute(key, text));
          } else if (value instanceof Double number) {
            span.addAttributes(LlmRequests.attribute(key, number));
          } else {
            span.addAttributes(LlmRequests.attribute(key, ((Number) value).longValue()));
          }
        });
    if (failure != null) {
      span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
    }
    return span.build();
  }

  private static ByteString spanId(long id) {
    return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(0, id));
  }
}
