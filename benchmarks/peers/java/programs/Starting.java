import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;

/** Ends one span. Arguments: {@code agent} or {@code sdk}, {@code chat} or {@code other}. */
final class Starting {

  private Starting() {}

  public static void main(String[] args) {
    OpenTelemetry otel = args[0].equals("agent") ? GlobalOpenTelemetry.get() : Sdk.start();
    SpanBuilder span = otel.getTracer("app").spanBuilder("one");
    if (args[1].equals("chat")) {
      span.setAttribute("gen_ai.operation.name", "chat")
          .setAttribute("gen_ai.provider.name", "openai")
          .setAttribute("gen_ai.request.model", "gpt-4o-mini")
          .setAttribute("gen_ai.usage.input_tokens", 1000L)
          .setAttribute("gen_ai.usage.output_tokens", 50L);
    }
    Span started = span.startSpan();
    started.end();
    System.exit(0);
  }

  /** Apart, because there is no SDK on an application's class path under the agent. */
  private static final class Sdk {

    static OpenTelemetry start() {
      return AutoConfiguredOpenTelemetrySdk.initialize().getOpenTelemetrySdk();
    }
  }
}
