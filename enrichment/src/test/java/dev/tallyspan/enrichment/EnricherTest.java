package dev.tallyspan.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.Deployments;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.semconv.span.Cost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnricherTest {

  @TempDir private Path folder;

  private static MapSpan call(String model) {
    return MapSpan.chat("acme", model)
        .with("gen_ai.usage.input_tokens", 1000)
        .with("gen_ai.usage.output_tokens", 10);
  }

  @Test
  void spanThatIsNotAboutAnLlmIsNone() throws Exception {
    MapSpan http = new MapSpan().with("http.request.method", "GET");

    assertThat(enricher().build().request().enrich(http)).isNull();
  }

  @Test
  void callIsPricedByTheTimeItBegan() throws Exception {
    MapSpan before = call("m").from(1_600_000_000_000_000_000L, 1_790_000_000_000_000_000L);

    assertThat(total(before)).isEqualTo("0.0011");
    assertThat(total(call("m"))).isEqualTo("0.0021");
  }

  @Test
  void callThatOnlySaysWhenItEndedIsPricedByThat() throws Exception {
    assertThat(total(call("m").from(0, 1_600_000_000_000_000_000L))).isEqualTo("0.0011");
  }

  @Test
  void feeForEachCallIsOnTheBill() throws Exception {
    assertThat(total(call("online"))).isEqualTo("0.0071");
  }

  @ParameterizedTest
  @CsvSource({
    "ranker, rerank_searches",
    "painter, output_images",
    "listener, input_audio_seconds",
  })
  void whatTheCardBillsByAndTheSpanDoesNotSayIsMissing(String model, String unit) throws Exception {
    Cost cost = enrich(call(model)).cost();

    assertThat(cost.status()).isIn(Cost.Status.PARTIAL, Cost.Status.UNPRICED);
    assertThat(cost.missing()).contains(unit);
  }

  @Test
  void callWithoutUsageNamesWhatItIsBilledBy() throws Exception {
    Cost cost = enrich(MapSpan.chat("acme", "ranker")).cost();

    assertThat(cost.status()).isEqualTo(Cost.Status.UNPRICED);
    assertThat(cost.missing()).containsExactly("rerank_searches");
  }

  @Test
  void priceByThePieceBesideOneByTheTokenIsAnotherWayToSayIt() throws Exception {
    assertThat(enrich(call("artist")).cost().status()).isEqualTo(Cost.Status.PRICED);
  }

  @Test
  void deploymentIsPricedAsItsModel() throws Exception {
    Enricher enricher = enricher().deployments(Deployments.of(Map.of("prod", "m"))).build();

    assertThat(enricher.request().enrich(call("prod")).cost().totalExact()).isEqualTo("0.0021");
  }

  @Test
  void tenantOfTheSpanComesBeforeThatOfItsResource() throws Exception {
    Contracts contracts = contracts("half", "third", "0.5");
    Enricher enricher = enricher().contracts(() -> contracts, "tenant").build();

    assertThat(List.of(call("m").withResource("tenant", "half"), call("m").with("tenant", "half")))
        .allSatisfy(
            span ->
                assertThat(enricher.request().enrich(span).cost().totalExact())
                    .isEqualTo("0.00105"));
    assertThat(
            enricher
                .request()
                .enrich(call("m").with("tenant", "other").withResource("tenant", "half"))
                .cost()
                .totalExact())
        .isEqualTo("0.0021");
  }

  @Test
  void tenantMayBeANumberAndNothingElse() throws Exception {
    Contracts contracts = contracts("42", "true", "0.5");
    Enricher enricher = enricher().contracts(() -> contracts, "tenant").build();

    assertThat(total(enricher, call("m").with("tenant", 42))).isEqualTo("0.00105");
    assertThat(total(enricher, call("m").with("tenant", "42"))).isEqualTo("0.00105");
    assertThat(total(enricher, call("m").with("tenant", true))).isEqualTo("0.0021");
    assertThat(total(enricher, call("m"))).isEqualTo("0.0021");
  }

  @Test
  void contractsAreThoseInForceWhenTheRequestBegins() throws Exception {
    AtomicReference<Contracts> contracts = new AtomicReference<>(contracts("t", "u", "0.5"));
    Enricher enricher = enricher().contracts(contracts::get, "tenant").build();
    Enricher.Request before = enricher.request();
    contracts.set(contracts("t", "u", "0.1"));
    MapSpan span = call("m").with("tenant", "t");

    assertThat(before.enrich(span).cost().totalExact()).isEqualTo("0.00105");
    assertThat(total(enricher, span)).isEqualTo("0.00021");
  }

  @ParameterizedTest
  @CsvSource({"0.00125125, cache_write_5m", "0.002002, cache_write_1h"})
  void reportedCostProvesHowLongTheCacheWritesLive(String reported, String unit) throws Exception {
    Enriched enriched = enrich(cacheWrites().with("gen_ai.usage.cost", reported));

    assertThat(enriched.bill().price().items())
        .extracting(item -> item.unit().wireName())
        .containsExactly(unit);
    assertThat(enriched.bill().total()).isEqualByComparingTo(reported);
  }

  @Test
  void costInAnotherCurrencyProvesNoLifetime() throws Exception {
    Enriched enriched =
        enrich(
            cacheWrites()
                .with("gen_ai.usage.cost.amount", "0.002002")
                .with("gen_ai.usage.cost.currency", "EUR"));

    assertThat(enriched.bill().total()).isEqualByComparingTo("0.00125125");
  }

  @Test
  void costThatWasWrittenBeforeStaysWhateverPricesAreNow() throws Exception {
    Cost cost =
        enrich(
                call("m")
                    .with("tallyspan.cost.status", "priced")
                    .with("tallyspan.cost.total_exact", "0.5")
                    .with("tallyspan.cost.currency", "EUR")
                    .with("tallyspan.cost.price", "acme/m#then")
                    .with("tallyspan.cost.catalog", "v0"))
            .cost();

    assertThat(cost.status()).isEqualTo(Cost.Status.PRICED);
    assertThat(cost.totalExact()).isEqualTo("0.5");
    assertThat(cost.currency()).isEqualTo("EUR");
    assertThat(cost.priceKey()).isEqualTo("acme/m#then");
    assertThat(cost.catalogVersion()).isEqualTo("v0");
  }

  @ParameterizedTest
  @CsvSource({
    "paid, 0.5",
    "priced, much",
    "priced, 1e999999999",
    "unpriced, 0.5",
  })
  void costThatTallyspanWouldNotWriteIsNotBelieved(String status, String total) throws Exception {
    Cost cost =
        enrich(
                call("m")
                    .with("tallyspan.cost.status", status)
                    .with("tallyspan.cost.total_exact", total))
            .cost();

    assertThat(cost.totalExact()).isEqualTo("0.0021");
  }

  @Test
  void allSpansOfARequestHaveTheSamePrices() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    PriceCatalog catalog = catalog();
    Enricher enricher =
        Enricher.builder()
            .catalog(
                () -> {
                  asked.incrementAndGet();
                  return catalog;
                })
            .build();
    Enricher.Request request = enricher.request();

    request.enrich(call("m"));
    request.enrich(call("m"));

    assertThat(asked).hasValue(1);
  }

  @Test
  void duplicateIsNotBilledAndSaysWhoIs() throws Exception {
    Enriched duplicate = enrich(call("m")).asDuplicateOf("00f067aa0ba902b7");

    assertThat(duplicate.cost().status()).isEqualTo(Cost.Status.DUPLICATE);
    assertThat(duplicate.cost().total()).isNull();
  }

  @Test
  void estimateThatWasNotMadeSaysWhy() throws Exception {
    TokenEstimator refusing = () -> (llm, span) -> new TokenEstimator.Estimate(llm, "too_long");

    assertThat(enricher().estimator(refusing).build().request().enrich(call("m")).notEstimated())
        .isEqualTo("too_long");
  }

  private static MapSpan cacheWrites() {
    return MapSpan.chat("acme", "cacher")
        .with("gen_ai.usage.input_tokens", 1001)
        .with("gen_ai.usage.cache_creation.input_tokens", 1001);
  }

  /** The first tenant has this factor, the second pays nine times the list price. */
  private Contracts contracts(String tenant, String other, String factor) throws Exception {
    Path file = folder.resolve("contracts.json");
    Files.writeString(
        file,
        """
        {"format": "tallyspan-contracts/1", "version": "v1", "tenants": {
          "%s": {"discounts": [{"provider": "acme", "factor": "%s"}]},
          "%s": {"discounts": [{"provider": "acme", "factor": "9"}]}}}
        """
            .formatted(tenant, factor, other));
    return Contracts.read(file);
  }

  private static String total(Enricher enricher, MapSpan span) {
    return enricher.request().enrich(span).cost().totalExact();
  }

  private String total(MapSpan span) throws Exception {
    return enrich(span).cost().totalExact();
  }

  private Enriched enrich(MapSpan span) throws Exception {
    return enricher().build().request().enrich(span);
  }

  private Enricher.Builder enricher() throws Exception {
    PriceCatalog catalog = catalog();
    return Enricher.builder().catalog(() -> catalog);
  }

  private PriceCatalog catalog() throws Exception {
    Path file = folder.resolve("prices.json");
    Files.writeString(
        file,
        """
        {"format": "tallyspan-prices/1", "version": "v1", "currency": "USD",
         "providers": {"acme": {"models": {
          "m": {"cards": [{"rates": {"input": "1/M", "output": "10/M"}},
           {"from": "2024-01-01", "rates": {"input": "2/M", "output": "10/M"}}]},
          "online": {"cards": [{"rates": {"input": "2/M", "output": "10/M", "requests": "5/k"}}]},
          "cacher": {"cards": [{"rates": {"input": "1/M", "output": "10/M",
           "cache_write_5m": "1.25/M", "cache_write_1h": "2/M"}}]},
          "ranker": {"cards": [{"rates": {"input": "0", "output": "0",
           "rerank_searches": "2/k"}}]},
          "painter": {"cards": [{"rates": {"input": "2/M", "output_images": "0.04"}}]},
          "artist": {"cards": [{"rates": {"input": "2/M", "output": "10/M",
           "output_image": "30/M", "output_images": "0.04"}}]},
          "listener": {"cards": [{"rates": {"input_audio_seconds": "0.0001"}}]}}}}}
        """);
    return PriceCatalog.read(file);
  }
}
