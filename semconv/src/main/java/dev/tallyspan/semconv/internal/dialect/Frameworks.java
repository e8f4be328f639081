package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.Coercion;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.span.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Frameworks and platforms that write the conventions with a few keys of their own. */
final class Frameworks {

  private static final String KIND = "gen_ai.span.kind";
  private static final String OLD_KIND = "gen_ai.span_kind_name";

  private static final Map<String, String> OPERATIONS =
      Map.of(
          "LLM", Operations.CHAT,
          "EMBEDDING", Operations.EMBEDDINGS,
          "RETRIEVER", Operations.RETRIEVAL,
          "RERANKER", Operations.RERANK,
          "TOOL", Operations.EXECUTE_TOOL,
          "AGENT", Operations.INVOKE_AGENT,
          "WORKFLOW", Operations.INVOKE_WORKFLOW);

  /** Semantic Kernel, which has its messages in events. */
  static final Dialect SEMANTIC_KERNEL =
      new TableDialect(
          "semantic-kernel",
          List.of("gen_ai.", "sk.available_functions"),
          span ->
              span.isScope("Microsoft.SemanticKernel")
                  || span.scopeName().startsWith("semantic_kernel")
                  || span.has("sk.available_functions"),
          List.of(),
          (span, out) -> {});

  /** Microsoft Agent Framework, whose agents repeat the sum of their calls. */
  static final Dialect AGENT_FRAMEWORK =
      new TableDialect(
          "agent-framework",
          List.of("gen_ai."),
          span ->
              (span.isScope("agent_framework") || span.isScope("Experimental.Microsoft.Agents.AI"))
                  && span.hasPrefix("gen_ai."),
          List.of(),
          (span, out) -> {});

  /** Dify. */
  static final Dialect DIFY =
      new TableDialect(
          "dify",
          List.of("gen_ai.", "dify."),
          span -> "dify".equals(span.text("gen_ai.framework")) || span.hasPrefix("dify."),
          List.of(
              Rename.of(
                  "gen_ai.user.time_to_first_token", Slot.TIME_TO_FIRST_CHUNK, Coercion.NANOS),
              Rename.of("retrieval.query", Slot.RETRIEVAL_QUERY),
              Rename.of("retrieval.document", Slot.RETRIEVAL_DOCUMENTS)),
          Frameworks::dify);

  /** Alibaba's LoongSuite and ARMS, which add a span kind to the conventions. */
  static final Dialect LOONGSUITE =
      new TableDialect(
          "loongsuite",
          List.of("gen_ai."),
          span -> span.hasAny(KIND, OLD_KIND) && !"dify".equals(span.text("gen_ai.framework")),
          List.of(),
          Frameworks::byKind);

  private Frameworks() {}

  private static void dify(IndexedSpan span, Draft out) {
    byKind(span, out);
    if (Operations.EXECUTE_TOOL.equals(out.text(Slot.OPERATION))) {
      ToolPayload.read(
          span.get("input.value"), "input.value", span.get("output.value"), "output.value", out);
      out.infer(Slot.TOOL_NAME, span.name(), "span name");
    }
    List<Message> messages = new ArrayList<>();
    for (Json message : span.json("gen_ai.prompt")) {
      if (message.get("role").isText() && message.get("text").isText()) {
        messages.add(
            MessageReader.input().readOne(message.get("text"), message.get("role").text()));
      }
    }
    out.offerMessages(Slot.INPUT_MESSAGES, messages, "gen_ai.prompt");
  }

  private static void byKind(IndexedSpan span, Draft out) {
    String kind = span.text(span.has(KIND) ? KIND : OLD_KIND);
    if (kind == null) {
      return;
    }
    String operation = OPERATIONS.get(kind.strip().toUpperCase(Locale.ROOT));
    if (operation != null) {
      out.offer(Slot.OPERATION, operation, KIND);
    } else if (!out.has(Slot.REQUEST_MODEL)) {
      out.withoutOperation();
    }
  }
}
