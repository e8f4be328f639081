package dev.tallyspan.collector.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SequenceSetTest {

  @Property
  void holdsWhatWasAdded(
      @ForAll List<@IntRange(max = 40) Integer> starts,
      @ForAll List<@IntRange(max = 6) Integer> lengths) {
    SequenceSet set = new SequenceSet();
    TreeSet<Long> expected = new TreeSet<>();
    for (int i = 0; i < Math.min(starts.size(), lengths.size()); i++) {
      long first = starts.get(i);
      long last = first + lengths.get(i) - 1;
      set.add(first, last);
      for (long number = first; number <= last; number++) {
        expected.add(number);
      }
    }

    for (long number = 0; number < 50; number++) {
      assertThat(set.contains(number)).isEqualTo(expected.contains(number));
      long missing = number;
      while (expected.contains(missing)) {
        missing++;
      }
      assertThat(set.firstMissing(number)).isEqualTo(missing);
    }
    assertThat(new SequenceSet(set.ranges()).ranges())
        .usingRecursiveComparison()
        .isEqualTo(set.ranges());
    for (int i = 1; i < set.ranges().size(); i++) {
      assertThat(set.ranges().get(i)[0]).isGreaterThan(set.ranges().get(i - 1)[1] + 1);
    }
  }
}
