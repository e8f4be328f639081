package dev.tallyspan.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.SpanView;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SdkSpanViewTest {

  private final SdkTracerProvider provider =
      SdkTracerProvider.builder()
          // Without a processor, the SDK does not record.
          .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
          .setResource(Resource.create(Attributes.of(AttributeKey.stringKey("host.name"), "box")))
          .build();
  private final Tracer tracer =
      provider.tracerBuilder("scope").setInstrumentationVersion("1.2").build();

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void showsTheSpanAsItIs() {
    Span parent = tracer.spanBuilder("parent").startSpan();
    Span span =
        tracer
            .spanBuilder("child")
            .setParent(Context.root().with(parent))
            .setSpanKind(SpanKind.CLIENT)
            .setStartTimestamp(5, TimeUnit.SECONDS)
            .startSpan();
    span.addEvent("first", Attributes.of(AttributeKey.longKey("n"), 1L), 6, TimeUnit.SECONDS);
    span.setStatus(StatusCode.ERROR, "broken");
    span.end(7, TimeUnit.SECONDS);
    SpanView view = view(span);

    assertThat(view.traceId()).isEqualTo(span.getSpanContext().getTraceId());
    assertThat(view.spanId()).isEqualTo(span.getSpanContext().getSpanId());
    assertThat(view.parentSpanId()).isEqualTo(parent.getSpanContext().getSpanId());
    assertThat(view(parent).parentSpanId()).isEmpty();
    assertThat(view.name()).isEqualTo("child");
    assertThat(view.kind()).isEqualTo(SpanKind.CLIENT);
    assertThat(view.startEpochNanos()).isEqualTo(5_000_000_000L);
    assertThat(view.endEpochNanos()).isEqualTo(7_000_000_000L);
    assertThat(view.failed()).isTrue();
    assertThat(view.statusMessage()).isEqualTo("broken");
    assertThat(view.scopeName()).isEqualTo("scope");
    assertThat(view.scopeVersion()).isEqualTo("1.2");
    assertThat(view.resource().get("host.name")).isEqualTo(Value.of("box"));
    assertThat(view.events()).hasSize(1);
    assertThat(view.events().get(0).name()).isEqualTo("first");
    assertThat(view.events().get(0).epochNanos()).isEqualTo(6_000_000_000L);
    assertThat(view.events().get(0).attributes().get("n")).isEqualTo(Value.of(1));
  }

  @Test
  void scopeWithoutVersionHasAnEmptyOne() {
    assertThat(view(provider.get("bare").spanBuilder("s").startSpan()).scopeVersion()).isEmpty();
  }

  @Test
  void attributesOfEveryTypeAreValues() {
    Span span = tracer.spanBuilder("s").startSpan();
    span.setAttribute("text", "a");
    span.setAttribute("long", 3);
    span.setAttribute("double", 0.5);
    span.setAttribute("flag", true);
    span.setAttribute(AttributeKey.stringArrayKey("texts"), Arrays.asList("a", null));
    span.setAttribute(AttributeKey.longArrayKey("longs"), List.of(1L, 2L));
    Value<?> structured = Value.of(Value.of("x"), Value.of(1));
    span.setAttribute(AttributeKey.valueKey("structured"), structured);
    var attributes = view(span).attributes();

    assertThat(attributes.size()).isEqualTo(7);
    assertThat(attributes.get("text")).isEqualTo(Value.of("a"));
    assertThat(attributes.get("long")).isEqualTo(Value.of(3));
    assertThat(attributes.get("double")).isEqualTo(Value.of(0.5));
    assertThat(attributes.get("flag")).isEqualTo(Value.of(true));
    assertThat(attributes.get("texts")).isEqualTo(Value.of(Value.of("a"), Value.empty()));
    assertThat(attributes.get("longs")).isEqualTo(Value.of(Value.of(1), Value.of(2)));
    assertThat(attributes.get("structured")).isEqualTo(structured);
    assertThat(attributes.get("absent")).isNull();
  }

  private static SpanView view(Span span) {
    ReadableSpan readable = (ReadableSpan) span;
    return new SdkSpanView(readable, readable.getAttributes());
  }
}
