package dev.tallyspan.collector.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class UnitSetTest {

  @Test
  void adjacentRangesBecomeOne() {
    UnitSet set = UnitSet.range(0, 3).union(UnitSet.range(3, 5)).union(UnitSet.of(9));

    assertThat(set).hasToString("[0-4, 9]").isNotEqualTo(UnitSet.range(0, 5));
    assertThat(set.size()).isEqualTo(6);
  }

  @Test
  void emptyRangeIsTheEmptySet() {
    assertThat(UnitSet.range(7, 7)).isSameAs(UnitSet.EMPTY).hasToString("[]");
  }

  @Test
  void rangeThatEndsBeforeItStartsIsRejected() {
    assertThatIllegalArgumentException().isThrownBy(() -> UnitSet.range(2, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> UnitSet.range(-1, 1));
  }
}
