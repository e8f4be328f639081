package dev.tallyspan.collector.it;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;

/**
 * Traces of an agent and its calls, whose spans carry their number in their id and in their name.
 * Traces are numbered from 1. Children end before their parents, so the agent comes last.
 */
final class NumberedTraces {

  static final int CALLS = 3;

  /** Of a trace. */
  static final int SPANS = CALLS + 1;

  /** The calls in the request that comes first. */
  private static final int EARLY = 2;

  private static final int OUTPUT_TOKENS = 7;

  private NumberedTraces() {}

  /** The first calls of some traces. */
  static ExportTraceServiceRequest beginning(int first, int count) {
    return request(first, count, 0, EARLY);
  }

  /** The other calls and the agents of some traces. */
  static ExportTraceServiceRequest end(int first, int count) {
    return request(first, count, EARLY, SPANS);
  }

  private static ExportTraceServiceRequest request(int first, int count, int from, int to) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int trace = first; trace < first + count; trace++) {
      for (int place = from; place < to; place++) {
        scope.addSpans(place < CALLS ? call(trace, place) : agent(trace));
      }
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
        .build();
  }

  /** The number of the trace to which a span belongs. */
  static int trace(long span) {
    return (int) ((span - 1) / SPANS) + 1;
  }

  /** The place of a span in its trace; the agent's is the last. */
  static int place(long span) {
    return (int) ((span - 1) % SPANS);
  }

  static long span(int trace, int place) {
    return (trace - 1L) * SPANS + place + 1;
  }

  /** The input tokens of all calls of a trace; each call has as many as its number. */
  static long inputTokens(int trace) {
    long tokens = 0;
    for (int place = 0; place < CALLS; place++) {
      tokens += span(trace, place);
    }
    return tokens;
  }

  /** Whether the sums on an agent are those of all of its calls. */
  static boolean isWhole(Span agent) {
    return number(agent, "tallyspan.rollup.calls") == CALLS
        && number(agent, "tallyspan.rollup.input_tokens")
            == inputTokens(trace(agent.getSpanId().asReadOnlyByteBuffer().getLong()))
        && number(agent, "tallyspan.rollup.output_tokens") == CALLS * OUTPUT_TOKENS;
  }

  private static long number(Span span, String key) {
    return span.getAttributesList().stream()
        .filter(each -> each.getKey().equals(key))
        .mapToLong(each -> each.getValue().getIntValue())
        .findFirst()
        .orElse(-1);
  }

  private static Span call(int trace, int place) {
    long number = span(trace, place);
    return span(trace, place, 10L * place, 10L * place + 9)
        .setParentSpanId(id(span(trace, CALLS)))
        .addAttributes(attribute("gen_ai.operation.name", text("chat")))
        .addAttributes(attribute("gen_ai.provider.name", text("openai")))
        .addAttributes(attribute("gen_ai.request.model", text("gpt-4o-mini")))
        .addAttributes(attribute("gen_ai.response.id", text("response-" + number)))
        .addAttributes(attribute("gen_ai.usage.input_tokens", count(number)))
        .addAttributes(attribute("gen_ai.usage.output_tokens", count(OUTPUT_TOKENS)))
        .build();
  }

  private static Span agent(int trace) {
    return span(trace, CALLS, 0, 10L * SPANS)
        .addAttributes(attribute("gen_ai.operation.name", text("invoke_agent")))
        .addAttributes(attribute("gen_ai.agent.name", text("counter")))
        .build();
  }

  private static Span.Builder span(int trace, int place, long start, long end) {
    long number = span(trace, place);
    long begin = 1_764_000_000_000_000_000L + 1000L * span(trace, 0);
    return Span.newBuilder()
        .setTraceId(
            ByteString.copyFrom(ByteBuffer.allocate(16).putLong(trace).putLong(trace).array()))
        .setSpanId(id(number))
        .setName("span " + number)
        .setStartTimeUnixNano(begin + start)
        .setEndTimeUnixNano(begin + end);
  }

  private static ByteString id(long number) {
    return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(number).array());
  }

  private static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static AnyValue.Builder text(String value) {
    return AnyValue.newBuilder().setStringValue(value);
  }

  private static AnyValue.Builder count(long value) {
    return AnyValue.newBuilder().setIntValue(value);
  }
}
