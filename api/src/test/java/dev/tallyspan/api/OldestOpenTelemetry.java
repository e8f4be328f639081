package dev.tallyspan.api;

import dev.tallyspan.semconv.ContentFormat;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.TokenUsage;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Runs in a class loader of its own, with the oldest OpenTelemetry and without prices. */
public final class OldestOpenTelemetry implements Callable<List<String>> {

  @Override
  public List<String> call() {
    List<String> spans = new ArrayList<>();
    SdkTracerProvider tracers =
        SdkTracerProvider.builder()
            .addSpanProcessor(
                new SpanProcessor() {
                  @Override
                  public void onStart(
                      io.opentelemetry.context.Context parent,
                      io.opentelemetry.sdk.trace.ReadWriteSpan span) {}

                  @Override
                  public boolean isStartRequired() {
                    return false;
                  }

                  @Override
                  public void onEnd(ReadableSpan span) {
                    spans.add(span.getName() + " " + span.toSpanData().getAttributes());
                  }

                  @Override
                  public boolean isEndRequired() {
                    return true;
                  }
                })
            .build();
    SdkMeterProvider meters = SdkMeterProvider.builder().build();
    OpenTelemetry openTelemetry =
        new OpenTelemetry() {
          @Override
          public TracerProvider getTracerProvider() {
            return tracers;
          }

          @Override
          public MeterProvider getMeterProvider() {
            return meters;
          }

          @Override
          public ContextPropagators getPropagators() {
            return ContextPropagators.noop();
          }
        };
    GenAi genAi =
        GenAi.builder(openTelemetry)
            .content(ContentCapture.ALL)
            .contentFormat(ContentFormat.STRUCTURED)
            .propagate("session.id")
            .build();
    try (Scope scope = genAi.identity().session("s").user("u").tag("t").makeCurrent()) {
      spans.add("scope " + (scope != null));
      HostileTest.allWithNulls(genAi);
      genAi
          .chat("anthropic", "claude-sonnet-4-5")
          .tool("f", "does", "{\"type\":\"object\"}")
          .input(Message.user("Hi").blob("image/png", new byte[] {1}))
          .run(
              call ->
                  call.chunk(Delta.text("a"), Delta.finish("stop"))
                      .usage(TokenUsage.anthropic().input(10).cacheRead(2870).output(3))
                      .fail(new IllegalStateException("message")));
    }
    spans.add("faults " + genAi.faults());
    return spans;
  }
}
