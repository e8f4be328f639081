package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** What a price that is not complete says of what it leaves out. */
class IncompletePriceTest {
  private static final String PLAIN = "{\"rates\": {\"input\": \"2/M\", \"output\": \"10/M\"}}";

  @Test
  void completePriceMissesNothing() {
    Price price = price(PLAIN, Usage.builder().set(Unit.INPUT, 1000));

    assertThat(price.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(price.missing()).isEmpty();
    assertThat(price.reason()).isNull();
  }

  @Test
  void unitWithoutARateIsNamed() {
    Price price = price(PLAIN, Usage.builder().set(Unit.INPUT, 1000).set(Unit.WEB_SEARCH, 3));

    assertThat(price.missing()).containsExactly("web_searches");
  }

  @Test
  void unitThatNobodyKnowsLeavesThePricePartial() {
    Price price = price(PLAIN, Usage.builder().set(Unit.INPUT, 1000).add("loaves", 3));

    assertThat(price.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(price.total()).isEqualTo(new BigDecimal("0.002"));
    assertThat(price.missing()).containsExactly("loaves");
    assertThat(price.reason()).isEqualTo("unknown unit loaves");
  }

  @Test
  void unknownUnitAloneIsUnpricedAndNotNoUsage() {
    Price price = price(PLAIN, Usage.builder().add("loaves", 3));

    assertThat(price.status()).isEqualTo(PriceStatus.UNPRICED);
    assertThat(price.total()).isNull();
    assertThat(price.priceKey()).isEqualTo("acme/m");
    assertThat(price.missing()).containsExactly("loaves");
  }

  @Test
  void noneOfAnUnknownUnitIsNothing() {
    Price price = price(PLAIN, Usage.builder().set(Unit.INPUT, 1000).add("loaves", 0));

    assertThat(price.status()).isEqualTo(PriceStatus.PRICED);
  }

  @Test
  void freeModelIsFreeWhateverWasUsed() {
    Price price = price("{\"free\": true}", Usage.builder().set(Unit.INPUT, 9).add("loaves", 3));

    assertThat(price.status()).isEqualTo(PriceStatus.FREE);
    assertThat(price.missing()).isEmpty();
  }

  @Test
  void lowerBoundNamesItsUnit() {
    String card = "{\"rates\": {\"input\": \"2/M\", \"cache_write_5m\": \"2.5/M\"}}";

    Price price = price(card, Usage.builder().set(Unit.CACHE_WRITE_1H, 1000).add("loaves", 1));

    assertThat(price.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(price.missing()).containsExactly("loaves", "cache_write_1h");
    assertThat(price.reason())
        .isEqualTo(
            "unknown unit loaves; acme/m has no rate for cache_write_1h, and the default rate is lower");
  }

  @Test
  void unpricedCallSaysWhy() {
    PriceCatalog catalog = Catalogs.ofCards(PLAIN);
    Usage.Builder usage = Usage.builder().set(Unit.INPUT, 1);

    assertThat(catalog.price(Catalogs.request(Usage.builder()).build()).missing())
        .containsExactly("no_usage");
    assertThat(catalog.price(Catalogs.request(usage).responseModel("x").build()).missing())
        .containsExactly("unknown_model");
    assertThat(catalog.price(Catalogs.request(usage).provider("x").build()).missing())
        .containsExactly("unknown_provider");
    assertThat(
            catalog.price(Catalogs.request(usage).when("service_tier", "flex").build()).missing())
        .containsExactly("service_tier=flex");
  }

  private static Price price(String cards, Usage.Builder usage) {
    return Catalogs.ofCards(cards).price(Catalogs.request(usage).build());
  }
}
