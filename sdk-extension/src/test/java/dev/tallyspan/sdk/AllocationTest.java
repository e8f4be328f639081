package dev.tallyspan.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.internal.ExtendedSpanProcessor;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class AllocationTest {

  private static final int SPANS = 10_000;

  /**
   * Enough for the compiler, which decides what of the SDK's own is allocated, to have finished.
   */
  private static final int MOST_RUNS = 20;

  /** Compared with a processor that does nothing, since the SDK itself allocates to call it. */
  @Test
  void spanOfSomethingElseAllocatesNothing() {
    assertThat(LiveAttributes.areNotCopied()).isTrue();
    long without = Long.MAX_VALUE;
    long with = Long.MAX_VALUE;
    for (int run = 0; run < MOST_RUNS && (run == 0 || with - without >= 8); run++) {
      without = Math.min(without, bytesPerSpan(new Idle()));
      with = Math.min(with, bytesPerSpan(LlmEnrichment.create().spanProcessor()));
    }

    assertThat(with - without).isLessThan(8);
  }

  private static long bytesPerSpan(SpanProcessor processor) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(processor)
            .addSpanProcessor(new Idle())
            .build()) {
      Tracer tracer = provider.get("http");
      long start = 0;
      for (int i = 0; i < 2 * SPANS; i++) {
        if (i == SPANS) {
          start = threads.getCurrentThreadAllocatedBytes();
        }
        tracer
            .spanBuilder("GET /orders/{id}")
            .setAttribute("http.request.method", "GET")
            .setAttribute("http.response.status_code", 200)
            .setAttribute("http.route", "/orders/{id}")
            .setAttribute("url.path", "/orders/1")
            .setAttribute("url.scheme", "https")
            .setAttribute("server.address", "localhost")
            .setAttribute("server.port", 8080)
            .setAttribute("network.protocol.version", "1.1")
            .setAttribute("thread.id", 1)
            .setAttribute("thread.name", "main")
            .startSpan()
            .end();
      }
      return (threads.getCurrentThreadAllocatedBytes() - start) / SPANS;
    }
  }

  private static final class Idle implements ExtendedSpanProcessor {

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return true;
    }

    @Override
    public void onEnding(ReadWriteSpan span) {}

    @Override
    public boolean isOnEndingRequired() {
      return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
      return false;
    }
  }
}
