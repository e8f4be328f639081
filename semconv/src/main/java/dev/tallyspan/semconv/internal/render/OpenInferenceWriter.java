package dev.tallyspan.semconv.internal.render;

import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Scalars;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Reading;
import dev.tallyspan.semconv.span.ShownText;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes an LLM span in the conventions of OpenInference, as its specification has them ({@code
 * spec/semantic_conventions.md}). What the sender wrote under these keys stays: a list of messages,
 * tools or documents that is there is not added to, because readers take the whole list.
 */
public final class OpenInferenceWriter {

  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain";

  private static final Map<String, String> KINDS =
      Map.of(
          Operations.CHAT,
          "LLM",
          Operations.TEXT_COMPLETION,
          "LLM",
          "generate_content",
          "LLM",
          Operations.EMBEDDINGS,
          "EMBEDDING",
          Operations.RETRIEVAL,
          "RETRIEVER",
          Operations.RERANK,
          "RERANKER",
          Operations.EXECUTE_TOOL,
          "TOOL",
          Operations.INVOKE_AGENT,
          "AGENT",
          Operations.CREATE_AGENT,
          "AGENT");

  /** {@code llm.provider} and {@code llm.system}, by the GenAI conventions' name of a provider. */
  private static final Map<String, List<String>> PROVIDERS =
      Map.of(
          "azure.ai.openai", List.of("azure", "openai"),
          "azure.ai.inference", List.of("azure"),
          "aws.bedrock", List.of("aws"),
          "gcp.vertex_ai", List.of("google", "vertexai"),
          "gcp.gemini", List.of("google"),
          "gcp.gen_ai", List.of("google"),
          "mistral_ai", List.of("mistralai", "mistralai"),
          "x_ai", List.of("xai"));

  /** Members that wrap the arguments or the result of a tool for some readers, ours included. */
  private static final List<String> WRAPPERS =
      List.of(
          "args", "kwargs", "inputs", "input", "input_str", "output", "outputs", "tool_call_id");

  private static final Set<String> DEFINITION = Set.of("type", "name", "description", "parameters");
  private static final Set<String> DOCUMENT = Set.of("id", "score", "content", "metadata");

  private final LlmSpan llm;
  private final AttributeEdits edits;
  private final Cost cost;
  private final Set<String> present = new HashSet<>();
  private final Set<Slot<?>> written = new HashSet<>();

  private OpenInferenceWriter(LlmSpan llm, SpanView span, AttributeEdits edits, Cost cost) {
    this.llm = llm;
    this.edits = edits;
    this.cost = cost;
    AttributeView attributes = span.attributes();
    for (int i = 0; i < attributes.size(); i++) {
      String key = attributes.key(i);
      if (key != null) {
        present.add(key);
      }
    }
  }

  /**
   * Writes a span.
   *
   * @return the slots with content that the span now states in full in these conventions
   */
  public static Set<Slot<?>> write(LlmSpan llm, SpanView span, AttributeEdits edits, Cost cost) {
    OpenInferenceWriter writer = new OpenInferenceWriter(llm, span, edits, cost);
    writer.write();
    return writer.written;
  }

  private void write() {
    String kind = kind();
    set("openinference.span.kind", kind);
    switch (kind) {
      case "LLM" -> model();
      case "EMBEDDING" -> embedding();
      case "TOOL" -> tool();
      case "RETRIEVER" -> retriever();
      case "RERANKER" -> set("reranker.model_name", llm.requestModel());
      default -> {
        // An agent, or a group of other spans.
      }
    }
    if (!kind.equals("TOOL")) {
      shown("input", ShownText.input(llm));
      shown("output", ShownText.output(llm));
    }
    if (kind.equals("AGENT")) {
      set("agent.name", llm.agentName());
    }
    if (cost.status().isBilled()) {
      counts();
      costs();
    }
    String session = llm.sessionId();
    set("session.id", session == null ? llm.conversationId() : session);
    set("user.id", llm.userId());
    List<String> tags = llm.get(Slot.TAGS);
    if (tags != null && isNew("tag.tags")) {
      edits.set("tag.tags", tags);
    }
  }

  private String kind() {
    String kind = KINDS.get(String.valueOf(llm.operation()));
    if (kind != null) {
      return kind;
    }
    return llm.billing() == Billing.CALL && llm.usage() != null ? "LLM" : "CHAIN";
  }

  private void model() {
    String answered = llm.responseModel();
    set("llm.model_name", answered == null ? llm.requestModel() : answered);
    provider();
    parameters();
    prompts();
    if (!hasPrefix("llm.output_messages.")) {
      note(
          Slot.OUTPUT_MESSAGES,
          OpenInferenceConversation.write("llm.output_messages.", llm.outputMessages(), edits));
    } else {
      noteOriginal(Slot.OUTPUT_MESSAGES, "llm.output_messages.");
    }
    tools();
    set("llm.prompt_template.version", llm.get(Slot.PROMPT_VERSION));
  }

  /** Instructions that came apart from the messages are the first of them here. */
  private void prompts() {
    if (hasPrefix("llm.input_messages.")) {
      noteOriginal(Slot.INPUT_MESSAGES, "llm.input_messages.");
      return;
    }
    List<Message> prompts = new ArrayList<>();
    List<MessagePart> instructions = llm.systemInstructions();
    if (!instructions.isEmpty()) {
      prompts.add(new Message("system", instructions));
    }
    prompts.addAll(llm.inputMessages());
    boolean whole = OpenInferenceConversation.write("llm.input_messages.", prompts, edits);
    note(Slot.INPUT_MESSAGES, whole);
    note(Slot.SYSTEM_INSTRUCTIONS, whole);
  }

  private void provider() {
    String provider = llm.provider();
    if (provider != null) {
      List<String> names = PROVIDERS.getOrDefault(provider, List.of(provider, provider));
      set("llm.provider", names.get(0));
      set("llm.system", names.size() > 1 ? names.get(1) : null);
    }
  }

  private void parameters() {
    Map<String, Value<?>> parameters = new LinkedHashMap<>();
    put(parameters, "model", llm.requestModel());
    put(parameters, "max_tokens", llm.get(Slot.MAX_TOKENS));
    put(parameters, "temperature", llm.get(Slot.TEMPERATURE));
    put(parameters, "top_p", llm.get(Slot.TOP_P));
    put(parameters, "top_k", llm.get(Slot.TOP_K));
    put(parameters, "frequency_penalty", llm.get(Slot.FREQUENCY_PENALTY));
    put(parameters, "presence_penalty", llm.get(Slot.PRESENCE_PENALTY));
    put(parameters, "seed", llm.get(Slot.SEED));
    put(parameters, "n", llm.get(Slot.CHOICE_COUNT));
    List<String> stop = llm.get(Slot.STOP_SEQUENCES);
    if (stop != null) {
      parameters.put("stop", Value.of(stop.stream().<Value<?>>map(Value::of).toList()));
    }
    set("llm.invocation_parameters", Json.of(Value.of(parameters)).asText());
  }

  private static void put(Map<String, Value<?>> parameters, String name, @Nullable Object value) {
    if (value instanceof Long number) {
      parameters.put(name, Value.of(number));
    } else if (value instanceof Double number) {
      parameters.put(name, Value.of(number));
    } else if (value instanceof String text) {
      parameters.put(name, Value.of(text));
    }
  }

  private void tools() {
    Json tools = Json.of(llm.toolDefinitions());
    if (!tools.isPresent()) {
      return;
    }
    if (hasPrefix("llm.tools.")) {
      noteOriginal(Slot.TOOL_DEFINITIONS, "llm.tools.");
      return;
    }
    boolean whole = tools.size() > 0;
    int at = 0;
    for (Json tool : tools) {
      whole &=
          DEFINITION.containsAll(tool.entries().keySet())
              && tool.get("name").isText()
              && (!tool.get("parameters").isPresent() || tool.get("parameters").isObject());
      edits.set(
          "llm.tools." + at++ + ".tool.json_schema",
          String.valueOf(Json.of(schema(tool)).asText()));
    }
    note(Slot.TOOL_DEFINITIONS, whole);
  }

  /** A function in OpenAI's form, which most instrumentations of OpenInference send. */
  private static Value<?> schema(Json tool) {
    Map<String, Value<?>> function = tool.values();
    Value<?> type = function.remove("type");
    if (type == null || !"function".equals(type.getValue())) {
      return tool.value();
    }
    Map<String, Value<?>> wrapped = new LinkedHashMap<>();
    wrapped.put("type", type);
    wrapped.put("function", Value.of(function));
    return Value.of(wrapped);
  }

  private void embedding() {
    set("embedding.model_name", llm.requestModel());
    if (hasPrefix("embedding.embeddings.")) {
      return;
    }
    int at = 0;
    for (Message message : llm.inputMessages()) {
      for (MessagePart part : message.parts()) {
        if (part instanceof MessagePart.Text text) {
          edits.set("embedding.embeddings." + at++ + ".embedding.text", text.content());
        }
      }
    }
  }

  private void tool() {
    set("tool.name", llm.toolName());
    set("tool.id", llm.get(Slot.TOOL_CALL_ID));
    set("tool.description", llm.get(Slot.TOOL_DESCRIPTION));
    payload("input", Slot.TOOL_CALL_ARGUMENTS, llm.toolCallArguments());
    payload("output", Slot.TOOL_CALL_RESULT, llm.toolCallResult());
  }

  private void payload(String name, Slot<?> slot, @Nullable Value<?> value) {
    Json json = Json.of(value);
    if (!json.isPresent()) {
      return;
    }
    String key = name + ".value";
    if (!isNew(key)) {
      noteOriginal(slot, key);
      return;
    }
    edits.set(key, String.valueOf(json.asText()));
    boolean structured = json.isObject() || json.isArray();
    set(name + ".mime_type", structured ? JSON : TEXT);
    note(
        slot,
        structured
            ? WRAPPERS.stream().noneMatch(wrapper -> json.get(wrapper).isPresent())
                && json.size() > 1
            : json.isText() && OpenInferenceConversation.isPlain(json.text()));
  }

  private void retriever() {
    Json documents = Json.of(llm.retrievalDocuments());
    if (!documents.isPresent()) {
      return;
    }
    if (hasPrefix("retrieval.documents.")) {
      noteOriginal(Slot.RETRIEVAL_DOCUMENTS, "retrieval.documents.");
      return;
    }
    boolean whole = documents.size() > 0;
    int at = 0;
    for (Json document : documents) {
      whole &= document("retrieval.documents." + at++ + ".document.", document);
    }
    note(Slot.RETRIEVAL_DOCUMENTS, whole);
  }

  /** Writes a document; returns whether it has nothing beyond its text, id, score and metadata. */
  private boolean document(String key, Json document) {
    Json content = document.get("content");
    if (document.get("id").isPresent()) {
      edits.set(key + "id", String.valueOf(document.get("id").asText()));
    }
    Double score = Scalars.number(document.get("score"));
    if (score != null && !Boolean.FALSE.equals(Scalars.flag(document.get("score_known")))) {
      edits.set(key + "score", score.doubleValue());
    }
    if (content.isPresent()) {
      edits.set(key + "content", String.valueOf(content.asText()));
    }
    Map<String, Value<?>> rest = document.values();
    List.of("id", "score", "score_known", "content", "metadata").forEach(rest::remove);
    Map<String, Value<?>> metadata = new LinkedHashMap<>(document.get("metadata").values());
    rest.forEach(metadata::putIfAbsent);
    if (!metadata.isEmpty()) {
      edits.set(key + "metadata", String.valueOf(Json.of(Value.of(metadata)).asText()));
    }
    return DOCUMENT.containsAll(document.entries().keySet())
        && content.isText()
        && OpenInferenceConversation.isPlain(content.text())
        && document.get("id").isText();
  }

  private void counts() {
    count("prompt", Slot.INPUT_TOKENS);
    count("completion", Slot.OUTPUT_TOKENS);
    Long input = llm.get(Slot.INPUT_TOKENS);
    Long output = llm.get(Slot.OUTPUT_TOKENS);
    if (input != null && output != null && isNew("llm.token_count.total")) {
      edits.set("llm.token_count.total", input + output);
    }
    count("prompt_details.cache_read", Slot.CACHE_READ_TOKENS);
    count("prompt_details.cache_write", Slot.CACHE_WRITE_TOKENS);
    count("prompt_details.audio", Slot.AUDIO_INPUT_TOKENS);
    count("completion_details.reasoning", Slot.REASONING_TOKENS);
    count("completion_details.audio", Slot.AUDIO_OUTPUT_TOKENS);
  }

  /** A detail of 0 says nothing; a total of 0 does. */
  private void count(String name, Slot<Long> slot) {
    Long count = llm.get(slot);
    String key = "llm.token_count." + name;
    if (count != null && (count > 0 || name.indexOf('.') < 0) && isNew(key)) {
      edits.set(key, count.longValue());
    }
  }

  /** Costs in OpenInference are in US dollars. */
  private void costs() {
    if (cost.total() == null || !"USD".equals(cost.currency()) || hasPrefix("llm.cost.")) {
      return;
    }
    edits.set("llm.cost.total", cost.total().doubleValue());
    costs("prompt", Cost.Part.INPUT, Cost.Part.CACHE_READ, Cost.Part.CACHE_WRITE);
    costs("completion", Cost.Part.OUTPUT, Cost.Part.REASONING);
    costs("prompt_details.cache_read", Cost.Part.CACHE_READ);
    costs("prompt_details.cache_write", Cost.Part.CACHE_WRITE);
    costs("completion_details.reasoning", Cost.Part.REASONING);
  }

  private void costs(String name, Cost.Part... parts) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Cost.Part part : parts) {
      sum = sum.add(BigDecimal.valueOf(cost.parts().getOrDefault(part, 0.0)));
    }
    if (sum.signum() != 0) {
      edits.set("llm.cost." + name, sum.doubleValue());
    }
  }

  private void shown(String name, @Nullable String text) {
    if (text != null && isNew(name + ".value")) {
      edits.set(name + ".value", text);
      set(name + ".mime_type", TEXT);
    }
  }

  private void set(String key, @Nullable String value) {
    if (value != null && isNew(key)) {
      edits.set(key, value);
    }
  }

  private void note(Slot<?> slot, boolean whole) {
    if (whole && llm.reading(slot) != null) {
      written.add(slot);
    }
  }

  /** What was read from the sender's keys is in them. */
  private void noteOriginal(Slot<?> slot, String key) {
    Reading<?> reading = llm.reading(slot);
    if (reading != null
        && reading.key().startsWith(key)
        && !key.equals(slot.key(ConventionVersion.GENAI_DEV))) {
      written.add(slot);
    }
  }

  private boolean isNew(String key) {
    return !present.contains(key);
  }

  private boolean hasPrefix(String prefix) {
    return present.stream().anyMatch(key -> key.startsWith(prefix));
  }
}
