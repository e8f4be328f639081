package dev.tallyspan.collector.output.recent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentTracesTest {

  private Instant now = Instant.parse("2026-11-28T12:00:00Z");

  @Test
  void traceThatWasQuietLongestMakesRoomForANewOne() {
    RecentTraces store = RecentTraces.builder().maxTraces(2).build();

    store.add(List.of(span("a", "1", 10)));
    store.add(List.of(span("b", "1", 10)));
    store.add(List.of(span("a", "2", 10)));
    store.add(List.of(span("c", "1", 10)));

    assertThat(store.trace("b")).isNull();
    assertThat(store.trace("a")).isNotNull();
    assertThat(store.stats().evictedTraces()).isEqualTo(1);
    assertThat(store.stats().evictedSpans()).isEqualTo(1);
  }

  @Test
  void sizeStaysWithinItsLimit() {
    RecentTraces store = RecentTraces.builder().maxBytes(100_000).build();

    for (int i = 0; i < 500; i++) {
      store.add(List.of(span("t" + i, "1", 1_000)));
      assertThat(store.stats().bytes()).isLessThanOrEqualTo(100_000);
    }

    assertThat(store.stats().traces()).isBetween(40, 99);
    assertThat(store.trace("t499")).isNotNull();
  }

  @Test
  void traceThatFillsTheStoreKeepsItsFirstSpans() {
    RecentTraces store = RecentTraces.builder().maxBytes(10_000).build();

    for (int i = 0; i < 50; i++) {
      store.add(List.of(span("a", "s" + i, 1_000)));
    }

    TraceSummary trace = store.trace("a");
    assertThat(trace).isNotNull();
    assertThat(trace.spans).extracting(RecentSpan::key).startsWith("s0", "s1");
    assertThat(store.stats().refusedSpans()).isEqualTo(50 - trace.spans.size());
  }

  @Test
  void spanThatIsLargerThanTheStoreLeavesNoEmptyTrace() {
    RecentTraces store = RecentTraces.builder().maxBytes(10_000).build();

    store.add(List.of(span("a", "1", 20_000)));

    assertThat(store.trace("a")).isNull();
    assertThat(store.stats().traces()).isZero();
    assertThat(store.stats().bytes()).isZero();
    assertThat(store.stats().refusedSpans()).isEqualTo(1);
  }

  @Test
  void traceLeavesWhenItIsOld() {
    RecentTraces store =
        RecentTraces.builder().maxAge(Duration.ofHours(1)).clock(() -> now).build();
    store.add(List.of(span("a", "1", 10)));
    now = now.plus(Duration.ofMinutes(40));
    store.add(List.of(span("b", "1", 10)));

    now = now.plus(Duration.ofMinutes(30));

    assertThat(store.trace("a")).isNull();
    assertThat(store.summaries()).extracting(it -> it.traceId).containsExactly("b");
  }

  @Test
  void replacedSpanCountsOnce() {
    RecentTraces store = RecentTraces.builder().build();
    store.add(List.of(span("a", "1", 1_000)));
    long before = store.stats().bytes();

    store.add(List.of(span("a", "1", 3_000)));

    assertThat(store.stats().bytes()).isEqualTo(before + 2_000);
    assertThat(store.stats().spans()).isEqualTo(1);
  }

  @Test
  void listenerReceivesWhichTracesChanged() {
    RecentTraces store = RecentTraces.builder().build();
    List<Set<String>> changes = new ArrayList<>();
    store.onChange(changes::add);

    store.add(List.of(span("a", "1", 10), span("a", "2", 10), span("b", "1", 10)));

    assertThat(changes).containsExactly(Set.of("a", "b"));
  }

  @Test
  void limitsMustBePositive() {
    assertThatThrownBy(() -> RecentTraces.builder().maxTraces(0).build())
        .hasMessage("maxTraces=0: must be positive");
    assertThatThrownBy(() -> RecentTraces.builder().maxBytes(0).build())
        .hasMessage("maxBytes=0: must be positive");
    assertThatThrownBy(() -> RecentTraces.builder().maxAge(Duration.ZERO).build())
        .hasMessage("maxAge=PT0S: must be positive");
  }

  static RecentSpan span(String traceId, String key, int detailBytes) {
    return span(traceId, key, "", detailBytes);
  }

  static RecentSpan span(String traceId, String key, String parent, int detailBytes) {
    return new RecentSpan(
        traceId,
        key,
        parent,
        "name",
        "service",
        1_795_000_000_000_000_000L,
        1_795_000_001_000_000_000L,
        /* failed= */ false,
        "",
        "",
        "",
        "",
        "",
        /* llm= */ null,
        /* redacted= */ false,
        /* scores= */ List.of(),
        new byte[detailBytes]);
  }
}
