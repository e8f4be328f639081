package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.span.Slot;
import java.util.List;

/** Gateways and inference servers: the conventions, more or less, and a few keys of their own. */
final class Gateways {

  private static final List<String> GEN_AI = List.of("gen_ai.");

  /**
   * OpenRouter Broadcast: what OpenRouter charged is on the root, an attempt with each provider
   * below it.
   */
  static final Dialect OPENROUTER =
      new TableDialect(
          "openrouter",
          List.of("gen_ai.", "trace.metadata.openrouter.", "openrouter."),
          span ->
              span.isScope("openrouter")
                  || "openrouter".equals(span.resource("service.name"))
                  || span.hasPrefix("trace.metadata.openrouter.")
                  || span.hasPrefix("openrouter."),
          List.of(
              Rename.of("trace.metadata.openrouter.user_id", Slot.USER_ID),
              Rename.of("trace.tags", Slot.TAGS)),
          CacheCounts.ADDED,
          Gateways::openRouter);

  /** Cloudflare AI Gateway. */
  static final Dialect CLOUDFLARE =
      new TableDialect(
          "cloudflare",
          GEN_AI,
          span -> span.hasAny("gen_ai.prompt_json", "gen_ai.completion_json"),
          List.of(),
          (span, out) -> {
            CallPayload.readInput(span.get("gen_ai.prompt_json"), "gen_ai.prompt_json", out);
            CallPayload.readOutput(
                span.get("gen_ai.completion_json"), "gen_ai.completion_json", out);
          });

  /** Envoy AI Gateway in its GenAI mode, which copies Anthropic's counts; else OpenInference. */
  static final Dialect ENVOY =
      new TableDialect(
          "envoy",
          GEN_AI,
          span ->
              span.scopeName().contains("ai-gateway")
                  && span.hasPrefix("gen_ai.")
                  && !span.hasPrefix("llm."),
          List.of(),
          CacheCounts.COPIED,
          (span, out) -> {});

  /** Kong AI Gateway, which puts the tool that an answer calls on the span of the call. */
  static final Dialect KONG =
      new TableDialect(
          "kong",
          GEN_AI,
          span ->
              span.name().startsWith("kong.")
                  || span.isScope("kong")
                  || span.hasPrefix("kong.gen_ai."),
          List.of(),
          (span, out) -> withdrawToolOfCall(out));

  /** vLLM, whose span is the server's side of a call. */
  static final Dialect VLLM =
      new TableDialect(
          "vllm",
          GEN_AI,
          span ->
              span.isScope("vllm")
                  || span.hasPrefix("gen_ai.latency.")
                  || span.has("gen_ai.usage.num_sequences"),
          List.of(
              Rename.of("gen_ai.latency.time_to_first_token", Slot.TIME_TO_FIRST_CHUNK),
              Rename.of("gen_ai.usage.num_sequences", Slot.CHOICE_COUNT)),
          (span, out) -> out.infer(Slot.PROVIDER, "vllm", "written by vLLM"));

  private Gateways() {}

  private static void openRouter(IndexedSpan span, Draft out) {
    if (span.name().startsWith("provider attempt")) {
      out.notBillable();
      return;
    }
    if (out.has(Slot.REQUEST_MODEL) || out.has(Slot.RESPONSE_MODEL)) {
      CallPayload.readInput(span.get("span.input"), "span.input", out);
      CallPayload.readOutput(span.get("span.output"), "span.output", out);
    }
  }

  /** Takes a tool off a span that calls a model: the conventions have it where the tool runs. */
  private static void withdrawToolOfCall(Draft out) {
    String operation = out.text(Slot.OPERATION);
    if (operation != null && !operation.equals(Operations.EXECUTE_TOOL)) {
      out.withdraw(Slot.TOOL_NAME);
      out.withdraw(Slot.TOOL_CALL_ID);
      out.withdraw(Slot.TOOL_TYPE);
    }
  }
}
