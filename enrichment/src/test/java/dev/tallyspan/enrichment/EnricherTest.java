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
    Path file = folder.resolve("contracts.json");
    Files.writeString(
        file,
        """
        {"format": "tallyspan-contracts/1", "version": "v1", "tenants": {
          "half": {"discounts": [{"provider": "acme", "factor": "0.5"}]}}}
        """);
    Contracts contracts = Contracts.read(file);
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
