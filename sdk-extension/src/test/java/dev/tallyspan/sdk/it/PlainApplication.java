package dev.tallyspan.sdk.it;

import com.openai.errors.RateLimitException;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.function.Function;

/** An application that writes its own spans; argument: the provider's base URL. */
final class PlainApplication {

  private final Tracer tracer;

  private PlainApplication(Tracer tracer) {
    this.tracer = tracer;
  }

  public static void main(String[] args) {
    Tracer tracer =
        AutoConfiguredOpenTelemetrySdk.initialize().getOpenTelemetrySdk().getTracer("weather");
    PlainApplication application = new PlainApplication(tracer);
    try (OpenAiCalls calls = new OpenAiCalls(args[0])) {
      application.run(calls);
    }
    System.exit(0);
  }

  private void run(OpenAiCalls calls) {
    traced(
        "chat",
        OpenAiCalls.CHAT_MODEL,
        span -> {
          var response = calls.chat(OpenAiCalls.CHAT_MODEL);
          span.setAttribute("gen_ai.response.model", response.model());
          response.usage().ifPresent(u -> usage(span, u.promptTokens(), u.completionTokens()));
          return response;
        });
    traced(
        "chat",
        OpenAiCalls.CHAT_MODEL,
        span -> {
          var chunks = calls.streamedChat(OpenAiCalls.CHAT_MODEL);
          var last = chunks.get(chunks.size() - 1);
          span.setAttribute("gen_ai.response.model", last.model());
          last.usage().ifPresent(u -> usage(span, u.promptTokens(), u.completionTokens()));
          return last;
        });
    traced(
        "embeddings",
        OpenAiCalls.EMBEDDING_MODEL,
        span -> {
          var response = calls.embeddings(OpenAiCalls.EMBEDDING_MODEL);
          span.setAttribute("gen_ai.response.model", response.model());
          return span.setAttribute("gen_ai.usage.input_tokens", response.usage().promptTokens());
        });
    try {
      traced("chat", OpenAiCalls.BUSY_MODEL, span -> calls.chat(OpenAiCalls.BUSY_MODEL));
    } catch (RateLimitException expected) {
      System.out.println("refused with " + expected.statusCode());
    }
    // Stands for the spans of HTTP clients, which the agent rows have of themselves.
    Span http = tracer.spanBuilder("POST").setSpanKind(SpanKind.CLIENT).startSpan();
    http.setAttribute("http.request.method", "POST").end();
  }

  private <T> T traced(String operation, String model, Function<Span, T> call) {
    Span span =
        tracer
            .spanBuilder(operation + " " + model)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute("gen_ai.operation.name", operation)
            .setAttribute("gen_ai.provider.name", "openai")
            .setAttribute("gen_ai.request.model", model)
            .startSpan();
    try {
      return call.apply(span);
    } catch (RuntimeException e) {
      span.setStatus(StatusCode.ERROR).setAttribute("error.type", e.getClass().getName());
      throw e;
    } finally {
      span.end();
    }
  }

  private static void usage(Span span, long input, long output) {
    span.setAttribute("gen_ai.usage.input_tokens", input);
    span.setAttribute("gen_ai.usage.output_tokens", output);
  }
}
