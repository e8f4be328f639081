package dev.tallyspan.benchmarks;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Requests of 64 calls of a model, each with the twentieth turn of a conversation: 20 messages of
 * 100 to 700 characters, four of which are calls of tools and their answers, two tools on offer.
 * The same conversation in the words of three instrumentations, and HTTP spans to compare with. The
 * same seed gives the same bytes.
 */
public enum LlmLoad {
  /** OpenInference: a key for each piece of a message, and the payloads whole beside them. */
  OPENINFERENCE,

  /** AI SDK 6: messages, tools and the provider's metadata as JSON text. */
  VERCEL,

  /** The conventions as they are: messages as JSON text in the schema's shape. */
  OTEL,

  /** No LLM span. */
  NONE;

  public static final int SPANS_PER_REQUEST = 64;

  private static final int MESSAGES = 20;
  private static final String WORDS =
      "the of and a to in is you that it he was for on are as with his they at be this \\\"have\\\" from\\n";

  /** One message of a conversation, its texts escaped for JSON. */
  private record Message(String role, String text, String callId) {}

  /** So many different requests. */
  public List<ExportTraceServiceRequest> requests(int count, long seed) {
    if (this == NONE) {
      return TraceLoad.NONE.requests(count, seed);
    }
    Random random = new Random(seed);
    return IntStream.range(0, count).mapToObj(i -> request(random)).toList();
  }

  private ExportTraceServiceRequest request(Random random) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    ScopeSpans.Builder scope = request.addResourceSpansBuilder().addScopeSpansBuilder();
    request
        .getResourceSpansBuilder(0)
        .getResourceBuilder()
        .addAttributes(attribute("service.name", "desk"));
    scope
        .getScopeBuilder()
        .setName(
            switch (this) {
              case OPENINFERENCE -> "@arizeai/openinference-instrumentation-openai";
              case VERCEL -> "ai";
              default -> "opentelemetry.instrumentation.openai_v2";
            })
        .setVersion("4.2.7");
    for (int i = 0; i < SPANS_PER_REQUEST; i++) {
      scope.addSpans(span(random));
    }
    return request.build();
  }

  private Span span(Random random) {
    long start = 1_790_000_000_000_000_000L + random.nextInt();
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(bytes(random, 16))
            .setSpanId(bytes(random, 8))
            .setParentSpanId(bytes(random, 8))
            .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(start + random.nextInt(1_000_000_000));
    List<Message> messages = conversation(random);
    String answer = text(random, 300);
    switch (this) {
      case OPENINFERENCE -> openInference(span, messages, answer, random);
      case VERCEL -> vercel(span, messages, answer, random);
      default -> otel(span, messages, answer, random);
    }
    return span.build();
  }

  private static void openInference(
      Span.Builder span, List<Message> messages, String answer, Random random) {
    int input = 1000 + random.nextInt(4000);
    String id = "chatcmpl-" + random.nextLong();
    span.setName("OpenAI Chat Completions")
        .addAttributes(attribute("openinference.span.kind", "LLM"))
        .addAttributes(attribute("llm.system", "openai"))
        .addAttributes(attribute("llm.provider", "openai"))
        .addAttributes(attribute("llm.model_name", "gpt-4o-2024-08-06"))
        .addAttributes(
            attribute(
                "llm.invocation_parameters", "{\"model\":\"gpt-4o\",\"temperature\":0.7,\"n\":1}"))
        .addAttributes(attribute("llm.token_count.prompt", input))
        .addAttributes(attribute("llm.token_count.completion", 80))
        .addAttributes(attribute("llm.token_count.total", input + 80))
        .addAttributes(attribute("llm.token_count.prompt_details.cache_read", 512))
        .addAttributes(attribute("input.mime_type", "application/json"))
        .addAttributes(
            attribute(
                "input.value",
                "{\"model\":\"gpt-4o\",\"temperature\":0.7,\"messages\":" + openAi(messages) + "}"))
        .addAttributes(attribute("output.mime_type", "application/json"))
        .addAttributes(
            attribute(
                "output.value",
                "{\"id\":\"%s\",\"object\":\"chat.completion\",\"model\":\"gpt-4o-2024-08-06\","
                        .formatted(id)
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
                    + answer
                    + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":"
                    + input
                    + ",\"completion_tokens\":80,\"prompt_tokens_details\":{\"cached_tokens\":512}}}"));
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      String prefix = "llm.input_messages." + i + ".message.";
      span.addAttributes(attribute(prefix + "role", message.role));
      if (message.role.equals("assistant") && message.callId != null) {
        String call = prefix + "tool_calls.0.tool_call.";
        span.addAttributes(attribute(call + "id", message.callId))
            .addAttributes(attribute(call + "function.name", "search"))
            .addAttributes(attribute(call + "function.arguments", arguments(message)));
      } else {
        span.addAttributes(attribute(prefix + "content", unescaped(message.text)));
        if (message.callId != null) {
          span.addAttributes(attribute(prefix + "tool_call_id", message.callId));
        }
      }
    }
    span.addAttributes(attribute("llm.output_messages.0.message.role", "assistant"))
        .addAttributes(attribute("llm.output_messages.0.message.content", unescaped(answer)));
    List<String> tools = tools("{\"type\":\"function\",\"function\":%s}", "parameters");
    for (int i = 0; i < tools.size(); i++) {
      span.addAttributes(attribute("llm.tools." + i + ".tool.json_schema", tools.get(i)));
    }
  }

  private static void vercel(
      Span.Builder span, List<Message> messages, String answer, Random random) {
    int input = 1000 + random.nextInt(4000);
    span.setName("ai.generateText.doGenerate")
        .addAttributes(attribute("operation.name", "ai.generateText.doGenerate desk"))
        .addAttributes(attribute("ai.operationId", "ai.generateText.doGenerate"))
        .addAttributes(attribute("ai.telemetry.functionId", "desk"))
        .addAttributes(attribute("ai.model.id", "gpt-4o"))
        .addAttributes(attribute("ai.model.provider", "openai.chat"))
        .addAttributes(attribute("ai.settings.maxRetries", 2))
        .addAttributes(attribute("ai.telemetry.metadata.userId", "user-" + random.nextInt(1000)))
        .addAttributes(attribute("ai.telemetry.metadata.sessionId", "s-" + random.nextInt(1000)))
        .addAttributes(attribute("ai.prompt.messages", vercelMessages(messages)))
        .addAttributes(attribute("ai.prompt.toolChoice", "{\"type\":\"auto\"}"))
        .addAttributes(attribute("ai.response.finishReason", "stop"))
        .addAttributes(attribute("ai.response.text", unescaped(answer)))
        .addAttributes(attribute("ai.response.id", "chatcmpl-" + random.nextLong()))
        .addAttributes(attribute("ai.response.model", "gpt-4o-2024-08-06"))
        .addAttributes(attribute("ai.response.timestamp", "2026-09-21T14:13:20.000Z"))
        .addAttributes(
            attribute(
                "ai.response.providerMetadata",
                "{\"openai\":{\"cachedPromptTokens\":512,\"reasoningTokens\":0,\"logprobs\":null}}"))
        .addAttributes(attribute("ai.usage.inputTokens", input))
        .addAttributes(attribute("ai.usage.outputTokens", 80))
        .addAttributes(attribute("ai.usage.totalTokens", input + 80))
        .addAttributes(attribute("ai.usage.cachedInputTokens", 512))
        .addAttributes(attribute("gen_ai.system", "openai.chat"))
        .addAttributes(attribute("gen_ai.request.model", "gpt-4o"))
        .addAttributes(attribute("gen_ai.response.id", "chatcmpl-" + random.nextLong()))
        .addAttributes(attribute("gen_ai.response.model", "gpt-4o-2024-08-06"))
        .addAttributes(attribute("gen_ai.usage.input_tokens", input))
        .addAttributes(attribute("gen_ai.usage.output_tokens", 80));
    AnyValue.Builder tools = AnyValue.newBuilder();
    for (String tool : tools("%s", "inputSchema")) {
      tools.getArrayValueBuilder().addValuesBuilder().setStringValue(tool);
    }
    span.addAttributes(KeyValue.newBuilder().setKey("ai.prompt.tools").setValue(tools))
        .addAttributes(list("gen_ai.response.finish_reasons", "stop"));
  }

  private static void otel(
      Span.Builder span, List<Message> messages, String answer, Random random) {
    String output =
        "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\""
            + answer
            + "\"}],\"finish_reason\":\"stop\"}]";
    span.setName("chat gpt-4o")
        .addAttributes(attribute("gen_ai.operation.name", "chat"))
        .addAttributes(attribute("gen_ai.provider.name", "openai"))
        .addAttributes(attribute("gen_ai.request.model", "gpt-4o"))
        .addAttributes(attribute("gen_ai.response.model", "gpt-4o-2024-08-06"))
        .addAttributes(attribute("gen_ai.response.id", "chatcmpl-" + random.nextLong()))
        .addAttributes(attribute("gen_ai.request.max_tokens", 4096))
        .addAttributes(attribute("gen_ai.usage.input_tokens", 1000 + random.nextInt(4000)))
        .addAttributes(attribute("gen_ai.usage.output_tokens", 80))
        .addAttributes(attribute("gen_ai.usage.cache_read.input_tokens", 512))
        .addAttributes(attribute("gen_ai.input.messages", schema(messages)))
        .addAttributes(attribute("gen_ai.output.messages", output))
        .addAttributes(attribute("gen_ai.tool.definitions", tools("%s", "parameters").toString()))
        .addAttributes(attribute("gen_ai.conversation.id", "c-" + random.nextInt(1000)))
        .addAttributes(attribute("server.address", "api.openai.com"))
        .addAttributes(attribute("server.port", 443))
        .addAttributes(list("gen_ai.response.finish_reasons", "stop"));
  }

  private static List<Message> conversation(Random random) {
    List<Message> messages = new ArrayList<>();
    messages.add(new Message("system", text(random, 600), null));
    while (messages.size() < MESSAGES) {
      messages.add(new Message("user", text(random, 100 + random.nextInt(600)), null));
      if (messages.size() % 8 == 0) {
        String id = "call_" + random.nextInt(1_000_000);
        messages.add(new Message("assistant", text(random, 60), id));
        messages.add(new Message("tool", text(random, 400), id));
      }
      messages.add(new Message("assistant", text(random, 100 + random.nextInt(600)), null));
    }
    return messages.subList(0, MESSAGES);
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    String[] words = WORDS.split(" ");
    while (text.length() < length) {
      text.append(words[random.nextInt(words.length)]).append(' ');
    }
    return text.toString();
  }

  private static String unescaped(String text) {
    return text.replace("\\\"", "\"").replace("\\n", "\n");
  }

  private static String arguments(Message message) {
    return "{\"query\":\"" + message.text + "\",\"limit\":5}";
  }

  private static String json(List<String> elements) {
    return elements.stream().collect(Collectors.joining(",", "[", "]"));
  }

  private static String openAi(List<Message> messages) {
    return json(
        messages.stream()
            .map(
                m ->
                    m.callId == null
                        ? "{\"role\":\"%s\",\"content\":\"%s\"}".formatted(m.role, m.text)
                        : m.role.equals("tool")
                            ? "{\"role\":\"tool\",\"tool_call_id\":\"%s\",\"content\":\"%s\"}"
                                .formatted(m.callId, m.text)
                            : "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"search\",\"arguments\":\"%s\"}}]}"
                                .formatted(m.callId, escaped(arguments(m))))
            .toList());
  }

  private static String vercelMessages(List<Message> messages) {
    return json(
        messages.stream()
            .map(
                m ->
                    m.callId == null
                        ? m.role.equals("system")
                            ? "{\"role\":\"system\",\"content\":\"%s\"}".formatted(m.text)
                            : "{\"role\":\"%s\",\"content\":[{\"type\":\"text\",\"text\":\"%s\"}]}"
                                .formatted(m.role, m.text)
                        : m.role.equals("tool")
                            ? "{\"role\":\"tool\",\"content\":[{\"type\":\"tool-result\",\"toolCallId\":\"%s\",\"toolName\":\"search\",\"output\":{\"type\":\"text\",\"value\":\"%s\"}}]}"
                                .formatted(m.callId, m.text)
                            : "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool-call\",\"toolCallId\":\"%s\",\"toolName\":\"search\",\"input\":%s}]}"
                                .formatted(m.callId, arguments(m)))
            .toList());
  }

  private static String schema(List<Message> messages) {
    return json(
        messages.stream()
            .map(
                m ->
                    m.callId == null
                        ? "{\"role\":\"%s\",\"parts\":[{\"type\":\"text\",\"content\":\"%s\"}]}"
                            .formatted(m.role, m.text)
                        : m.role.equals("tool")
                            ? "{\"role\":\"tool\",\"parts\":[{\"type\":\"tool_call_response\",\"id\":\"%s\",\"response\":\"%s\"}]}"
                                .formatted(m.callId, m.text)
                            : "{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"%s\",\"name\":\"search\",\"arguments\":%s}]}"
                                .formatted(m.callId, arguments(m)))
            .toList());
  }

  private static List<String> tools(String around, String schema) {
    return IntStream.range(0, 2)
        .mapToObj(
            i ->
                around.formatted(
                    "{\"type\":\"function\",\"name\":\"tool%d\",\"description\":\"Looks for what was asked.\",\"%s\":{\"type\":\"object\",\"properties\":{\"query\":{\"type\":\"string\",\"description\":\"what to look for\"},\"limit\":{\"type\":\"integer\"}},\"required\":[\"query\"]}}"
                        .formatted(i, schema)))
        .toList();
  }

  private static String escaped(String json) {
    return json.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static ByteString bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static KeyValue list(String key, String only) {
    AnyValue.Builder value = AnyValue.newBuilder();
    value.getArrayValueBuilder().addValuesBuilder().setStringValue(only);
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue attribute(String key, long value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setIntValue(value))
        .build();
  }
}
