package dev.tallyspan.collector.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class UnitSetPropertyTest {

  @Property
  void unionHoldsTheUnitsOfBoth(
      @ForAll @Size(max = 12) List<@IntRange(max = 30) Integer> a,
      @ForAll @Size(max = 12) List<@IntRange(max = 30) Integer> b) {
    UnitSet union = set(a).union(set(b));
    Set<Integer> expected = new TreeSet<>(a);
    expected.addAll(b);

    assertThat(union.size()).isEqualTo(expected.size());
    assertThat(union.isEmpty()).isEqualTo(expected.isEmpty());
    for (int unit = 0; unit <= 31; unit++) {
      assertThat(union.contains(unit)).isEqualTo(expected.contains(unit));
    }
    Set<Integer> inRanges = new TreeSet<>();
    int[] last = {-1};
    union.forEachRange(
        (from, to) -> {
          assertThat(from).isGreaterThan(last[0]).isLessThan(to);
          last[0] = to;
          for (int unit = from; unit < to; unit++) {
            inRanges.add(unit);
          }
        });
    assertThat(inRanges).isEqualTo(expected);
    assertThat(union).isEqualTo(set(b).union(set(a))).hasSameHashCodeAs(set(b).union(set(a)));
  }

  private static UnitSet set(List<Integer> units) {
    UnitSet set = UnitSet.EMPTY;
    for (int unit : units) {
      set = set.union(UnitSet.of(unit));
    }
    return set;
  }
}
