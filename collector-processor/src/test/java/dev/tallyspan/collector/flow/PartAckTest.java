package dev.tallyspan.collector.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartAckTest {

  private final List<Outcome> outcomes = new ArrayList<>();
  private final BitSet units = BitSet.valueOf(new long[] {0b1011_0010});

  @Test
  void refusedUnitsHaveTheirPlaceInTheWhole() {
    Ack part = new PartAck(new SenderAck(outcomes::add), units);

    part.settle(new Outcome.Partial(3, UnitSet.range(1, 4), "too large"));

    assertThat(outcomes)
        .containsExactly(
            new Outcome.Partial(3, UnitSet.range(4, 6).union(UnitSet.of(7)), "too large"));
  }

  @Test
  void unitsThatThePartDoesNotHaveAreUnknown() {
    Ack part = new PartAck(new SenderAck(outcomes::add), units);

    part.settle(new Outcome.Partial(1, UnitSet.of(9), "too large"));

    assertThat(outcomes).containsExactly(new Outcome.Partial(1, UnitSet.EMPTY, "too large"));
  }

  @Test
  void everyShareIsOfThePart() {
    Ack part = new PartAck(new SenderAck(outcomes::add), units);
    Ack other = part.retain();

    part.settle(Outcome.ACCEPTED);
    assertThat(outcomes).isEmpty();
    other.settle(new Outcome.Partial(1, UnitSet.of(0), "too large"));

    assertThat(outcomes).containsExactly(new Outcome.Partial(1, UnitSet.of(1), "too large"));
  }

  @Test
  void partThatIsRefusedPermanentlyIsARejectedPartOfTheWhole() {
    SenderAck whole = new SenderAck(outcomes::add);
    Ack rest = whole.retain();
    new PartAck(whole, units)
        .settle(Outcome.refused(StatusCode.INVALID_ARGUMENT, "not understood"));
    rest.settle(Outcome.ACCEPTED);

    assertThat(outcomes).singleElement().isInstanceOf(Outcome.Partial.class);
    Outcome.Partial outcome = (Outcome.Partial) outcomes.get(0);
    assertThat(outcome.rejected()).isEqualTo(units.cardinality());
    assertThat(outcome.units().size()).isEqualTo(units.cardinality());
    assertThat(outcome.message()).isEqualTo("not understood");
  }

  @Test
  void unitsOfSeveralPartsThatWereRejectedAreAddedUp() {
    SenderAck whole = new SenderAck(outcomes::add);
    Ack other = whole.retain();
    whole.settle(new Outcome.Partial(1, UnitSet.of(3), "a"));
    other.settle(new Outcome.Partial(1, UnitSet.of(7), "b"));

    assertThat(outcomes)
        .containsExactly(new Outcome.Partial(2, UnitSet.of(3).union(UnitSet.of(7)), "a"));
  }
}
