package dev.tallyspan.sdk.it;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;

/** An application that writes a span by the API alone. The argument is not used. */
final class ApiApplication {

  private ApiApplication() {}

  public static void main(String[] args) {
    Span span = GlobalOpenTelemetry.getTracer("app").spanBuilder("chat gpt-4.1").startSpan();
    span.setAttribute("gen_ai.operation.name", "chat");
    span.setAttribute("gen_ai.provider.name", "openai");
    span.setAttribute("gen_ai.request.model", "gpt-4.1");
    span.setAttribute("gen_ai.usage.input_tokens", 25L);
    span.setAttribute("gen_ai.usage.output_tokens", 7L);
    span.end();
    System.exit(0);
  }
}
