package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheLifetimeTest {
  private static final String BOTH =
      "{\"rates\": {\"input\": \"10/M\", \"cache_write_5m\": \"12.5/M\", \"cache_write_1h\":"
          + " \"20/M\"}}";
  private static final String ONE =
      "{\"rates\": {\"input\": \"10/M\", \"cache_write_5m\": \"12.5/M\"}}";

  private static CacheLifetime of(String card, String cost) {
    // 0.5 for five minutes, 0.8 for an hour
    return CacheLifetime.of(
        new BigDecimal(cost), bill(card, Unit.CACHE_WRITE_5M), bill(card, Unit.CACHE_WRITE_1H));
  }

  private static Bill bill(String card, Unit unit) {
    return Bill.of(
        Catalogs.ofCards(card).price(Catalogs.request(Usage.builder().set(unit, 40_000)).build()));
  }

  @ParameterizedTest
  @CsvSource({
    "0.5, FIVE_MINUTES",
    "0.6, UNKNOWN", // one decimal may be rounded from anything near it
    "0.50, FIVE_MINUTES",
    "0.5000000001, FIVE_MINUTES",
    "0.8000, ONE_HOUR",
    "0.7999, ONE_HOUR",
    "0.8010, UNKNOWN",
    "0.6500, UNKNOWN",
    "0.1000, UNKNOWN",
    "1.2000, UNKNOWN",
  })
  void costFitsOneOfTwoPricesOrNone(String cost, CacheLifetime expected) {
    assertThat(of(BOTH, cost)).isEqualTo(expected);
  }

  @Test
  void cardWithoutARateForAnHourTellsNothing() {
    assertThat(of(ONE, "0.5000")).isEqualTo(CacheLifetime.UNKNOWN);
  }
}
