package dev.tallyspan.collector.output.recent;

import static dev.tallyspan.collector.output.recent.RecentTracesTest.span;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceForestTest {

  @Test
  void sumsContainEveryDescendantOnce() {
    TraceForest forest =
        TraceForest.of(
            List.of(
                span("t", "a", "", 1),
                span("t", "b", "a", 1),
                span("t", "c", "b", 1),
                span("t", "d", "a", 1)));

    assertThat(forest.parents).containsExactly(-1, 0, 1, 0);
    assertThat(forest.sums).extracting(it -> it.spans).containsExactly(4, 2, 1, 1);
  }

  @Test
  void spanWhoseParentIsMissingIsARoot() {
    assertThat(TraceForest.of(List.of(span("t", "a", "gone", 1))).parents).containsExactly(-1);
  }

  @Test
  void cycleIsCutAtItsEarliestSpan() {
    TraceForest forest =
        TraceForest.of(
            List.of(
                span("t", "a", "c", 1),
                span("t", "b", "a", 1),
                span("t", "c", "b", 1),
                span("t", "self", "self", 1),
                span("t", "below", "c", 1)));

    assertThat(forest.parents).containsExactly(-1, 0, 1, -1, 2);
    assertThat(forest.sums[0].spans).isEqualTo(4);
  }

  @Test
  void depthIsNotLimited() {
    List<RecentSpan> chain = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      chain.add(span("t", "s" + i, i == 0 ? "" : "s" + (i - 1), 1));
    }

    TraceForest forest = TraceForest.of(chain);

    assertThat(forest.sums[0].spans).isEqualTo(50_000);
    boolean[] branch = forest.branch(49_000);
    assertThat(branch[48_999]).isFalse();
    assertThat(branch[49_999]).isTrue();
  }
}
