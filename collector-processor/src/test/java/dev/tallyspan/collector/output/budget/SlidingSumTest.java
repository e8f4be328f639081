package dev.tallyspan.collector.output.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SlidingSumTest {

  /** A minute, in buckets of a second. */
  private static final long WINDOW = 60_000;

  @Test
  void amountCountsForAboutTheWindow() {
    SlidingSum sum = new SlidingSum(WINDOW);
    sum.add(5, 10_000);

    assertThat(sum.sum(10_000)).isEqualTo(5);
    assertThat(sum.sum(69_000)).isEqualTo(5);
    assertThat(sum.sum(70_000)).isZero();
  }

  @Test
  void clockThatGoesBackLosesNothing() {
    SlidingSum sum = new SlidingSum(WINDOW);
    sum.add(5, 100_000);
    sum.add(7, 20_000);

    assertThat(sum.sum(100_000)).isEqualTo(12);
  }

  /** At each time, the sum has all amounts younger than 59 buckets, and none older than 60. */
  @Property
  void sumIsThatOfTheWindow(@ForAll @Size(max = 60) List<@IntRange(max = 20_000) Integer> gaps) {
    SlidingSum sum = new SlidingSum(WINDOW);
    long now = 1_795_000_000_123L;
    long[] times = new long[gaps.size()];
    for (int i = 0; i < times.length; i++) {
      now += gaps.get(i);
      times[i] = now;
      sum.add(1, now);
      double least = 0;
      double most = 0;
      for (int j = 0; j <= i; j++) {
        least += now - times[j] <= WINDOW - 1000 ? 1 : 0;
        most += now - times[j] < WINDOW ? 1 : 0;
      }
      assertThat(sum.sum(now)).isBetween(least, most);
    }
  }
}
