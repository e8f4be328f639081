package dev.tallyspan.collector.demo;

import static io.opentelemetry.api.trace.SpanKind.CLIENT;
import static io.opentelemetry.api.trace.SpanKind.INTERNAL;

import io.opentelemetry.api.trace.Tracer;

/**
 * A nightly job with old instrumentation: one library writes the GenAI conventions of early 2024,
 * another one OpenInference.
 */
final class OlderTraces {

  private final Tracer tracer;

  OlderTraces(Tracer tracer) {
    this.tracer = tracer;
  }

  /** 5.12 s. */
  void digest(long originNanos) {
    Step.trace(
        tracer,
        originNanos,
        "digest nightly",
        INTERNAL,
        5_120,
        job -> {
          job.set("session.id", "digest-0312")
              .identify("user.id", "night-job")
              .identify(TravelDesk.TEAM, "support")
              .identify(TravelDesk.FEATURE, "digest");
          TravelDesk.database(job, "SELECT tickets", "SELECT", 6, 88);
          job.child("openai.chat", CLIENT, 96, 1_904, OlderTraces::earlyConventions);
          job.child("ChatAnthropic", INTERNAL, 1_921, 5_040, OlderTraces::openInference);
          TravelDesk.database(job, "INSERT digests", "INSERT", 5_048, 5_101);
        });
  }

  private static void earlyConventions(Step span) {
    span.set("gen_ai.system", "openai")
        .set("gen_ai.request.model", "gpt-4o-mini")
        .set("gen_ai.response.model", "gpt-4o-mini-2024-07-18")
        .set("gen_ai.usage.prompt_tokens", 6_204)
        .set("gen_ai.usage.completion_tokens", 311)
        .set("llm.request.type", "chat")
        .set("llm.usage.total_tokens", 6_515)
        .set("gen_ai.prompt.0.role", "user")
        .set("gen_ai.prompt.0.content", "Sort these 41 tickets by what they are about.")
        .set("gen_ai.completion.0.role", "assistant")
        .set(
            "gen_ai.completion.0.content", "Cancelled trains: 17. Refunds: 12. Bikes: 7. Other: 5.")
        .set("gen_ai.completion.0.finish_reason", "stop");
  }

  private static void openInference(Step span) {
    span.set("openinference.span.kind", "LLM")
        .set("llm.provider", "anthropic")
        .set("llm.system", "anthropic")
        .set("llm.model_name", "claude-sonnet-4-5-20250929")
        .set("llm.token_count.prompt", 2_316)
        .set("llm.token_count.completion", 204)
        .set("llm.token_count.total", 2_520)
        .set("llm.input_messages.0.message.role", "user")
        .set("llm.input_messages.0.message.content", "Write the digest for the morning shift.")
        .set("llm.output_messages.0.message.role", "assistant")
        .set(
            "llm.output_messages.0.message.content",
            "Good morning. Last night was about one cancelled train: 17 of 41 tickets name it.");
  }
}
