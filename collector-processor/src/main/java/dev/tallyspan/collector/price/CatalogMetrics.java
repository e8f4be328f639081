package dev.tallyspan.collector.price;

import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleGauge;
import io.opentelemetry.api.metrics.ObservableLongGauge;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Reports the catalog in force of a processor: its version, in {@code tallyspan.catalog.info}, and
 * the age of its prices, in {@code tallyspan_catalog_facts_age_seconds}. When another version takes
 * effect, the series of the old version ends.
 */
public final class CatalogMetrics implements AutoCloseable {

  private static final AttributeKey<String> PROCESSOR = AttributeKey.stringKey("processor");
  private static final AttributeKey<String> VERSION = AttributeKey.stringKey("version");

  private final ObservableLongGauge info;
  private final ObservableDoubleGauge age;

  /**
   * @param processor the id of the processor
   * @param catalog returns the catalog in force; called when metrics are collected
   */
  public CatalogMetrics(
      Meter meter, String processor, Supplier<PriceCatalog> catalog, InstantSource clock) {
    Attributes labels = Attributes.of(PROCESSOR, processor);
    info =
        meter
            .gaugeBuilder("tallyspan.catalog.info")
            .ofLongs()
            .setDescription("The version of the catalog in force; always 1.")
            .buildWithCallback(
                out ->
                    out.record(
                        1, Attributes.of(PROCESSOR, processor, VERSION, catalog.get().version())));
    age =
        meter
            .gaugeBuilder("tallyspan_catalog_facts_age_seconds")
            .setUnit("s")
            .setDescription("The age of the prices in the catalog in force.")
            .buildWithCallback(
                out -> {
                  Duration facts = CatalogAge.of(catalog.get(), clock).age();
                  if (facts != null) {
                    out.record(facts.toSeconds(), labels);
                  }
                });
  }

  @Override
  public void close() {
    info.close();
    age.close();
  }
}
