package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Spans of MLflow, whose attributes hold JSON throughout: a plain text has quotes around it. */
final class MlflowDialect implements Dialect {

  private static final String TYPE = "mlflow.spanType";
  private static final String INPUT = "mlflow.spanInputs";
  private static final String OUTPUT = "mlflow.spanOutputs";
  private static final String USAGE = "mlflow.chat.tokenUsage";
  private static final String COST = "mlflow.llm.cost";
  private static final String MODEL = "mlflow.llm.model";
  private static final String PROVIDER = "mlflow.llm.provider";
  private static final String TOOLS = "mlflow.chat.tools";
  private static final String FORMAT = "mlflow.message.format";

  private static final Set<String> GO_THROUGH =
      Set.of(
          "Models.generate_content",
          "AsyncModels.generate_content",
          "Chat.send_message",
          "AsyncChat.send_message",
          "ChatSession.send_message");

  @Override
  public String id() {
    return "mlflow";
  }

  @Override
  public List<String> markers() {
    return List.of(TYPE, INPUT, OUTPUT, "mlflow.chat.", "mlflow.llm.", "mlflow.message.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.hasAny(TYPE, INPUT, OUTPUT, USAGE, MODEL);
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    Json input = plain(span, INPUT);
    Json output = plain(span, OUTPUT);
    switch (type(span)) {
      case "CHAT_MODEL", "LLM" -> {
        if (span.name().endsWith(".count_tokens")) {
          out.offer(Slot.OPERATION, "count_tokens", "span name");
        }
        if (goesThrough(span)) {
          out.aggregate();
        }
        out.offer(Slot.OPERATION, Operations.CHAT, TYPE);
        CallPayload.readInput(input, INPUT, out);
        CallPayload.readOutput(output, OUTPUT, out);
        call(span, out);
      }
      case "EMBEDDING" -> {
        out.offer(Slot.OPERATION, Operations.EMBEDDINGS, TYPE);
        RequestParameters.read(input.unwrap(), INPUT, out);
        ResponsePayload.read(output, OUTPUT, out);
        call(span, out);
      }
      case "AGENT" -> {
        out.offer(Slot.OPERATION, Operations.INVOKE_AGENT, TYPE);
        out.infer(Slot.AGENT_NAME, span.name(), "span name");
        usage(span, out);
      }
      case "WORKFLOW" -> {
        out.offer(Slot.OPERATION, Operations.INVOKE_WORKFLOW, TYPE);
        usage(span, out);
      }
      case "TOOL" -> {
        out.offer(Slot.OPERATION, Operations.EXECUTE_TOOL, TYPE);
        ToolPayload.read(input, INPUT, output, OUTPUT, out);
        out.infer(Slot.TOOL_NAME, span.name(), "span name");
      }
      case "RETRIEVER" -> {
        out.offer(Slot.OPERATION, Operations.RETRIEVAL, TYPE);
        Json opened = input.unwrapOrSelf();
        Json query = opened.isObject() ? opened.first("query", "input", "question") : opened;
        out.offerBlob(Slot.RETRIEVAL_QUERY, query, INPUT);
        out.offerBlob(Slot.RETRIEVAL_DOCUMENTS, output, OUTPUT);
      }
      case "RERANKER" -> out.offer(Slot.OPERATION, Operations.RERANK, TYPE);
      default -> {
        if (!out.has(Slot.REQUEST_MODEL)) {
          out.withoutOperation();
        }
        usage(span, out);
      }
    }
  }

  /**
   * Whether this is one of the functions of Google's SDK that call another that MLflow traces, too:
   * {@code generate_content} calls {@code _generate_content} once for each turn with tools, and a
   * chat calls {@code generate_content}.
   */
  private static boolean goesThrough(IndexedSpan span) {
    return "gemini".equals(plain(span, FORMAT).text()) && GO_THROUGH.contains(span.name());
  }

  private static String type(IndexedSpan span) {
    String type = plain(span, TYPE).text();
    if (type != null) {
      return type.strip().toUpperCase(Locale.ROOT);
    }
    return span.has(MODEL) ? "CHAT_MODEL" : "UNKNOWN";
  }

  private static void call(IndexedSpan span, Draft out) {
    String model = plain(span, MODEL).text();
    String asked = out.text(Slot.REQUEST_MODEL);
    if (asked == null) {
      out.offer(Slot.REQUEST_MODEL, model, MODEL);
    } else if (!asked.equals(model)) {
      out.offer(Slot.RESPONSE_MODEL, model, MODEL);
    }
    out.offer(Slot.PROVIDER, plain(span, PROVIDER), PROVIDER);
    ModelFamilies.inferProvider(out);
    out.offer(Slot.TOOL_DEFINITIONS, span.json(TOOLS), TOOLS);
    usage(span, out);
    Json cost = span.json(COST).get("total_cost");
    if (cost.isPresent()) {
      out.reportedCost(cost, "USD", COST);
    }
  }

  /** Whether the input holds the cache tokens, MLflow leaves to the library that it traces. */
  private static void usage(IndexedSpan span, Draft out) {
    Json usage = span.json(USAGE);
    out.offer(Slot.INPUT_TOKENS, usage.get("input_tokens"), USAGE);
    out.offer(Slot.OUTPUT_TOKENS, usage.get("output_tokens"), USAGE);
    out.offer(Slot.TOTAL_TOKENS, usage.get("total_tokens"), USAGE);
    out.offer(Slot.CACHE_READ_TOKENS, usage.get("cache_read_input_tokens"), USAGE);
    out.offer(Slot.CACHE_WRITE_TOKENS, usage.get("cache_creation_input_tokens"), USAGE);
  }

  private static Json plain(IndexedSpan span, String key) {
    return CallPayload.unquoted(span.get(key));
  }
}
