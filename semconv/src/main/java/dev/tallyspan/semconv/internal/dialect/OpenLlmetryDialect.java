package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.TokenUsage.Semantics;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Nesting;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.internal.message.Providers;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * OpenLLMetry, Traceloop's instrumentations and decorators. Older ones take messages apart into
 * {@code gen_ai.prompt.N.*} and {@code gen_ai.completion.N.*}; newer ones write the conventions'
 * messages and also keep {@code traceloop.*}. Names: its {@code semconv_ai} package.
 */
final class OpenLlmetryDialect implements Dialect {

  private static final String KIND = "traceloop.span.kind";
  private static final String ENTITY = "traceloop.entity.name";
  private static final String INPUT = "traceloop.entity.input";
  private static final String OUTPUT = "traceloop.entity.output";
  private static final String PROMPT = "gen_ai.prompt.";
  private static final String COMPLETION = "gen_ai.completion.";
  private static final String PROPERTIES = "traceloop.association.properties.";

  private static final Map<String, String> OPERATIONS =
      Map.of(
          "workflow", Operations.INVOKE_WORKFLOW,
          "agent", Operations.INVOKE_AGENT,
          "tool", Operations.EXECUTE_TOOL);

  private static final Map<String, Slot<String>> ENTITY_NAMES =
      Map.of(
          "workflow", Slot.WORKFLOW_NAME,
          "agent", Slot.AGENT_NAME,
          "tool", Slot.TOOL_NAME);

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("llm.request.type", Slot.OPERATION),
          Rename.of("llm.usage.total_tokens", Slot.TOTAL_TOKENS),
          Rename.of("llm.usage.prompt_tokens", Slot.INPUT_TOKENS),
          Rename.of("llm.usage.completion_tokens", Slot.OUTPUT_TOKENS),
          Rename.of("llm.usage.reasoning_tokens", Slot.REASONING_TOKENS),
          Rename.of("llm.usage.cache_read_input_tokens", Slot.CACHE_READ_TOKENS),
          Rename.of("llm.usage.cache_creation_input_tokens", Slot.CACHE_WRITE_TOKENS),
          Rename.of("llm.request.model", Slot.REQUEST_MODEL),
          Rename.of("llm.response.model", Slot.RESPONSE_MODEL),
          Rename.of("llm.vendor", Slot.PROVIDER),
          Rename.of("llm.request.max_tokens", Slot.MAX_TOKENS),
          Rename.of("llm.temperature", Slot.TEMPERATURE),
          Rename.of("llm.top_p", Slot.TOP_P),
          Rename.of("llm.top_k", Slot.TOP_K),
          Rename.of("llm.frequency_penalty", Slot.FREQUENCY_PENALTY),
          Rename.of("llm.presence_penalty", Slot.PRESENCE_PENALTY),
          Rename.of("llm.chat.stop_sequences", Slot.STOP_SEQUENCES),
          Rename.of("llm.request.reasoning_effort", Slot.REASONING_LEVEL),
          Rename.of("llm.response.finish_reason", Slot.FINISH_REASONS),
          Rename.of("llm.response.stop_reason", Slot.FINISH_REASONS),
          Rename.of("llm.response.id", Slot.RESPONSE_ID),
          Rename.of("llm.is_streaming", Slot.STREAM),
          // around the call
          Rename.of("traceloop.workflow.name", Slot.WORKFLOW_NAME),
          Rename.of("traceloop.prompt.key", Slot.PROMPT_NAME),
          Rename.of("traceloop.prompt.version", Slot.PROMPT_VERSION),
          // who
          Rename.of("llm.user", Slot.USER_ID),
          Rename.of(PROPERTIES + "user_id", Slot.USER_ID),
          Rename.of(PROPERTIES + "userId", Slot.USER_ID),
          Rename.of(PROPERTIES + "session_id", Slot.SESSION_ID),
          Rename.of(PROPERTIES + "sessionId", Slot.SESSION_ID),
          Rename.of(PROPERTIES + "conversation_id", Slot.CONVERSATION_ID),
          Rename.of(PROPERTIES + "thread_id", Slot.CONVERSATION_ID),
          Rename.of(PROPERTIES + "chat_id", Slot.CONVERSATION_ID),
          Rename.of(PROPERTIES + "ls_model_name", Slot.REQUEST_MODEL));

  @Override
  public String id() {
    return "openllmetry";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of("traceloop.", "llm.", "gen_ai.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    if (span.hasAny("llm.request.type", "llm.usage.total_tokens", KIND, ENTITY, INPUT, OUTPUT)) {
      return true;
    }
    boolean context = false;
    boolean model = false;
    for (String key : span.keys()) {
      if (isIndexed(key, PROMPT)
          || isIndexed(key, COMPLETION)
          || isIndexed(key, "llm.request.functions.")) {
        return true;
      }
      // The SDK puts these on every span, those of HTTP clients included.
      context |= key.startsWith("traceloop.");
      model |= key.startsWith("gen_ai.") || key.startsWith("llm.") || key.startsWith("db.");
    }
    return span.scopeName().startsWith("@traceloop/") || context && model;
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    kind(span, out);
    messages(span, out);
    out.content(() -> quotedInput(span, out), Slot.INPUT_MESSAGES);
    out.content(() -> toolDefinitions(span, out), Slot.TOOL_DEFINITIONS);
    foundDocuments(span, out);
    if (Operations.EXECUTE_TOOL.equals(out.text(Slot.OPERATION))) {
      ToolPayload.read(span.get(INPUT), INPUT, span.get(OUTPUT), OUTPUT, out);
      ToolPayload.unwrapRun(out); // newer ones write the wrapping under the standard keys, too
      out.infer(Slot.TOOL_NAME, span.text(ENTITY), ENTITY);
    }
    if (span.has("gen_ai.request.structured_output_schema")) {
      out.infer(Slot.OUTPUT_TYPE, "json", "has an output schema");
    }
    provider(span, out);
    if (span.isScope("@traceloop/instrumentation-anthropic")) {
      out.semantics(Semantics.PRESUMED_EXCLUSIVE); // Python's adds the cache tokens, this copies
    }
  }

  private static void provider(IndexedSpan span, Draft out) {
    for (String key : new String[] {"gen_ai.system", PROPERTIES + "ls_provider"}) {
      String written = span.text(key);
      // Both OpenAI's and LangChain's instrumentation mean Azure OpenAI by it.
      boolean azure = "azure".equalsIgnoreCase(written);
      out.offer(Slot.PROVIDER, azure ? "azure.ai.openai" : written, key);
    }
    out.infer(Slot.PROVIDER, Providers.ofClientClass(span.name()), "span name");
    out.infer(Slot.PROVIDER, vendorInName(span), "span name");
  }

  /** {@code openai.chat}: the name of a call by hand is made of its vendor and its type. */
  private static @Nullable String vendorInName(IndexedSpan span) {
    String type = span.text("llm.request.type");
    return type != null && span.name().endsWith("." + type)
        ? Providers.known(span.name().substring(0, span.name().length() - type.length() - 1))
        : null;
  }

  private static void kind(IndexedSpan span, Draft out) {
    String kind = span.text(KIND);
    if (kind == null) {
      return;
    }
    String name = kind.strip().toLowerCase(Locale.ROOT);
    String operation = OPERATIONS.get(name);
    Slot<String> entityName = ENTITY_NAMES.get(name);
    if (operation == null || entityName == null) {
      out.withoutOperation();
      return;
    }
    out.offer(Slot.OPERATION, operation, KIND);
    out.offer(entityName, span.get(ENTITY), ENTITY);
  }

  private static void messages(IndexedSpan span, Draft out) {
    messages(Slot.INPUT_MESSAGES, MessageReader.input(), PROMPT, span, out);
    messages(Slot.OUTPUT_MESSAGES, MessageReader.output(), COMPLETION, span, out);
    Json completion = span.list(COMPLETION);
    List<Value<?>> reasons = new ArrayList<>();
    for (Json choice : completion) {
      if (choice.get("finish_reason").isText()) {
        reasons.add(choice.get("finish_reason").value());
      }
    }
    if (!reasons.isEmpty() && reasons.size() == completion.size()) {
      out.offer(Slot.FINISH_REASONS, Json.of(Value.of(reasons)), COMPLETION);
    }
  }

  private static void messages(
      Slot<List<Message>> slot, MessageReader reader, String prefix, IndexedSpan span, Draft out) {
    out.content(
        () -> {
          Json list = named(span.list(prefix));
          if (out.offerMessages(slot, reader.openingContent().read(list), prefix)) {
            span.listKeys(prefix).forEach(out::consumed);
          }
        },
        slot);
  }

  /**
   * JavaScript's instrumentation of the responses API writes a list of input items as the text of
   * one message.
   */
  private static void quotedInput(IndexedSpan span, Draft out) {
    Json messages = span.json("gen_ai.input.messages");
    Json parts = messages.at(0).get("parts");
    if (!span.isScope("@traceloop/instrumentation-openai")
        || messages.size() != 1
        || parts.size() != 1) {
      return;
    }
    Json items = parts.at(0).get("content").unwrap();
    for (Json item : items) {
      if (!item.first("role", "type").isText()) {
        return;
      }
    }
    if (items.isArray() && items.size() > 0 && !items.truncated()) {
      out.withdraw(Slot.INPUT_MESSAGES);
      out.offerMessages(
          Slot.INPUT_MESSAGES, MessageReader.input().read(items), "gen_ai.input.messages[0]");
    }
  }

  /**
   * Messages with a role and a content. An old Vertex AI instrumentation has the role for a key:
   * {@code gen_ai.prompt.0.user}; Anthropic's has a role for what was thought; JavaScript's write a
   * content that is null as text.
   */
  private static Json named(Json list) {
    List<Value<?>> messages = new ArrayList<>();
    for (Json element : list) {
      Map<String, Value<?>> members = element.values();
      if (members.isEmpty()) {
        members.put("content", Value.of(String.valueOf(element.asText())));
      }
      for (String role : new String[] {"user", "system", "assistant"}) {
        if (members.size() == 1 && members.containsKey(role)) {
          members.put("content", members.remove(role));
          members.put("role", Value.of(role));
        }
      }
      if ("null".equals(element.get("content").text())) {
        members.remove("content");
      }
      if ("thinking".equals(element.get("role").text()) && members.containsKey("content")) {
        members.put("role", Value.of("assistant"));
        members.put("reasoning_content", members.remove("content"));
      }
      messages.add(Value.of(members));
    }
    return messages.isEmpty() ? Json.ABSENT : Json.of(Value.of(messages));
  }

  private static void toolDefinitions(IndexedSpan span, Draft out) {
    for (String prefix : new String[] {"gen_ai.tool.definitions.", "llm.request.functions."}) {
      List<Value<?>> tools = new ArrayList<>();
      for (Json tool : span.list(prefix)) {
        Map<String, Value<?>> members = new LinkedHashMap<>(tool.values());
        Value<?> arguments = members.remove("arguments"); // JavaScript's word for parameters
        if (arguments != null) {
          members.putIfAbsent("parameters", arguments);
        }
        tools.add(Value.of(members));
      }
      if (out.offer(Slot.TOOL_DEFINITIONS, Json.of(Value.of(tools)), prefix)) {
        span.listKeys(prefix).forEach(out::consumed);
      }
    }
  }

  /** Vector databases: an event for each document that was found. */
  private static void foundDocuments(IndexedSpan span, Draft out) {
    List<Value<?>> documents = new ArrayList<>();
    for (EventView event : span.events()) {
      if ("db.query.result".equals(event.name()) || "db.search.result".equals(event.name())) {
        Map<String, Value<?>> document = new TreeMap<>();
        AttributeView attributes = event.attributes();
        for (int i = 0; i < attributes.size(); i++) {
          Json value = Json.of(Nesting.bounded(attributes.value(i)));
          String name = attributes.key(i).substring(attributes.key(i).lastIndexOf('.') + 1);
          if (value.isPresent() && !name.equals("vector")) {
            document.put(name.equals("document") ? "content" : name, value.value());
          }
        }
        documents.add(Value.of(document));
      }
    }
    if (!documents.isEmpty()) {
      out.offer(Slot.RETRIEVAL_DOCUMENTS, Json.of(Value.of(documents)), "db.query.result");
      out.infer(Slot.OPERATION, Operations.RETRIEVAL, "has events of found documents");
    }
  }

  private static boolean isIndexed(String key, String prefix) {
    return key.startsWith(prefix)
        && key.length() > prefix.length()
        && key.charAt(prefix.length()) >= '0'
        && key.charAt(prefix.length()) <= '9';
  }
}
