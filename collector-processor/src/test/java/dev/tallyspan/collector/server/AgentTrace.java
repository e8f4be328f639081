package dev.tallyspan.collector.server;

import static dev.tallyspan.collector.processor.LlmRequests.attribute;
import static dev.tallyspan.collector.processor.LlmRequests.span;
import static dev.tallyspan.collector.processor.LlmRequests.traces;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;

/** One run of an agent that has a bit of everything, in the GenAI conventions. */
final class AgentTrace {

  private static final long START = 1_795_000_000_000_000_000L;
  private static final long MILLI = 1_000_000L;

  private AgentTrace() {}

  static byte[] request() {
    return traces(
        root(), agent(), planning(), search(), weather(), answer(), failed(), embedding());
  }

  /** The root is about no LLM, as with every web server. */
  static Span.Builder root() {
    return at(0, 900, span("1", "", "POST /trips"))
        .setKind(Span.SpanKind.SPAN_KIND_SERVER)
        .addAttributes(attribute("http.route", "/trips"));
  }

  private static Span.Builder agent() {
    return at(10, 890, span("2", "1", "invoke_agent trip-planner"))
        .addAttributes(attribute("gen_ai.operation.name", "invoke_agent"))
        .addAttributes(attribute("gen_ai.agent.name", "trip-planner"))
        .addAttributes(attribute("gen_ai.conversation.id", "trip-2041"))
        .addAttributes(attribute("user.id", "maya"))
        .addAttributes(tags("beta", "eu"));
  }

  private static Span.Builder planning() {
    return at(20, 300, chat("3", "2", "anthropic", "claude-sonnet-4-5"))
        .addAttributes(attribute("gen_ai.response.model", "claude-sonnet-4-5-20250929"))
        .addAttributes(
            attribute(
                "gen_ai.system_instructions",
                "[{\"type\":\"text\",\"content\":\"You plan trips.\"}]"))
        .addAttributes(
            attribute(
                "gen_ai.input.messages",
                "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":"
                    + "\"Plan three days in Oslo\"}]}]"))
        .addAttributes(
            attribute(
                "gen_ai.output.messages",
                "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"call_1\","
                    + "\"name\":\"get_weather\",\"arguments\":{\"city\":\"Oslo\"}}]}]"))
        .addAttributes(
            attribute(
                "gen_ai.tool.definitions",
                "[{\"type\":\"function\",\"name\":\"get_weather\",\"parameters\":"
                    + "{\"type\":\"object\"}}]"))
        .addAttributes(attribute("gen_ai.usage.input_tokens", 4_000))
        .addAttributes(attribute("gen_ai.usage.cache_read.input_tokens", 1_000))
        .addAttributes(attribute("gen_ai.usage.cache_creation.input_tokens", 2_000))
        .addAttributes(attribute("gen_ai.usage.output_tokens", 60))
        .addAttributes(attribute("gen_ai.conversation.id", "trip-2041"))
        .addAttributes(attribute("user.id", "maya"))
        .addAttributes(tags("beta", "eu"));
  }

  private static Span.Builder search() {
    return at(310, 350, span("4", "2", "retrieval guides"))
        .addAttributes(attribute("gen_ai.operation.name", "retrieval"))
        .addAttributes(attribute("gen_ai.data_source.id", "guides"))
        .addAttributes(attribute("gen_ai.retrieval.query.text", "Oslo in October"))
        .addAttributes(
            attribute(
                "gen_ai.retrieval.documents",
                "[{\"id\":\"g-12\",\"score\":0.91,\"content\":\"Fjord cruises run all year.\"},"
                    + "{\"id\":\"g-40\",\"score\":0.55,\"content\":\"Museums close on Monday.\"}]"));
  }

  private static Span.Builder weather() {
    return at(360, 400, span("5", "2", "execute_tool get_weather"))
        .addAttributes(attribute("gen_ai.operation.name", "execute_tool"))
        .addAttributes(attribute("gen_ai.tool.name", "get_weather"))
        .addAttributes(attribute("gen_ai.tool.call.id", "call_1"))
        .addAttributes(attribute("gen_ai.tool.call.arguments", "{\"city\":\"Oslo\",\"days\":3}"))
        .addAttributes(attribute("gen_ai.tool.call.result", "{\"celsius\":7,\"rain\":true}"));
  }

  private static Span.Builder answer() {
    return at(410, 800, chat("6", "2", "openai", "gpt-5-mini"))
        .addAttributes(attribute("gen_ai.response.model", "gpt-5-mini-2025-08-07"))
        .addAttributes(attribute("gen_ai.response.time_to_first_chunk", 0.25))
        .addAttributes(attribute("gen_ai.prompt.name", "trip-answer"))
        .addAttributes(
            attribute(
                "gen_ai.input.messages",
                "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":"
                    + "\"Plan three days in Oslo\"}]},"
                    + "{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":"
                    + "\"call_1\",\"name\":\"get_weather\",\"arguments\":{\"city\":\"Oslo\"}}]},"
                    + "{\"role\":\"tool\",\"parts\":[{\"type\":\"tool_call_response\",\"id\":"
                    + "\"call_1\",\"response\":{\"celsius\":7,\"rain\":true}}]}]"))
        .addAttributes(
            attribute(
                "gen_ai.output.messages",
                "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":"
                    + "\"Pack a raincoat.\"}],\"finish_reason\":\"stop\"}]"))
        .addAttributes(attribute("gen_ai.usage.input_tokens", 500))
        .addAttributes(attribute("gen_ai.usage.output_tokens", 300))
        .addAttributes(attribute("gen_ai.usage.reasoning.output_tokens", 192))
        .addAttributes(attribute("gen_ai.conversation.id", "trip-2041"))
        .addAttributes(attribute("user.id", "maya"))
        .addAttributes(tags("beta", "eu"));
  }

  private static Span.Builder failed() {
    return at(810, 850, chat("7", "2", "openai", "gpt-5-nano"))
        .addAttributes(attribute("error.type", "rate_limit_exceeded"))
        .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
  }

  private static Span.Builder embedding() {
    return at(860, 880, span("8", "2", "embeddings text-embedding-3-small"))
        .addAttributes(attribute("gen_ai.operation.name", "embeddings"))
        .addAttributes(attribute("gen_ai.provider.name", "openai"))
        .addAttributes(attribute("gen_ai.request.model", "text-embedding-3-small"))
        .addAttributes(attribute("gen_ai.usage.input_tokens", 40));
  }

  private static Span.Builder chat(String id, String parent, String provider, String model) {
    return span(id, parent, "chat " + model)
        .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
        .addAttributes(attribute("gen_ai.operation.name", "chat"))
        .addAttributes(attribute("gen_ai.provider.name", provider))
        .addAttributes(attribute("gen_ai.request.model", model));
  }

  private static KeyValue tags(String... tags) {
    ArrayValue.Builder values = ArrayValue.newBuilder();
    for (String tag : tags) {
      values.addValues(AnyValue.newBuilder().setStringValue(tag));
    }
    return KeyValue.newBuilder()
        .setKey("tag.tags")
        .setValue(AnyValue.newBuilder().setArrayValue(values))
        .build();
  }

  private static Span.Builder at(long from, long to, Span.Builder span) {
    return span.setStartTimeUnixNano(START + from * MILLI).setEndTimeUnixNano(START + to * MILLI);
  }
}
