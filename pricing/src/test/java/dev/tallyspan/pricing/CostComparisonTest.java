package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class CostComparisonTest {
  private static final Price PRICE =
      Catalogs.ofCards("{\"rates\": {\"input\": \"2/M\"}}")
          .price(Catalogs.request(Usage.builder().set(Unit.INPUT, 1000)).build());

  @Test
  void differenceIsComputedLessReported() {
    CostComparison cost = CostComparison.compare(new BigDecimal("0.0016"), PRICE);

    assertThat(cost.delta()).isEqualByComparingTo("0.0004");
    assertThat(cost.relativeDelta()).isEqualByComparingTo("0.25");
    assertThat(cost.agrees(new BigDecimal("0.25"))).isTrue();
    assertThat(cost.agrees(new BigDecimal("0.24"))).isFalse();
  }

  @Test
  void nothingComputedIsNoAgreement() {
    CostComparison cost = new CostComparison(new BigDecimal("0.0016"), null);

    assertThat(cost.delta()).isNull();
    assertThat(cost.agrees(BigDecimal.ONE)).isFalse();
  }

  @Test
  void upstreamIsAddedOnlyWithAKeyOfOnesOwn() {
    BigDecimal cost = new BigDecimal("0.001");
    BigDecimal upstream = new BigDecimal("0.036");

    assertThat(CostComparison.ofOpenRouter(cost, /* byok= */ true, upstream))
        .isEqualByComparingTo("0.037");
    assertThat(CostComparison.ofOpenRouter(cost, /* byok= */ false, upstream))
        .isEqualByComparingTo("0.001");
  }

  @Test
  void reportedZeroHasNoRelativeDelta() {
    CostComparison cost = CostComparison.compare(BigDecimal.ZERO, PRICE);

    assertThat(cost.delta()).isEqualByComparingTo("0.002");
    assertThat(cost.relativeDelta()).isNull();
    assertThat(cost.agrees(BigDecimal.ONE)).isFalse();
  }

  @Test
  void upstreamThatIsNotReportedAddsNothing() {
    BigDecimal cost = new BigDecimal("0.001");

    assertThat(CostComparison.ofOpenRouter(cost, /* byok= */ true, null)).isEqualTo(cost);
  }
}
