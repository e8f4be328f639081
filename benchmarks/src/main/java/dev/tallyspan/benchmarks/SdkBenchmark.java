package dev.tallyspan.benchmarks;

import dev.tallyspan.sdk.LlmEnrichment;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.internal.ExtendedSpanProcessor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the SDK extension adds to a span. The difference between {@code …With} and {@code …Without}
 * is what it costs; {@code otherEnding} and {@code otherStartAndEnding} are its calls alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 15, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class SdkBenchmark {

  private static final Attributes HTTP =
      Attributes.builder()
          .put("http.request.method", "GET")
          .put("http.response.status_code", 200)
          .put("http.route", "/orders/{id}")
          .put("url.path", "/orders/1")
          .put("url.scheme", "https")
          .put("server.address", "localhost")
          .put("server.port", 8080)
          .put("network.protocol.version", "1.1")
          .put("thread.id", 1)
          .put("thread.name", "main")
          .build();

  private static final Attributes CHAT =
      Attributes.builder()
          .put("gen_ai.operation.name", "chat")
          .put("gen_ai.provider.name", "openai")
          .put("gen_ai.request.model", "gpt-4o-mini")
          .put("gen_ai.response.model", "gpt-4o-mini-2024-07-18")
          .put("gen_ai.response.id", "chatcmpl-1")
          .put(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"), "stop")
          .put("gen_ai.usage.input_tokens", 1117)
          .put("gen_ai.usage.output_tokens", 463)
          .put("server.address", "api.openai.com")
          .build();

  private SdkTracerProvider with;
  private SdkTracerProvider without;
  private Tracer tracerWith;
  private Tracer tracerWithout;
  private ExtendedSpanProcessor processor;
  private ReadWriteSpan other;
  private Context parent;

  @Setup
  public void setUp() {
    LlmEnrichment tracing = LlmEnrichment.create();
    processor = (ExtendedSpanProcessor) tracing.spanProcessor();
    with = provider(SdkTracerProvider.builder().addSpanProcessor(processor));
    without = provider(SdkTracerProvider.builder());
    tracerWith = with.get("benchmark");
    tracerWithout = without.get("benchmark");
    parent = Context.root().with(tracerWithout.spanBuilder("parent").startSpan());
    other =
        (ReadWriteSpan)
            tracerWithout.spanBuilder("GET").setParent(parent).setAllAttributes(HTTP).startSpan();
  }

  @TearDown
  public void tearDown() {
    with.close();
    without.close();
  }

  private static SdkTracerProvider provider(SdkTracerProviderBuilder builder) {
    return builder.addSpanProcessor(new Idle()).build();
  }

  @Benchmark
  public void otherEnding() {
    processor.onEnding(other);
  }

  @Benchmark
  public void otherStartAndEnding() {
    processor.onStart(parent, other);
    processor.onEnding(other);
  }

  @Benchmark
  public Span otherWithout() {
    return span(tracerWithout, HTTP);
  }

  @Benchmark
  public Span otherWith() {
    return span(tracerWith, HTTP);
  }

  @Benchmark
  public Span chatWithout() {
    return span(tracerWithout, CHAT);
  }

  @Benchmark
  public Span chatWith() {
    return span(tracerWith, CHAT);
  }

  private Span span(Tracer tracer, Attributes attributes) {
    Span span =
        tracer.spanBuilder("span").setParent(parent).setAllAttributes(attributes).startSpan();
    span.end();
    return span;
  }

  /** The SDK only records spans if there is a processor that wants them. */
  private static final class Idle implements SpanProcessor {

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }
}
