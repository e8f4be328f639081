package dev.tallyspan.collector.output.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceStoreTest {

  @Test
  void oldestTraceGoesAsAWhole() {
    TraceStore store = TraceStore.builder().maxSpans(3).build();
    store.add(Rows.span("a", "a").of("t1").row());
    store.add(Rows.span("b", "b").of("t1").row());
    store.add(Rows.span("c", "c").of("t2").row());
    store.add(Rows.span("d", "d").of("t3").row());

    assertThat(store.spans()).extracting(SpanRow::spanId).containsExactly("c", "d");
    assertThat(store.stats().evictedTraces()).isEqualTo(1);
    assertThat(store.stats().evictedSpans()).isEqualTo(2);
    assertThat(store.stats().spans()).isEqualTo(2);
  }

  @Test
  void traceThatStillGetsSpansOutlivesIdleOnes() {
    TraceStore store = TraceStore.builder().maxSpans(3).build();
    store.add(Rows.span("a", "a").of("t1").row());
    store.add(Rows.span("b", "b").of("t2").row());
    store.add(Rows.span("c", "c").of("t1").row());
    store.add(Rows.span("d", "d").of("t3").row());

    assertThat(store.spans("t1")).hasSize(2);
    assertThat(store.spans("t2")).isEmpty();
  }

  @Test
  void lookingAtATraceDoesNotKeepIt() {
    TraceStore store = TraceStore.builder().maxSpans(2).build();
    store.add(Rows.span("a", "a").of("t1").row());
    store.add(Rows.span("b", "b").of("t2").row());
    store.spans("t1");
    store.add(Rows.span("c", "c").of("t3").row());

    assertThat(store.spans("t1")).isEmpty();
  }

  @Test
  void bytesAreBounded() {
    TraceStore store = TraceStore.builder().maxBytes(20_000).build();
    for (int i = 0; i < 50; i++) {
      store.add(Rows.span("s", "s").of("t" + i).with("text", "x".repeat(1_000)).row());
    }

    assertThat(store.stats().bytes()).isBetween(15_000L, 20_000L);
    assertThat(store.stats().evictedTraces() + store.stats().traces()).isEqualTo(50);
    assertThat(store.spans("t49")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "error.type",
        "user.id",
        "session.id",
        "gen_ai.provider.name",
        "gen_ai.request.model",
        "gen_ai.tool.name"
      })
  void everyTextOfASpanCountsTowardsTheBytes(String key) {
    TraceStore store = TraceStore.builder().maxBytes(10_000).build();

    store.add(Rows.chat("a", "gpt-4o").row());
    store.add(Rows.chat("b", "gpt-4o").with(key, "x".repeat(10_000)).row());

    assertThat(store.stats().refusedSpans()).isEqualTo(1);
  }

  @Test
  void spanLargerThanTheStoreIsRefused() {
    TraceStore store = TraceStore.builder().maxBytes(10_000).build();
    store.add(Rows.span("s", "x".repeat(10_000)).row());

    assertThat(store.stats().refusedSpans()).isEqualTo(1);
    assertThat(store.stats().traces()).isZero();
    assertThat(store.stats().bytes()).isZero();
  }

  @Test
  void traceThatFillsTheStoreKeepsItsFirstSpans() {
    TraceStore store = TraceStore.builder().maxSpans(2).build();
    store.add(Rows.span("a", "a").row());
    store.add(Rows.span("b", "b").row());
    store.add(Rows.span("c", "c").row());

    assertThat(store.spans()).extracting(SpanRow::spanId).containsExactly("a", "b");
    assertThat(store.stats().refusedSpans()).isEqualTo(1);
  }

  @Test
  void spanSentTwiceIsKeptOnceAsItWasLast() {
    TraceStore store = TraceStore.builder().build();
    store.add(Rows.chat("a", "gpt-4o").row());
    store.add(Rows.chat("a", "gpt-4o").priced("0.5").row());

    assertThat(store.spans()).singleElement().extracting(row -> row.llm().amount()).isNotNull();
    assertThat(store.stats().repeatedSpans()).isEqualTo(1);
    long bytes = store.stats().bytes();
    store.add(Rows.chat("a", "gpt-4o").priced("0.5").row());
    assertThat(store.stats().bytes()).isEqualTo(bytes);
  }

  @Test
  void waitsForSpansOfAnotherThread() throws Exception {
    TraceStore store = TraceStore.builder().build();
    CompletableFuture<Void> adding =
        CompletableFuture.runAsync(() -> store.add(Rows.span("a", "a").row()));

    assertThat(store.await(1, Duration.ofSeconds(60))).isTrue();
    assertThat(store.await(2, Duration.ofMillis(1))).isFalse();
    adding.get();
  }

  @Test
  void boundsMustBePositive() {
    assertThatThrownBy(() -> TraceStore.builder().maxSpans(0).build())
        .hasMessage("maxSpans=0: must be positive");
    assertThatThrownBy(() -> TraceStore.builder().maxBytes(-1).build())
        .hasMessage("maxBytes=-1: must be positive");
  }

  @Test
  void rowDoesNotSpellItsContent() {
    SpanRow row = Rows.span("a", "a").with("gen_ai.prompt", "a secret").failed("a secret").row();

    assertThat(row.toString()).doesNotContain("secret");
  }
}
