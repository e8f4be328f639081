package dev.tallyspan.collector.output.recent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.wire.TraceId;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadingBudgetTest {

  private static final int TRACES = 1000;

  /** Bytes. */
  private static final long STORE = 120_000_000;

  private long now;
  private long cpu;
  private final ReadingBudget budget = new ReadingBudget(() -> now, () -> cpu, STORE);

  private Set<TraceId> allowed() {
    double share = budget.share();
    return IntStream.range(0, TRACES)
        .mapToObj(i -> new TraceId(0, i))
        .filter(trace -> ReadingBudget.isIn(share, trace))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** One second in which all traces arrive, if reading all of them takes so long. */
  private int second(Duration all) {
    budget.begin();
    int read = allowed().size();
    cpu += all.toNanos() * read / TRACES;
    budget.end(0);
    now += Duration.ofSeconds(1).toNanos();
    return read;
  }

  @Test
  void everythingIsReadWhileItTakesLessThanTheBudget() {
    for (int i = 0; i < 1000; i++) {
      assertThat(second(Duration.ofMillis(99))).isEqualTo(TRACES);
    }
  }

  @Test
  void aBurstIsReadAsAWhole() {
    assertThat(second(Duration.ofMillis(1000))).isEqualTo(TRACES);
    assertThat(second(Duration.ofMillis(10))).isEqualTo(TRACES);
  }

  @Test
  void ofTooMuchTheShareIsReadThatTheBudgetAllows() {
    int read = 0;
    for (int i = 0; i < 200; i++) {
      int now = second(Duration.ofMillis(800));
      read += i >= 100 ? now : 0;
    }

    assertThat(read / 100.0 / TRACES).isBetween(0.11, 0.14);
  }

  /** One second in which all traces arrive, if they have so many bytes. */
  private int second(long bytes) {
    budget.begin();
    int read = allowed().size();
    budget.end(bytes * read / TRACES);
    now += Duration.ofSeconds(1).toNanos();
    return read;
  }

  @Test
  void everythingIsReadWhileItFillsTheStoreInAMinute() {
    for (int i = 0; i < 1000; i++) {
      assertThat(second(STORE / 60)).isEqualTo(TRACES);
    }
  }

  @Test
  void ofWhatWouldFillTheStoreFasterAShareIsRead() {
    assertThat(second(STORE / 2)).isEqualTo(TRACES);
    long read = 0;
    for (int i = 0; i < 200; i++) {
      int now = second(STORE / 6);
      read += i >= 100 ? now : 0;
    }

    assertThat(read / 100.0 / TRACES).isBetween(0.09, 0.11);
  }

  @Test
  void aSmallerShareIsPartOfALargerOne() {
    for (int i = 0; i < 6; i++) {
      second(Duration.ofMillis(800));
    }
    Set<TraceId> before = allowed();
    for (int i = 0; i < 6; i++) {
      second(Duration.ofMillis(800));
    }

    assertThat(allowed()).isNotEmpty().hasSizeLessThan(before.size());
    assertThat(before).containsAll(allowed());
  }

  @Test
  void everythingIsReadAgainWhenLessArrives() {
    for (int i = 0; i < 100; i++) {
      second(Duration.ofMillis(800));
    }
    assertThat(second(Duration.ofMillis(1))).isLessThan(TRACES);
    now += Duration.ofSeconds(60).toNanos();

    assertThat(second(Duration.ofMillis(10))).isEqualTo(TRACES);
  }

  @Test
  void afterOneHugeReadingNothingIsReadUntilItIsMadeUpFor() {
    second(Duration.ofSeconds(8));

    assertThat(second(Duration.ofMillis(10))).isZero();
    now += Duration.ofSeconds(80).toNanos();
    assertThat(second(Duration.ofMillis(10))).isEqualTo(TRACES);
  }
}
