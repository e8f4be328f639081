package dev.tallyspan.semconv.internal.dialect;

import static dev.tallyspan.semconv.internal.json.Json.put;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.Operations;
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

/**
 * LlamaIndex' own OpenTelemetry ({@code llama-index-observability-otel}). Its spans have no
 * attributes; what LlamaIndex' instrumentation events hold is on span events of their names, each
 * member under a dotted name: {@code LLMChatEndEvent} with {@code response.raw.usage.*} as the
 * provider sent it. Spans that other spans do the work for have other events, or none.
 */
final class LlamaIndexDialect implements Dialect {

  private static final String SCOPE = "llamaindex.opentelemetry";
  private static final String RAW = "response.raw.";

  /** The prefixes of the names of events about the work of a model, a retriever or a tool. */
  private static final List<String> EVENTS =
      List.of("LLMChat", "LLMCompletion", "Embedding", "Rerank", "Retrieval", "AgentToolCallEvent");

  @Override
  public String id() {
    return "llama-index";
  }

  @Override
  public List<String> markers() {
    return List.of();
  }

  @Override
  public List<String> eventMarkers() {
    return EVENTS;
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    if (!span.isScope(SCOPE)) {
      return false;
    }
    for (EventView event : span.events()) {
      for (String name : EVENTS) {
        if (event.name().startsWith(name)) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    for (EventView event : span.events()) {
      String name = event.name();
      if (name.startsWith("LLMChat") || name.startsWith("LLMCompletion")) {
        call(span, event, out);
      } else if (name.startsWith("Embedding")) {
        out.offer(Slot.OPERATION, Operations.EMBEDDINGS, name);
        model(span, event, out);
      } else if (name.startsWith("Rerank")) {
        out.offer(Slot.OPERATION, Operations.RERANK, name);
        out.offerBlob(Slot.REQUEST_MODEL, get(event, "model_name"), name);
        documents(event, out);
      } else if (name.startsWith("Retrieval")) {
        out.offer(Slot.OPERATION, Operations.RETRIEVAL, name);
        documents(event, out);
      } else if (name.equals("AgentToolCallEvent")) {
        out.offer(Slot.OPERATION, Operations.EXECUTE_TOOL, name);
        out.offerBlob(Slot.TOOL_NAME, get(event, "tool.name"), name);
        out.offerBlob(Slot.TOOL_CALL_ARGUMENTS, get(event, "arguments"), name);
      }
    }
  }

  private static void call(IndexedSpan span, EventView event, Draft out) {
    String name = event.name();
    boolean chat = name.startsWith("LLMChat");
    out.offer(Slot.OPERATION, chat ? Operations.CHAT : Operations.TEXT_COMPLETION, name);
    model(span, event, out);
    out.offerMessages(
        Slot.INPUT_MESSAGES,
        MessageReader.input().read(messages(get(event, "messages").unwrap())),
        name);
    if (!chat) {
      CallPayload.readMessages(Slot.INPUT_MESSAGES, "user", get(event, "prompt"), name, out);
    }
    if (!name.endsWith("EndEvent")) {
      return; // a stream's event in progress has a part of the answer
    }
    Json raw = object(event, RAW);
    if (raw.size() > 0) {
      CallPayload.readOutput(raw, name, out);
    }
    out.offer(Slot.INPUT_TOKENS, get(event, "response.additional_kwargs.prompt_tokens"), name);
    out.offer(Slot.OUTPUT_TOKENS, get(event, "response.additional_kwargs.completion_tokens"), name);
    out.offer(Slot.TOTAL_TOKENS, get(event, "response.additional_kwargs.total_tokens"), name);
    Json answer = object(event, "response.message.");
    if (answer.size() > 0) {
      out.offerMessages(
          Slot.OUTPUT_MESSAGES,
          MessageReader.output().read(messages(Json.of(Value.of(List.of(answer.value()))))),
          name);
    }
    Json text = get(event, "response.text");
    if (text.isText()) {
      CallPayload.readMessages(Slot.OUTPUT_MESSAGES, "assistant", text, name, out);
    }
  }

  /** The model, and the provider from the class of the client: {@code OpenAI.achat}. */
  private static void model(IndexedSpan span, EventView event, Draft out) {
    Json model = get(event, "model_dict.model_name");
    Json other = get(event, "model_dict.model");
    out.offerBlob(Slot.REQUEST_MODEL, model.isText() ? model : other, event.name());
    out.offerBlob(Slot.TEMPERATURE, get(event, "model_dict.temperature"), event.name());
    out.offerBlob(Slot.MAX_TOKENS, get(event, "model_dict.max_tokens"), event.name());
    out.offerBlob(Slot.SERVER_ADDRESS, host(event), event.name());
    String name = span.name();
    int dot = name.indexOf('.');
    String client = (dot < 0 ? name : name.substring(0, dot)).toLowerCase(Locale.ROOT);
    client = client.endsWith("embedding") ? client.substring(0, client.length() - 9) : client;
    out.infer(Slot.PROVIDER, Providers.known(client), "span name");
  }

  private static Json host(EventView event) {
    Json base = get(event, "model_dict.api_base");
    return base.isText() ? Json.of(ServerAddress.host(base.text())) : Json.ABSENT;
  }

  private static void documents(EventView event, Draft out) {
    Json query = get(event, "str_or_query_bundle");
    out.offerBlob(Slot.RETRIEVAL_QUERY, query.isText() ? query : get(event, "query"), event.name());
    List<Value<?>> documents = new ArrayList<>();
    for (Json found : get(event, "nodes").unwrap()) {
      Json node = found.get("node").isObject() ? found.get("node") : found;
      Map<String, Value<?>> document = new LinkedHashMap<>();
      put(document, "id", node.first("id_", "node_id"));
      put(document, "content", node.get("text"));
      put(document, "score", found.get("score"));
      if (document.containsKey("content")) {
        documents.add(Value.of(document));
      }
    }
    if (!documents.isEmpty()) {
      out.offerBlob(Slot.RETRIEVAL_DOCUMENTS, Json.of(Value.of(documents)), event.name());
    }
  }

  /** LlamaIndex' {@code ChatMessage}s in the shape that the reader knows. */
  private static Json messages(Json list) {
    List<Value<?>> messages = new ArrayList<>();
    for (Json element : list) {
      Map<String, Value<?>> message = new LinkedHashMap<>();
      put(message, "role", element.get("role"));
      List<Value<?>> parts = new ArrayList<>();
      for (Json block : element.get("blocks").unwrap()) {
        parts.add(part(block));
      }
      Json content = element.get("content");
      if (parts.isEmpty() && content.isPresent()) {
        put(message, "content", content);
      } else {
        message.put("content", Value.of(parts));
      }
      Json more = element.get("additional_kwargs").unwrap();
      put(message, "tool_calls", more.get("tool_calls").unwrap());
      put(message, "tool_call_id", more.get("tool_call_id"));
      messages.add(Value.of(message));
    }
    return messages.isEmpty() ? Json.ABSENT : Json.of(Value.of(messages));
  }

  private static Value<?> part(Json block) {
    Map<String, Value<?>> part = new LinkedHashMap<>();
    String type = String.valueOf(block.get("block_type").text());
    switch (type) {
      case "text" -> {
        part.put("type", Value.of("text"));
        put(part, "text", block.get("text"));
      }
      case "thinking" -> {
        part.put("type", Value.of("reasoning"));
        put(part, "content", block.get("content"));
      }
      case "tool_call" -> {
        part.put("type", Value.of("tool_call"));
        put(part, "id", block.get("tool_call_id"));
        put(part, "name", block.get("tool_name"));
        put(part, "arguments", block.get("tool_kwargs").unwrapOrSelf());
      }
      case "image", "audio", "video" -> {
        Json url = block.get("url");
        part.put("type", Value.of(url.isText() ? "uri" : "blob"));
        part.put("modality", Value.of(type));
        put(part, "mime_type", block.get(type + "_mimetype"));
        put(part, url.isText() ? "uri" : "content", url.isText() ? url : block.get(type));
      }
      default -> {
        return block.value();
      }
    }
    return Value.of(part);
  }

  /** The members of an event below a prefix that ends with a dot, as the object that they were. */
  private static Json object(EventView event, String prefix) {
    Map<String, Object> root = new LinkedHashMap<>();
    AttributeView attributes = event.attributes();
    for (int i = 0; i < attributes.size(); i++) {
      String key = attributes.key(i);
      Json value = Json.of(Nesting.bounded(attributes.value(i)));
      if (key != null && key.startsWith(prefix) && isThere(value)) {
        nest(root, key.substring(prefix.length()).split("\\.", 16), 0, value);
      }
    }
    return root.isEmpty() ? Json.ABSENT : Json.of(toValue(root));
  }

  @SuppressWarnings("unchecked") // a map in it is one of these
  private static void nest(Map<String, Object> object, String[] path, int at, Json value) {
    if (at == path.length - 1) {
      String text = value.text();
      boolean structure = text != null && (text.startsWith("[") || text.startsWith("{"));
      object.put(path[at], (structure ? value.unwrapOrSelf() : value).value());
    } else {
      Object inner = object.computeIfAbsent(path[at], name -> new LinkedHashMap<>());
      if (inner instanceof Map) {
        nest((Map<String, Object>) inner, path, at + 1, value);
      }
    }
  }

  private static Value<?> toValue(Map<?, ?> object) {
    Map<String, Value<?>> members = new LinkedHashMap<>();
    object.forEach(
        (name, member) ->
            members.put(
                (String) name,
                member instanceof Map<?, ?> inner ? toValue(inner) : (Value<?>) member));
    return Value.of(members);
  }

  /** A member of the event; absent if it is Python's {@code None}, written as JSON. */
  private static Json get(EventView event, String name) {
    Json value = Json.of(Nesting.bounded(event.attributes().get(name)));
    return isThere(value) ? value : Json.ABSENT;
  }

  private static boolean isThere(Json value) {
    return value.isPresent() && !"null".equals(value.text()) && !"None".equals(value.text());
  }
}
