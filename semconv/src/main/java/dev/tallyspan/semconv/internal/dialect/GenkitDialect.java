package dev.tallyspan.semconv.internal.dialect;

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
 * Firebase Genkit. A span is an action (a model, a tool, a flow) or a helper around some; input and
 * output are JSON in Genkit's own shape. Only the action of a model is a call: flows and {@code
 * generate} repeat its output.
 */
final class GenkitDialect implements Dialect {

  private static final String SUBTYPE = "genkit:metadata:subtype";
  private static final String NAME = "genkit:name";
  private static final String INPUT = "genkit:input";
  private static final String OUTPUT = "genkit:output";

  private static final Map<String, String> OPERATIONS =
      Map.of(
          "model", Operations.CHAT,
          "background-model", Operations.CHAT,
          "embedder", Operations.EMBEDDINGS,
          "retriever", Operations.RETRIEVAL,
          "reranker", Operations.RERANK,
          "tool", Operations.EXECUTE_TOOL,
          "tool.v2", Operations.EXECUTE_TOOL,
          "flow", Operations.INVOKE_WORKFLOW,
          "agent", Operations.INVOKE_AGENT);

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("genkit:sessionId", Slot.SESSION_ID),
          Rename.of("genkit:sessionId", Slot.CONVERSATION_ID));

  @Override
  public String id() {
    return "genkit";
  }

  @Override
  public List<String> markers() {
    return List.of("genkit:");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.hasAny("genkit:type", NAME, SUBTYPE, INPUT);
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    String subtype = span.text(SUBTYPE);
    String kind = subtype == null ? "" : subtype.strip().toLowerCase(Locale.ROOT);
    String operation = OPERATIONS.get(kind);
    if (operation == null) {
      out.withoutOperation();
      return;
    }
    out.offer(Slot.OPERATION, operation, SUBTYPE);
    switch (operation) {
      case Operations.CHAT -> model(span, out);
      case Operations.EMBEDDINGS -> embedder(span, out);
      case Operations.RERANK -> nameAndProvider(span, out);
      case Operations.EXECUTE_TOOL -> {
        out.offer(Slot.TOOL_NAME, span.get(NAME), NAME);
        out.offerBlob(Slot.TOOL_CALL_ARGUMENTS, span.get(INPUT), INPUT);
        out.offerBlob(Slot.TOOL_CALL_RESULT, span.get(OUTPUT), OUTPUT);
      }
      case Operations.RETRIEVAL -> retriever(span, out);
      case Operations.INVOKE_WORKFLOW -> out.offer(Slot.WORKFLOW_NAME, span.get(NAME), NAME);
      default -> out.offer(Slot.AGENT_NAME, span.get(NAME), NAME);
    }
  }

  private static void model(IndexedSpan span, Draft out) {
    nameAndProvider(span, out);
    Json request = span.json(INPUT);
    Json response = span.json(OUTPUT);
    out.content(
        () -> out.offerMessages(Slot.INPUT_MESSAGES, GenkitMessages.input(request), INPUT),
        Slot.INPUT_MESSAGES);
    out.content(
        () -> out.offerMessages(Slot.OUTPUT_MESSAGES, GenkitMessages.output(response), OUTPUT),
        Slot.OUTPUT_MESSAGES);
    RequestParameters.read(request.get("config"), INPUT, out);
    out.offerBlob(Slot.TOOL_DEFINITIONS, request.get("tools"), INPUT);
    out.offerBlob(Slot.OUTPUT_TYPE, request.get("output").get("format"), INPUT);
    Json reason = response.first("candidates").at(0).get("finishReason");
    out.offerBlob(
        Slot.FINISH_REASONS, reason.isPresent() ? reason : response.get("finishReason"), OUTPUT);
    if (!response.truncated()) {
      usage(response.get("usage"), out);
      // What the plugin got from the provider, in either of two places.
      for (String raw : new String[] {"raw", "custom"}) {
        ResponsePayload.read(response.get(raw), OUTPUT, out);
      }
    }
  }

  private static void usage(Json usage, Draft out) {
    out.offerBlob(Slot.INPUT_TOKENS, usage.get("inputTokens"), OUTPUT);
    out.offerBlob(Slot.OUTPUT_TOKENS, usage.get("outputTokens"), OUTPUT);
    out.offerBlob(Slot.TOTAL_TOKENS, usage.get("totalTokens"), OUTPUT);
    out.offerBlob(Slot.REASONING_TOKENS, usage.get("thoughtsTokens"), OUTPUT);
    out.offerBlob(Slot.CACHE_READ_TOKENS, usage.get("cachedContentTokens"), OUTPUT);
  }

  /** Genkit names a model after the plugin that has it: {@code googleai/gemini-2.5-pro}. */
  private static void nameAndProvider(IndexedSpan span, Draft out) {
    String name = span.text(NAME);
    if (name == null) {
      return;
    }
    int slash = name.indexOf('/');
    out.offer(Slot.REQUEST_MODEL, slash < 0 ? name : name.substring(slash + 1), NAME);
    if (slash > 0) {
      out.offer(Slot.PROVIDER, name.substring(0, slash), NAME);
    }
  }

  private static void embedder(IndexedSpan span, Draft out) {
    nameAndProvider(span, out);
    int dimensions = span.json(OUTPUT).get("embeddings").at(0).get("embedding").size();
    if (dimensions > 0) {
      out.offerBlob(Slot.EMBEDDING_DIMENSIONS, Json.of(String.valueOf(dimensions)), OUTPUT);
    }
  }

  private static void retriever(IndexedSpan span, Draft out) {
    out.offer(Slot.DATA_SOURCE_ID, span.get(NAME), NAME);
    Json query = span.json(INPUT).get("query");
    Json text = query.isText() ? query : GenkitMessages.text(query.get("content"));
    out.offerBlob(Slot.RETRIEVAL_QUERY, text, INPUT);
    Json found = span.json(OUTPUT).get("documents");
    List<Value<?>> documents = new ArrayList<>();
    for (Json document : found) {
      Map<String, Value<?>> members = new LinkedHashMap<>(document.values());
      Json content = GenkitMessages.text(document.get("content"));
      if (content.isPresent()) {
        members.put("content", content.value());
      }
      documents.add(Value.of(members));
    }
    out.offerBlob(Slot.RETRIEVAL_DOCUMENTS, Json.of(Value.of(documents)), OUTPUT);
  }
}
