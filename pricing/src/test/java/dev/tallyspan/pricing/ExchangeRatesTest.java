package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeRatesTest {

  private static final Instant NOON = Instant.parse("2026-09-01T12:00:00Z");

  @Test
  void rateWithoutADateHoldsAtAnyTime() {
    ExchangeRates rates = ExchangeRates.to("EUR").rate("USD", new BigDecimal("0.92")).build();

    assertThat(rates.rate("USD", NOON)).isEqualTo("0.92");
    assertThat(rates.rate("USD", Instant.EPOCH)).isEqualTo("0.92");
    assertThat(rates.rate("USD", Instant.parse("1960-01-01T00:00:00Z"))).isEqualTo("0.92");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "2026-06-30T23:59:59Z, none",
        "2026-07-01T00:00:00Z, 0.92",
        "2026-08-31T23:59:59Z, 0.92",
        "2026-09-01T00:00:00Z, 0.87",
        "2030-01-01T00:00:00Z, 0.87"
      })
  void datedRateHoldsFromItsDayUntilTheNext(Instant at, BigDecimal expected) {
    ExchangeRates rates =
        ExchangeRates.to("EUR")
            .rate("USD", LocalDate.parse("2026-09-01"), new BigDecimal("0.87"))
            .rate("USD", LocalDate.parse("2026-07-01"), new BigDecimal("0.92"))
            .build();

    assertThat(rates.rate("USD", at)).isEqualTo(expected);
  }

  @Test
  void otherDirectionsAreNotConcluded() {
    ExchangeRates rates = ExchangeRates.to("EUR").rate("USD", new BigDecimal("0.5")).build();

    assertThat(rates.rate("EUR", NOON)).isNull();
    assertThat(rates.rate("GBP", NOON)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-0.92", "1000000001", "0.0000000000000001"})
  void absurdRateIsRefused(BigDecimal rate) {
    assertThatThrownBy(() -> ExchangeRates.to("EUR").rate("USD", rate))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void unknownCurrencyIsNamed() {
    assertThatThrownBy(() -> ExchangeRates.to("EURO"))
        .hasMessage("\"EURO\" is not an ISO 4217 code such as USD");
    assertThatThrownBy(() -> ExchangeRates.to("EUR").rate("EUR", BigDecimal.ONE))
        .hasMessage("EUR is the target currency");
    assertThatThrownBy(() -> ExchangeRates.to("EUR").build()).hasMessage("no rates to EUR");
  }

  @Test
  void rateWithoutADateHoldsUntilTheFirstDatedOne() {
    ExchangeRates rates =
        ExchangeRates.to("EUR")
            .rate("USD", LocalDate.parse("2026-09-01"), new BigDecimal("0.87"))
            .rate("USD", new BigDecimal("0.9"))
            .build();

    assertThat(rates.rate("USD", Instant.parse("2026-08-31T23:59:59Z"))).isEqualTo("0.9");
    assertThat(rates.rate("USD", NOON)).isEqualTo("0.87");
  }

  @Test
  void builderThatIsReusedDoesNotChangeWhatItBuilt() {
    ExchangeRates.Builder builder = ExchangeRates.to("EUR").rate("USD", new BigDecimal("0.9"));
    ExchangeRates first = builder.build();
    builder.rate("USD", BigDecimal.ONE).rate("GBP", BigDecimal.TEN);

    assertThat(first.rate("USD", NOON)).isEqualTo("0.9");
    assertThat(first.rate("GBP", NOON)).isNull();
  }
}
