package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PriceTest {
  private static final String PLAIN = "{\"rates\": {\"input\": \"2/M\", \"output\": \"10/M\"}}";

  @Test
  void unitWithoutARateIsBilledAsWhatItIsASpecialCaseOf() {
    Price price =
        price(
            PLAIN,
            Usage.builder()
                .set(Unit.INPUT, 1000)
                .set(Unit.CACHE_READ, 1000)
                .set(Unit.REASONING, 100));

    assertThat(price.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(price.total()).isEqualTo(new BigDecimal("0.005"));
    assertThat(price.part(CostPart.CACHE_READ)).isEqualTo(new BigDecimal("0.002"));
    assertThat(price.part(CostPart.REASONING)).isEqualTo(new BigDecimal("0.001"));
  }

  @Test
  void unitOfItsOwnWithoutARateLeavesThePricePartial() {
    Price price = price(PLAIN, Usage.builder().set(Unit.INPUT, 1000).set(Unit.WEB_SEARCH, 3));

    assertThat(price.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(price.total()).isEqualTo(new BigDecimal("0.002"));
    assertThat(price.reason()).isEqualTo("acme/m has no rate for web_searches");
  }

  @Test
  void onlyUnitsWithoutARateLeaveItUnpriced() {
    Price price = price(PLAIN, Usage.builder().set(Unit.WEB_SEARCH, 3));

    assertThat(price.status()).isEqualTo(PriceStatus.UNPRICED);
    assertThat(price.total()).isNull();
    assertThat(price.priceKey()).isEqualTo("acme/m");
  }

  @Test
  void hourOfCacheAtTheDefaultRateIsALowerBound() {
    String card = "{\"rates\": {\"input\": \"2/M\", \"cache_write_5m\": \"2.5/M\"}}";

    Price price = price(card, Usage.builder().set(Unit.CACHE_WRITE_1H, 1000));

    assertThat(price.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(price.total()).isEqualTo(new BigDecimal("0.0025"));
  }

  @Test
  void cachedAudioIsNotGuessedFromFreshAudio() {
    String card =
        "{\"rates\": {\"input\": \"2/M\", \"cache_read\": \"1/M\", \"input_audio\": \"40/M\"}}";

    Price price = price(card, Usage.builder().set(Unit.INPUT, 10).set(Unit.AUDIO_CACHE_READ, 1000));

    assertThat(price.status()).isEqualTo(PriceStatus.PARTIAL);
    assertThat(price.reason()).contains("cache_read_audio");
  }

  @Test
  void chargeThatCannotBeToldLeavesThePricePartial() {
    String card = "{\"rates\": {\"input\": \"2/M\", \"requests\": \"?\"}}";

    Price price = price(card, Usage.builder().set(Unit.INPUT, 1000).set(Unit.REQUEST, 1));

    assertThat(price.status()).isEqualTo(PriceStatus.PARTIAL);
  }

  @Test
  void requestCostsNothingOnACardThatIsSilentAboutIt() {
    Price price = price(PLAIN, Usage.builder().set(Unit.INPUT, 1000).set(Unit.REQUEST, 1));

    assertThat(price.status()).isEqualTo(PriceStatus.PRICED);
    assertThat(price.total()).isEqualTo(new BigDecimal("0.002"));
  }

  @Test
  void searchesOfOneGroundedPromptAreOneFee() {
    String card = "{\"rates\": {\"input\": \"2/M\", \"grounded_prompts\": \"35/k\"}}";

    assertThat(price(card, Usage.builder().set(Unit.WEB_SEARCH, 4)).total())
        .isEqualTo(new BigDecimal("0.035"));
    assertThat(
            price(card, Usage.builder().set(Unit.WEB_SEARCH, 4).set(Unit.GROUNDED_PROMPT, 1))
                .total())
        .isEqualTo(new BigDecimal("0.035"));
  }

  @Test
  void freeCardCostsNothingWhateverWasUsed() {
    Price price = price("{\"free\": true}", Usage.builder().set(Unit.WEB_SEARCH, 4));

    assertThat(price.status()).isEqualTo(PriceStatus.FREE);
    assertThat(price.total()).isEqualByComparingTo("0");
  }

  @Test
  void emptyUsageIsUnpriced() {
    Price price = price(PLAIN, Usage.builder());

    assertThat(price.status()).isEqualTo(PriceStatus.UNPRICED);
    assertThat(price.reason()).isEqualTo("the call reports no usage");
  }

  @Test
  void negativeQuantityThatASourceReportsIsUnpriced() {
    Price price = price(PLAIN, Usage.builder().set(Unit.INPUT, 10).addReported("output", -1));

    assertThat(price.status()).isEqualTo(PriceStatus.UNPRICED);
    assertThat(price.reason()).isEqualTo("the quantity of output is negative");
  }

  @Test
  void amountsBeyondLongStayExact() {
    Price price = price(PLAIN, Usage.builder().set(Unit.INPUT, Long.MAX_VALUE).set(Unit.OUTPUT, 1));

    assertThat(price.total()).isEqualTo(new BigDecimal("18446744073709.551624"));
    assertThat(price.totalAsDouble()).isEqualTo(18446744073709.551624);
  }

  @Test
  void rateWithoutAFiniteDecimalIsMultipliedBeforeItIsDivided() {
    String card =
        "{\"rates\": {\"input_audio_seconds\": \"0.111/3600\"}, \"minimum\": {\"input_audio_seconds\": 10}}";

    Price price = price(card, Usage.builder().set(Unit.AUDIO_INPUT_SECONDS, 125_500));
    Price short_ = price(card, Usage.builder().set(Unit.AUDIO_INPUT_SECONDS, 3_000));

    assertThat(price.total()).isEqualTo(new BigDecimal("0.003869583333333333"));
    assertThat(short_.total()).isEqualTo(new BigDecimal("0.000308333333333333"));
    assertThat(short_.items().get(0).quantity()).isEqualTo(10_000);
  }

  @Test
  void tierWithoutACardIsUnpricedRatherThanStandard() {
    Price price =
        Catalogs.ofCards(PLAIN)
            .price(
                Catalogs.request(Usage.builder().set(Unit.INPUT, 10))
                    .when("service_tier", "turbo")
                    .build());

    assertThat(price.status()).isEqualTo(PriceStatus.UNPRICED);
    assertThat(price.reason()).isEqualTo("acme/m has no rate card for the service_tier served");
  }

  @Test
  void factorsMultiplyTokensAndNotFees() {
    PriceCatalog catalog =
        Catalogs.of(
            """
            "m": {"cards": [{"rates": {"input": "2/M", "web_searches": "10/k"}}],
              "adjustments": [{"when": {"geo": "us"}, "factor": "1.1"},
                {"when": {"speed": "fast"}, "factor": "2"}]}
            """);

    Price price =
        catalog.price(
            Catalogs.request(Usage.builder().set(Unit.INPUT, 1000).set(Unit.WEB_SEARCH, 1))
                .when("inference_geo", "us")
                .when("speed", "fast")
                .build());

    assertThat(price.part(CostPart.INPUT)).isEqualTo(new BigDecimal("0.0044"));
    assertThat(price.part(CostPart.TOOL)).isEqualTo(new BigDecimal("0.01"));
    assertThat(price.priceKey()).isEqualTo("acme/m#geo=us,speed=fast");
  }

  @Test
  void cardIsChosenByTheTimeOfTheCall() {
    PriceCatalog catalog =
        Catalogs.ofCards(
            """
            {"from": "2026-01-01", "rates": {"input": "5/M"}},
            {"from": "2026-06-01", "rates": {"input": "2/M"}}
            """);

    assertThat(at(catalog, "2025-12-31T23:59:59Z").reason())
        .isEqualTo("no rate card of acme/m is valid at the time of the call");
    assertThat(at(catalog, "2026-01-01T00:00:00Z").total()).isEqualByComparingTo("0.005");
    assertThat(at(catalog, "2026-05-31T23:59:59Z").total()).isEqualByComparingTo("0.005");
    assertThat(at(catalog, "2026-06-01T00:00:00Z").total()).isEqualByComparingTo("0.002");
  }

  @Test
  void withdrawnCardCountsOnlyAsKnownThen() {
    PriceCatalog catalog =
        Catalogs.ofCards(
            """
            {"rates": {"input": "2/M"}},
            {"from": "2026-09-01", "recorded": "2026-07-01", "withdrawn": "2026-08-20", "rates": {"input": "3/M"}}
            """);
    PriceRequest.Builder request =
        Catalogs.request(Usage.builder().set(Unit.INPUT, 1000))
            .at(Instant.parse("2026-09-02T00:00:00Z"));

    assertThat(catalog.price(request.build()).total()).isEqualByComparingTo("0.002");
    assertThat(
            catalog.price(request.knownAt(Instant.parse("2026-08-01T00:00:00Z")).build()).total())
        .isEqualByComparingTo("0.003");
  }

  private static Price at(PriceCatalog catalog, String time) {
    return catalog.price(
        Catalogs.request(Usage.builder().set(Unit.INPUT, 1000)).at(Instant.parse(time)).build());
  }

  private static Price price(String card, Usage.Builder usage) {
    return Catalogs.ofCards(card).price(Catalogs.request(usage).build());
  }
}
