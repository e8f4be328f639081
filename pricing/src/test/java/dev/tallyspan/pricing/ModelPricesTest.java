package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelPricesTest {
  private static final Instant SEPTEMBER = Instant.parse("2026-09-01T00:00:00Z");

  private static final PriceCatalog CATALOG =
      Catalogs.of(
          """
          "m": {"aliases": ["mm"], "cards": [
            {"rates": {"input": "5/M"}},
            {"from": "2026-08-21", "rates": {"input": "4/M", "input_audio": "?"}},
            {"when": {"service_tier": "flex"}, "rates": {"input": "2/M"}}],
            "adjustments": [{"when": {"geo": ["eu", "us"]}, "factor": "1.1"}]},
          "gift": {"cards": [{"free": true}]}
          """);

  @Test
  void cardsInForceAreListedWithTheirTime() {
    ModelPrices prices = ModelPrices.of(CATALOG, "acme-ai", "mm", SEPTEMBER);

    assertThat(prices.key()).isEqualTo("acme/m");
    assertThat(prices.currency()).isEqualTo("USD");
    assertThat(prices.cards())
        .extracting(ModelPrices.Card::key)
        .containsExactlyInAnyOrder("acme/m", "acme/m#service_tier=flex");
    ModelPrices.Card standard =
        prices.cards().stream().filter(card -> card.key().equals("acme/m")).findFirst().get();
    assertThat(standard.from()).isEqualTo("2026-08-21T00:00:00Z");
    assertThat(standard.until()).isNull();
    assertThat(standard.rates()).containsEntry(Unit.INPUT, new BigDecimal("0.000004"));
    assertThat(standard.rates()).containsEntry(Unit.AUDIO_INPUT, null);
    assertThat(prices.factors()).singleElement().asString().startsWith("×1.1 where geo=");
  }

  @Test
  void earlierTimeHasTheEarlierCard() {
    ModelPrices prices =
        ModelPrices.of(CATALOG, "acme", "m", Instant.parse("2026-08-01T00:00:00Z"));

    assertThat(prices.cards().get(0).until()).isEqualTo("2026-08-21T00:00:00Z");
    assertThat(prices.cards().get(0).rates())
        .isEqualTo(Map.of(Unit.INPUT, new BigDecimal("0.000005")));
  }

  @Test
  void freeModelHasNoRates() {
    ModelPrices.Card card = ModelPrices.of(CATALOG, "acme", "gift", SEPTEMBER).cards().get(0);

    assertThat(card.free()).isTrue();
    assertThat(card.rates()).isEmpty();
  }

  @Test
  void unknownModelHasNone() {
    assertThat(ModelPrices.of(CATALOG, "acme", "unheard-of", SEPTEMBER)).isNull();
  }

  @Test
  void everyModelCounts() {
    assertThat(CATALOG.modelCount()).isEqualTo(2);
  }
}
