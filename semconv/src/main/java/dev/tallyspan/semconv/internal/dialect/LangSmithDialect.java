package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs of LangSmith as spans. Beside its own keys they have {@code gen_ai.*} ones, of which the
 * operation and the provider are wrong on what is no call of a model.
 */
final class LangSmithDialect implements Dialect {

  private static final String KIND = "langsmith.span.kind";
  private static final String USAGE = "langsmith.usage_metadata";
  private static final String METADATA = "langsmith.metadata";
  private static final String INPUT = "gen_ai.prompt";
  private static final String OUTPUT = "gen_ai.completion";

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of("langsmith.request.streaming", Slot.STREAM),
          Rename.of("langsmith.span.tags", Slot.TAGS));

  @Override
  public String id() {
    return "langsmith";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of("langsmith.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.has(KIND) || span.has(USAGE) || span.hasPrefix("langsmith.trace.");
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    String kind = kind(span);
    Json metadata = metadata(span);
    boolean call = kind.equals("llm") || kind.equals("embedding");
    if (!call) {
      out.withdraw(Slot.OPERATION); // "embeddings" on a retriever, "chain" on a chain
      out.withoutMessages();
    }
    switch (kind) {
      case "llm" -> {
        CallPayload.readInput(span.get(INPUT), INPUT, out);
        CallPayload.readOutput(span.get(OUTPUT), OUTPUT, out);
        out.infer(Slot.OPERATION, Operations.CHAT, KIND);
      }
      case "embedding" -> {
        out.withdraw(Slot.OPERATION);
        out.withoutMessages();
        out.offer(Slot.OPERATION, Operations.EMBEDDINGS, KIND);
        RequestParameters.read(span.json(INPUT), INPUT, out);
        ResponsePayload.read(span.get(OUTPUT), OUTPUT, out);
      }
      case "tool" -> {
        out.offer(Slot.OPERATION, Operations.EXECUTE_TOOL, KIND);
        ToolPayload.read(span.get(INPUT), INPUT, span.get(OUTPUT), OUTPUT, out);
        String name = span.text("langsmith.trace.name");
        out.infer(Slot.TOOL_NAME, name != null ? name : span.name(), "the run's name");
      }
      case "retriever" -> {
        out.offer(Slot.OPERATION, Operations.RETRIEVAL, KIND);
        retriever(span, out);
      }
      default -> out.withoutOperation();
    }
    LangChainMetadata.read(call ? metadata : withoutModel(metadata), METADATA, out);
    who(metadata, out);
    if (call) {
      ModelFamilies.inferProvider(out);
    }
    usage(span.json(USAGE), out);
    details(span, out);
    error(span, call, out);
  }

  /** The kind in lower case; the sort of run that the keys show, if the span does not say it. */
  private static String kind(IndexedSpan span) {
    String kind = span.text(KIND);
    if (kind != null) {
      return kind.strip().toLowerCase(Locale.ROOT);
    }
    return span.has(USAGE) || span.has("gen_ai.request.model") ? "llm" : "chain";
  }

  private static Json metadata(IndexedSpan span) {
    String prefix = METADATA + ".";
    Map<String, Value<?>> members = new LinkedHashMap<>();
    for (String key : span.keys()) {
      if (key.startsWith(prefix) && span.get(key).isPresent()) {
        members.put(key.substring(prefix.length()), span.value(key));
      }
    }
    return Json.of(Value.of(members));
  }

  private static Json withoutModel(Json metadata) {
    Map<String, Value<?>> members = metadata.values();
    members.keySet().removeIf(name -> name.startsWith("ls_"));
    return Json.of(Value.of(members));
  }

  /** {@code langsmith.trace.session_id} is a project: it names no conversation. */
  private static void who(Json metadata, Draft out) {
    out.offerBlob(Slot.USER_ID, metadata.first("userId", "langfuseUserId"), METADATA);
    out.offerBlob(Slot.SESSION_ID, metadata.first("sessionId", "langfuseSessionId"), METADATA);
  }

  private static void retriever(IndexedSpan span, Draft out) {
    Json input = span.get(INPUT).unwrapOrSelf();
    Json query = input.isObject() ? input.first("query", "input", "question") : input;
    out.offerBlob(Slot.RETRIEVAL_QUERY, query, INPUT);
    Json output = span.get(OUTPUT).unwrapOrSelf();
    Json documents = output.first("documents", "outputs", "output");
    out.offerBlob(Slot.RETRIEVAL_DOCUMENTS, documents.isPresent() ? documents : output, OUTPUT);
  }

  private static void usage(Json usage, Draft out) {
    out.offer(Slot.INPUT_TOKENS, usage.get("input_tokens"), USAGE);
    out.offer(Slot.OUTPUT_TOKENS, usage.get("output_tokens"), USAGE);
    out.offer(Slot.TOTAL_TOKENS, usage.get("total_tokens"), USAGE);
    details(usage.get("input_token_details"), usage.get("output_token_details"), USAGE, out);
    Json total = usage.get("total_cost");
    if (total.isPresent()) {
      out.reportedCost(total, "USD", USAGE);
    }
  }

  private static void details(IndexedSpan span, Draft out) {
    String input = "gen_ai.usage.input_token_details";
    details(span.json(input), span.json("gen_ai.usage.output_token_details"), input, out);
  }

  private static void details(Json input, Json output, String key, Draft out) {
    out.offer(Slot.CACHE_READ_TOKENS, input.get("cache_read"), key);
    out.offer(Slot.CACHE_WRITE_TOKENS, input.get("cache_creation"), key);
    out.offer(Slot.CACHE_WRITE_5M_TOKENS, input.get("ephemeral_5m_input_tokens"), key);
    out.offer(Slot.CACHE_WRITE_1H_TOKENS, input.get("ephemeral_1h_input_tokens"), key);
    out.offer(Slot.AUDIO_INPUT_TOKENS, input.get("audio"), key);
    out.offer(Slot.IMAGE_INPUT_TOKENS, input.get("image"), key);
    out.offer(Slot.VIDEO_INPUT_TOKENS, input.get("video"), key);
    out.offer(Slot.REASONING_TOKENS, output.get("reasoning"), key);
    out.offer(Slot.AUDIO_OUTPUT_TOKENS, output.get("audio"), key);
    out.offer(Slot.IMAGE_OUTPUT_TOKENS, output.get("image"), key);
  }

  /** The exporters record an exception without setting the span's status. */
  private static void error(IndexedSpan span, boolean call, Draft out) {
    if (call && !out.has(Slot.ERROR_TYPE) && !out.hasOutput()) {
      out.infer(Slot.ERROR_TYPE, ErrorTexts.ofException(span), "exception event");
    }
  }
}
