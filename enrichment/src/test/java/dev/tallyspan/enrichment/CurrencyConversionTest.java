package dev.tallyspan.enrichment;

import static io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions.assertThat;

import dev.tallyspan.pricing.ExchangeRates;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.span.Cost;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurrencyConversionTest {

  private static final long SECOND = 1_000_000_000L;

  private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
  private final SdkMeterProvider provider =
      SdkMeterProvider.builder().registerMetricReader(metrics).build();

  @TempDir private Path folder;
  private PriceCatalog catalog;

  @BeforeEach
  void setUp() throws Exception {
    Path file = folder.resolve("prices.json");
    Files.writeString(
        file,
        """
        {"format": "tallyspan-prices/1", "version": "v1", "currency": "USD",
         "providers": {"acme": {"models": {
          "m": {"cards": [{"rates": {"input": "1/M", "output": "10/M"}}]}}}}}
        """);
    catalog = PriceCatalog.read(file);
  }

  @AfterEach
  void tearDown() {
    provider.close();
  }

  @Test
  void costIsConvertedExactlyAndSaysFromWhat() {
    Cost cost = enrich(rates("EUR", "USD", "0.93"), call()).cost();

    assertThat(cost.totalExact()).isEqualTo("0.001023");
    assertThat(cost.currency()).isEqualTo("EUR");
    assertThat(cost.originalTotal()).isEqualTo("0.0011");
    assertThat(cost.originalCurrency()).isEqualTo("USD");
    assertThat(cost.exchangeRate()).isEqualTo("0.93");
    assertThat(cost.parts())
        .containsEntry(Cost.Part.INPUT, 0.00093)
        .containsEntry(Cost.Part.OUTPUT, 0.000093);
    assertThat(cost.priceKey()).isEqualTo("acme/m");
    assertThat(cost.catalogVersion()).isEqualTo("v1");
  }

  @Test
  void billStaysInTheCurrencyOfTheCatalog() {
    Enriched enriched = enrich(rates("EUR", "USD", "0.93"), call());

    assertThat(enriched.bill().currency()).isEqualTo("USD");
    assertThat(enriched.bill().total()).isEqualByComparingTo("0.0011");
  }

  @Test
  void rateIsThatOfTheTimeOfTheCall() {
    ExchangeRates rates =
        ExchangeRates.to("EUR")
            .rate("USD", new BigDecimal("2"))
            .rate("USD", LocalDate.ofEpochDay(20_000), new BigDecimal("3"))
            .build();
    long midnight = 20_000 * 86_400 * SECOND;

    assertThat(enrich(rates, call().from(midnight - 1, midnight)).cost().totalExact())
        .isEqualTo("0.0022");
    assertThat(enrich(rates, call().from(midnight, midnight)).cost().totalExact())
        .isEqualTo("0.0033");
  }

  @Test
  void costWithoutARateStaysAndIsCounted() {
    Cost cost = enrich(rates("EUR", "GBP", "1.2"), call()).cost();

    assertThat(cost.totalExact()).isEqualTo("0.0011");
    assertThat(cost.currency()).isEqualTo("USD");
    assertThat(cost.exchangeRate()).isNull();
    assertUnconverted("USD");
  }

  @Test
  void currencyThatIsNoneDoesNotBecomeALabel() {
    enrich(
        rates("EUR", "USD", "0.93"),
        call()
            .with("gen_ai.usage.cost.amount", "5")
            .with("gen_ai.usage.cost.currency", "doubloons"));

    assertUnconverted("other");
  }

  @Test
  void reportedCostIsConvertedToo() {
    Cost cost =
        enrich(
                rates("EUR", "JPY", "0.006"),
                call()
                    .with("gen_ai.usage.cost.amount", "5")
                    .with("gen_ai.usage.cost.currency", "JPY"))
            .cost();

    assertThat(cost.status()).isEqualTo(Cost.Status.PROVIDER_REPORTED);
    assertThat(cost.totalExact()).isEqualTo("0.03");
    assertThat(cost.currency()).isEqualTo("EUR");
  }

  @Test
  void unpricedCallHasNothingToConvert() {
    Cost cost =
        enrich(
                rates("EUR", "GBP", "1.2"),
                MapSpan.chat("acme", "unknown").with("gen_ai.usage.input_tokens", 1000))
            .cost();

    assertThat(cost.status()).isEqualTo(Cost.Status.UNPRICED);
    assertThat(metrics.collectAllMetrics()).isEmpty();
  }

  @Test
  void costThatIsInTheCurrencyAlreadyStaysAsItIs() {
    Cost cost = enrich(rates("USD", "EUR", "1.1"), call()).cost();

    assertThat(cost.totalExact()).isEqualTo("0.0011");
    assertThat(cost.originalTotal()).isNull();
    assertThat(metrics.collectAllMetrics()).isEmpty();
  }

  private void assertUnconverted(String currency) {
    assertThat(metrics.collectAllMetrics())
        .satisfiesExactly(
            metric ->
                assertThat(metric)
                    .hasName("tallyspan_cost_unconverted")
                    .hasLongSumSatisfying(
                        sum ->
                            sum.hasPointsSatisfying(
                                point ->
                                    point
                                        .hasValue(1)
                                        .hasAttributes(
                                            Attributes.of(
                                                AttributeKey.stringKey("currency"), currency)))));
  }

  private static ExchangeRates rates(String to, String from, String rate) {
    return ExchangeRates.to(to).rate(from, new BigDecimal(rate)).build();
  }

  private Enriched enrich(ExchangeRates rates, MapSpan span) {
    return Enricher.builder()
        .catalog(() -> catalog)
        .currency(rates)
        .meter(provider.get("test"))
        .build()
        .request()
        .enrich(span);
  }

  private static MapSpan call() {
    return MapSpan.chat("acme", "m")
        .with("gen_ai.usage.input_tokens", 1000)
        .with("gen_ai.usage.output_tokens", 10);
  }
}
