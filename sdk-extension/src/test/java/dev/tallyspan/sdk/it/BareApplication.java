package dev.tallyspan.sdk.it;

import dev.tallyspan.sdk.LlmEnrichment;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;

/**
 * An application that puts its SDK together itself, from members that every version has. It prints
 * the attributes of its spans, each on a line of its own. The argument is not used.
 */
final class BareApplication {

  private BareApplication() {}

  public static void main(String[] args) {
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(LlmEnrichment.create().spanProcessor())
            .addSpanProcessor(LlmEnrichment.create().spanProcessor())
            .addSpanProcessor(new Printer())
            .build();
    Span typed = provider.get("app").spanBuilder("typed").startSpan();
    chat(typed);
    typed.setAttribute("gen_ai.usage.input_tokens", 25L);
    typed.setAttribute("gen_ai.usage.output_tokens", 7L);
    typed.setAttribute(
        "gen_ai.input.messages",
        "[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\","
            + "\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\":[1,null]}\"}}]}]");
    typed.end();
    // As Micrometer's bridge writes them.
    Span text = provider.get("app").spanBuilder("text").startSpan();
    chat(text);
    text.setAttribute("gen_ai.usage.input_tokens", "25");
    text.setAttribute("gen_ai.usage.output_tokens", "7");
    text.setAttribute("gen_ai.response.finish_reasons", "[\"STOP\"]");
    text.end();
  }

  private static void chat(Span span) {
    span.setAttribute("gen_ai.operation.name", "chat");
    span.setAttribute("gen_ai.provider.name", "openai");
    span.setAttribute("gen_ai.request.model", "gpt-4.1");
  }

  private static final class Printer implements SpanProcessor {

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      span.toSpanData()
          .getAttributes()
          .forEach((key, value) -> System.out.println(span.getName() + " " + key + "=" + value));
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }
}
