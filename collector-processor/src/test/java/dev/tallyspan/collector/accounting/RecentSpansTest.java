package dev.tallyspan.collector.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.accounting.CountedSpan.Counts;
import org.junit.jupiter.api.Test;

class RecentSpansTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final RecentSpans recent = new RecentSpans();

  @Test
  void remembersTheLast65536Spans() {
    for (int i = 1; i <= 1 << 18; i++) {
      assertThat(see(i)).isEqualTo(Counts.BILLED);
    }

    for (int i = (1 << 18) - (1 << 16) + 1; i <= 1 << 18; i++) {
      assertThat(see(i)).isEqualTo(Counts.REPEATED);
    }
  }

  @Test
  void forgetsOlderSpans() {
    for (int i = 1; i <= 1 << 18; i++) {
      see(i);
    }

    assertThat(see(1)).isEqualTo(Counts.BILLED);
  }

  @Test
  void sameSpanIdInAnotherTraceIsAnotherSpan() {
    see(1);

    assertThat(recent.see(TRACE.replace('c', 'd'), "0000000000000001", Counts.BILLED))
        .isEqualTo(Counts.BILLED);
  }

  @Test
  void billedSpanIsNotCountedAgainWhateverItIsLater() {
    see(1);

    for (Counts later : new Counts[] {Counts.BILLED, Counts.NOT_BILLED, Counts.DUPLICATE}) {
      assertThat(recent.see(TRACE, "0000000000000001", later)).isEqualTo(Counts.REPEATED);
    }
  }

  @Test
  void duplicateIsNotBilledLater() {
    assertThat(recent.see(TRACE, "0000000000000001", Counts.DUPLICATE)).isEqualTo(Counts.DUPLICATE);

    assertThat(see(1)).isEqualTo(Counts.REPEATED);
  }

  private Counts see(int span) {
    return recent.see(TRACE, "%016x".formatted(span), Counts.BILLED);
  }
}
