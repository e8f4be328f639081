package dev.tallyspan.semconv.span;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.tallyspan.semconv.TestSpan;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostTest {

  private static Cost.Builder priced() {
    return Cost.builder(Cost.Status.PRICED)
        .total(0.0075, "0.0075", "USD")
        .part(Cost.Part.INPUT, 0.0025)
        .part(Cost.Part.OUTPUT, 0.005)
        .part(Cost.Part.TOOL, 0)
        .priceKey("openai/gpt-4o")
        .catalogVersion("2026-11-22");
  }

  @Test
  void pricedCallShowsTotalPartsAndCard() {
    assertThat(TestSpan.edits(edits -> priced().build().render(edits, false)))
        .containsOnly(
            entry("tallyspan.cost.status", "priced"),
            entry("tallyspan.cost.total", 0.0075),
            entry("tallyspan.cost.total_exact", "0.0075"),
            entry("tallyspan.cost.currency", "USD"),
            entry("tallyspan.cost.input", 0.0025),
            entry("tallyspan.cost.output", 0.005),
            entry("tallyspan.cost.price", "openai/gpt-4o"),
            entry("tallyspan.cost.catalog", "2026-11-22"));
  }

  @Test
  void totalInDollarsIsAlsoWrittenForOtherBackends() {
    assertThat(TestSpan.edits(edits -> priced().build().render(edits, true)))
        .containsEntry("gen_ai.usage.cost", 0.0075);
    assertThat(TestSpan.edits(edits -> priced().total(1, "1", "EUR").build().render(edits, true)))
        .doesNotContainKey("gen_ai.usage.cost");
  }

  @Test
  void convertedCostShowsWhatItWas() {
    Cost cost =
        priced().total(0.0069, "0.0069", "EUR").convertedFrom("0.0075", "USD", "0.92").build();
    assertThat(TestSpan.edits(edits -> cost.render(edits, true)))
        .contains(
            entry("tallyspan.cost.total_exact", "0.0069"),
            entry("tallyspan.cost.currency", "EUR"),
            entry("tallyspan.cost.original.total_exact", "0.0075"),
            entry("tallyspan.cost.original.currency", "USD"),
            entry("tallyspan.cost.exchange_rate", "0.92"),
            entry("gen_ai.usage.cost", 0.0075));
  }

  @Test
  void duplicateNamesTheSpanThatBills() {
    Map<String, Object> out =
        TestSpan.edits(
            edits ->
                Cost.builder(Cost.Status.DUPLICATE)
                    .duplicateOf("b7ad6b7169203331")
                    .build()
                    .render(edits, true));
    assertThat(out)
        .containsOnly(
            entry("tallyspan.cost.status", "duplicate"),
            entry("tallyspan.cost.duplicate_of", "b7ad6b7169203331"));
  }

  @Test
  void unpricedHasNoTotal() {
    assertThatThrownBy(() -> Cost.builder(Cost.Status.UNPRICED).total(0, "0", "USD").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("status=unpriced");
    assertThatThrownBy(() -> Cost.builder(Cost.Status.PRICED).build())
        .hasMessageContaining("status=priced");
  }
}
