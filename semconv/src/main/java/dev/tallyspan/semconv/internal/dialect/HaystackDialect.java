package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.internal.json.Json.put;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Haystack's own tracing: a span for each run of a pipeline, a component or an agent. It has no
 * keys for models and tokens; they are in the component's output, which is there only if content
 * tracing is on. Components that call a model are recognised by their type.
 */
final class HaystackDialect implements Dialect {

  private static final String TYPE = "haystack.component.type";
  private static final String INPUT = "haystack.component.input";
  private static final String OUTPUT = "haystack.component.output";
  private static final String TOOL = "haystack.tool.name";
  private static final String STEP = "haystack.agent.step.";

  /** Parts of the types of components, the longer before those they hold. */
  private static final List<Map.Entry<String, String>> PROVIDERS =
      List.of(
          Map.entry("azureopenai", "azure.ai.openai"),
          Map.entry("openai", "openai"),
          Map.entry("anthropicvertex", "gcp.vertex_ai"),
          Map.entry("anthropic", "anthropic"),
          Map.entry("amazonbedrock", "aws.bedrock"),
          Map.entry("vertexai", "gcp.vertex_ai"),
          Map.entry("googleai", "gcp.gemini"),
          Map.entry("googlegenai", "gcp.gen_ai"),
          Map.entry("mistral", "mistral_ai"),
          Map.entry("cohere", "cohere"),
          Map.entry("ollama", "ollama"),
          Map.entry("watsonx", "ibm.watsonx.ai"));

  @Override
  public String id() {
    return "haystack";
  }

  @Override
  public List<String> markers() {
    return List.of("haystack.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.hasPrefix("haystack.");
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    String type = String.valueOf(span.text(TYPE));
    if (type.endsWith("Generator")) {
      out.offer(Slot.OPERATION, Operations.CHAT, TYPE);
      provider(type, out);
      generator(span, INPUT, OUTPUT, out);
    } else if (span.name().equals("haystack.agent.step.llm") || span.has(STEP + "llm.input")) {
      // An agent calls its generator itself, not as a component of a pipeline.
      out.offer(Slot.OPERATION, Operations.CHAT, "span name");
      generator(span, STEP + "llm.input", STEP + "llm.output", out);
      ModelFamilies.inferProvider(out);
    } else if (type.endsWith("TextEmbedder") || type.endsWith("DocumentEmbedder")) {
      out.offer(Slot.OPERATION, Operations.EMBEDDINGS, TYPE);
      provider(type, out);
      meta(span.json(OUTPUT).get("meta"), out);
    } else if (type.endsWith("Retriever")) {
      out.offer(Slot.OPERATION, Operations.RETRIEVAL, TYPE);
      out.offerBlob(Slot.RETRIEVAL_QUERY, span.json(INPUT).get("query"), INPUT);
      out.offerBlob(Slot.RETRIEVAL_DOCUMENTS, span.json(OUTPUT).get("documents"), OUTPUT);
    } else if (span.has(TOOL)) {
      out.offer(Slot.OPERATION, Operations.EXECUTE_TOOL, TOOL);
      out.offer(Slot.TOOL_NAME, span.get(TOOL), TOOL);
      ToolPayload.read(
          span.get(STEP + "tool.input"),
          STEP + "tool.input",
          span.get(STEP + "tool.output"),
          STEP + "tool.output",
          out);
    } else if (span.name().equals("haystack.pipeline.run")) {
      out.infer(Slot.OPERATION, Operations.INVOKE_WORKFLOW, "span name");
    } else if (span.name().equals("haystack.agent.run")) {
      out.infer(Slot.OPERATION, Operations.INVOKE_AGENT, "span name");
    } else {
      out.withoutOperation();
    }
  }

  private static void provider(String type, Draft out) {
    String lower = type.toLowerCase(Locale.ROOT);
    for (Map.Entry<String, String> entry : PROVIDERS) {
      if (lower.contains(entry.getKey())) {
        out.infer(Slot.PROVIDER, entry.getValue(), TYPE);
        return;
      }
    }
  }

  private static void generator(IndexedSpan span, String inputKey, String outputKey, Draft out) {
    Json input = span.json(inputKey);
    Json output = span.json(outputKey);
    Json asked = input.first("messages", "prompt");
    out.offerBlob(Slot.INPUT_MESSAGES, asked.isArray() ? messages(asked) : asked, inputKey);
    RequestParameters.read(input.get("generation_kwargs"), inputKey, out);
    out.offerBlob(Slot.TOOL_DEFINITIONS, tools(input.get("tools")), inputKey);
    Json replies = output.get("replies");
    out.offerBlob(Slot.OUTPUT_MESSAGES, messages(replies), outputKey);
    Json reply = replies.at(0);
    Json meta = reply.first("meta", "_meta");
    if (!output.truncated()) {
      meta(meta.isPresent() ? meta : output.get("meta").at(0), out);
    }
  }

  private static void meta(Json meta, Draft out) {
    out.offerBlob(Slot.RESPONSE_MODEL, meta.get("model"), OUTPUT);
    out.offerBlob(Slot.RESPONSE_ID, meta.get("id"), OUTPUT);
    out.offerBlob(Slot.FINISH_REASONS, meta.get("finish_reason"), OUTPUT);
    ResponsePayload.readUsage(meta.get("usage"), OUTPUT, out);
  }

  /** A tool is its serialisation in Haystack's way: {@code {type, data}}. */
  private static Json tools(Json list) {
    List<Value<?>> tools = new ArrayList<>();
    for (Json tool : list) {
      Json data = tool.get("data");
      tools.add((data.isObject() ? data : tool).value());
    }
    return tools.isEmpty() ? Json.ABSENT : Json.of(Value.of(tools));
  }

  /** {@code {role, content: [part]}}; with an underscore before each name up to version 2.8. */
  private static Json messages(Json list) {
    List<Value<?>> messages = new ArrayList<>();
    for (Json element : list) {
      if (!element.isObject()) {
        messages.add(element.value());
        continue;
      }
      Map<String, Value<?>> message = new LinkedHashMap<>();
      Json role = element.first("role", "_role");
      message.put("role", role.isText() ? role.value() : Value.of("assistant"));
      Json content = element.first("content", "_content");
      List<Value<?>> parts = new ArrayList<>();
      for (Json part : content) {
        parts.add(part(part));
      }
      message.put("content", content.isText() ? content.value() : Value.of(parts));
      messages.add(Value.of(message));
    }
    return messages.isEmpty() ? Json.ABSENT : Json.of(Value.of(messages));
  }

  private static Value<?> part(Json part) {
    Json result = part.get("tool_call_result");
    if (result.isObject()) {
      Map<String, Value<?>> response = new LinkedHashMap<>();
      response.put("type", Value.of("tool_call_response"));
      put(response, "id", result.get("origin").get("id"));
      put(response, "response", result.get("result"));
      return Value.of(response);
    }
    Json thought = part.get("reasoning").get("reasoning_text");
    if (thought.isText()) {
      return Value.of(Map.of("type", Value.of("reasoning"), "content", thought.value()));
    }
    Json image = part.get("image");
    if (image.get("base64_image").isText()) {
      Map<String, Value<?>> blob = new LinkedHashMap<>();
      blob.put("type", Value.of("blob"));
      blob.put("modality", Value.of("image"));
      put(blob, "mime_type", image.get("mime_type"));
      put(blob, "content", image.get("base64_image"));
      return Value.of(blob);
    }
    return part.isPresent() ? part.value() : Value.of("");
  }
}
