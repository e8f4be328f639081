package dev.tallyspan.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PendingSumsTest {

  private final SdkTracerProvider provider =
      SdkTracerProvider.builder()
          .addSpanProcessor(SimpleSpanProcessor.create(InMemorySpanExporter.create()))
          .build();
  private final PendingSums pending = new PendingSums();

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void whatChildrenLeaveIsTakenOnce() {
    Span parent = span(Context.root());
    pending.leave((ReadableSpan) child(parent), failure());
    pending.leave((ReadableSpan) child(parent), failure());

    assertThat(pending.take((ReadableSpan) parent).rollup.errors()).isEqualTo(2);
    assertThat(pending.take((ReadableSpan) parent)).isNull();
    assertThat(pending.size()).isZero();
  }

  @Test
  void rootLeavesNothing() {
    assertThat(pending.leave((ReadableSpan) span(Context.root()), failure())).isTrue();
    assertThat(pending.size()).isZero();
  }

  @Test
  void oldestIsGivenUpIfTooManyParentsDoNotEnd() {
    List<Span> parents = new ArrayList<>();
    boolean complete = true;
    for (int i = 0; i < PendingSums.MAX_SPANS + 1; i++) {
      parents.add(span(Context.root()));
      complete = pending.leave((ReadableSpan) child(parents.get(i)), failure());
    }

    assertThat(complete).isFalse();
    assertThat(pending.size()).isEqualTo(PendingSums.MAX_SPANS);
    assertThat(pending.take((ReadableSpan) parents.get(0))).isNull();
    assertThat(pending.take((ReadableSpan) parents.get(1))).isNotNull();
  }

  @Test
  void longAgentIsNotGivenUpForMoreShortOnesThanFit() {
    Span agent = span(Context.root());
    pending.leave((ReadableSpan) child(agent), failure());
    for (int i = 0; i < 2 * PendingSums.MAX_SPANS; i++) {
      Span other = span(Context.root());
      assertThat(pending.leave((ReadableSpan) child(other), failure())).isTrue();
      pending.take((ReadableSpan) other);
    }

    assertThat(pending.take((ReadableSpan) agent)).isNotNull();
  }

  @Test
  void childrenThatEndAtTheSameTimeAreAllCounted() throws InterruptedException {
    Span parent = span(Context.root());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int j = 0; j < 500; j++) {
                  pending.leave((ReadableSpan) child(parent), failure());
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(pending.take((ReadableSpan) parent).rollup.errors()).isEqualTo(2000);
  }

  private Span span(Context parent) {
    return provider.get("app").spanBuilder("span").setParent(parent).startSpan();
  }

  private Span child(Span parent) {
    return span(Context.root().with(parent));
  }

  private static SpanSums failure() {
    SpanSums sums = new SpanSums();
    sums.rollup.addError();
    return sums;
  }
}
