package dev.tallyspan.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveSpansTest {

  private static final ContextKey<Integer> NUMBER = ContextKey.named("number");

  private final SdkTracerProvider provider =
      SdkTracerProvider.builder()
          .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
          .build();
  private final LiveSpans live = new LiveSpans();

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void spanIsFoundWithItsContextUntilItEnds() {
    ReadableSpan span = span();
    Context context = Context.root().with(NUMBER, 1);

    live.started(context, span);
    assertThat(live.contextOf(span)).isSameAs(context);
    assertThat(live.find(span.getSpanContext())).isSameAs(span);

    live.ended(span);
    assertThat(live.contextOf(span)).isNull();
    assertThat(live.find(span.getSpanContext())).isNull();
  }

  @Test
  void spansBeyondTheRoomAreNotFoundAndDisplaceNoOther() {
    Map<ReadableSpan, Context> started = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      ReadableSpan span = span();
      Context context = Context.root().with(NUMBER, i);
      live.started(context, span);
      started.put(span, context);
    }
    int found = 0;
    for (Map.Entry<ReadableSpan, Context> each : started.entrySet()) {
      Context context = live.contextOf(each.getKey());
      if (context != null) {
        assertThat(context).isSameAs(each.getValue());
        found++;
      }
    }
    assertThat(found).isBetween(6_000, 8_192);
  }

  @Test
  void thousandSpansAtATimeAllHaveRoom() {
    for (int i = 0; i < 1_000; i++) {
      ReadableSpan span = span();
      live.started(Context.root(), span);
      assertThat(live.contextOf(span)).isNotNull();
    }
  }

  private ReadableSpan span() {
    Span span = provider.get("app").spanBuilder("span").setNoParent().startSpan();
    return (ReadableSpan) span;
  }
}
