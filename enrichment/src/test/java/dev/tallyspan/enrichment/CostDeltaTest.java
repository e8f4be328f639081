package dev.tallyspan.enrichment;

import static io.opentelemetry.sdk.testing.assertj.OpenTelemetryAssertions.assertThat;

import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostDeltaTest {

  private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
  private final SdkMeterProvider provider =
      SdkMeterProvider.builder().registerMetricReader(metrics).build();
  private final CostDelta delta = new CostDelta(provider.get("test"));

  @TempDir private Path folder;
  private Enricher enricher;

  @BeforeEach
  void setUp() throws Exception {
    Path file = folder.resolve("prices.json");
    Files.writeString(
        file,
        """
        {"format": "tallyspan-prices/1", "version": "v1", "currency": "USD",
         "providers": {"acme": {"aliases": ["acme-ai"], "models": {
          "m": {"cards": [{"rates": {"input": "2/M"}}]},
          "gift": {"cards": [{"free": true}]}}}}}
        """);
    PriceCatalog catalog = PriceCatalog.read(file);
    enricher = Enricher.builder().catalog(() -> catalog).build();
  }

  @AfterEach
  void tearDown() {
    provider.close();
  }

  @ParameterizedTest
  @CsvSource({
    "m, 0.0015, 0.0005, higher",
    "m, 0.0045, 0.0025, lower",
    "m, 0.002, 0, equal",
    "gift, 0.5, 0.5, lower",
  })
  void differenceIsAbsoluteAndItsSignIsALabel(
      String model, String reported, double difference, String computed) {
    measure(call("acme-ai", model).with("gen_ai.usage.cost", reported));

    assertThat(metrics.collectAllMetrics())
        .satisfiesExactly(
            metric ->
                assertThat(metric)
                    .hasName("tallyspan_cost_delta")
                    .hasHistogramSatisfying(
                        histogram ->
                            histogram.hasPointsSatisfying(
                                point ->
                                    point
                                        .hasCount(1)
                                        .hasSum(difference)
                                        .hasAttributes(labels("acme", computed)))));
  }

  @Test
  void callThatCannotBeComparedIsNotMeasured() {
    measure(call("acme", "m"));
    measure(call("acme", "unknown").with("gen_ai.usage.cost", "0.002"));
    measure(
        call("acme", "m")
            .with("gen_ai.usage.output_tokens", 10)
            .with("gen_ai.usage.cost", "0.002"));
    measure(
        call("acme", "m")
            .with("gen_ai.usage.cost.amount", "0.002")
            .with("gen_ai.usage.cost.currency", "EUR"));

    assertThat(metrics.collectAllMetrics()).isEmpty();
  }

  private void measure(MapSpan span) {
    delta.measure(enricher.request().enrich(span));
  }

  private static MapSpan call(String provider, String model) {
    return MapSpan.chat(provider, model).with("gen_ai.usage.input_tokens", 1000);
  }

  private static Attributes labels(String provider, String computed) {
    return Attributes.of(
        AttributeKey.stringKey("currency"),
        "USD",
        AttributeKey.stringKey("provider"),
        provider,
        AttributeKey.stringKey("computed"),
        computed);
  }
}
