package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.price.CatalogAge;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleGauge;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The price catalogs and contracts of a configuration's processors. */
final class Catalogs implements AutoCloseable {

  private final Map<String, CatalogFeed> feeds = new LinkedHashMap<>();
  private final Map<String, ContractsFeed> contracts = new LinkedHashMap<>();

  private final List<String> processors = new ArrayList<>();
  private final List<ObservableDoubleGauge> gauges = new ArrayList<>();

  private Catalogs() {}

  /**
   * Opens the catalogs and contracts of all processors.
   *
   * @throws IllegalArgumentException if one is not valid
   */
  static Catalogs open(CollectorConfig config, Meter meter, InstantSource clock) {
    Catalogs catalogs = new Catalogs();
    try {
      for (ProcessorConfig processor : config.processors()) {
        catalogs.processors.add(processor.id());
        if (processor.catalog() != null) {
          catalogs.feeds.put(
              processor.id(), CatalogFeed.open(processor.id(), processor.catalog(), meter, clock));
        }
        if (processor.contracts() != null) {
          catalogs.contracts.put(
              processor.id(),
              ContractsFeed.open(processor.id(), processor.contracts(), meter, clock));
        }
      }
      for (String processor : catalogs.processors) {
        catalogs.gauges.add(catalogs.factsAge(processor, meter, clock));
      }
      return catalogs;
    } catch (RuntimeException e) {
      catalogs.close();
      throw e;
    }
  }

  /** Returns the catalog in force for a processor; the built-in one if it has none. */
  Supplier<PriceCatalog> of(String processor) {
    CatalogFeed feed = feeds.get(processor);
    return feed == null ? PriceCatalog::shipped : feed;
  }

  /** Returns the catalogs in force, by processor. */
  Map<String, PriceCatalog> inForce() {
    Map<String, PriceCatalog> inForce = new LinkedHashMap<>();
    processors.forEach(processor -> inForce.put(processor, of(processor).get()));
    return inForce;
  }

  private ObservableDoubleGauge factsAge(String processor, Meter meter, InstantSource clock) {
    Attributes labels = Attributes.of(AttributeKey.stringKey("processor"), processor);
    Supplier<PriceCatalog> catalog = of(processor);
    return meter
        .gaugeBuilder("tallyspan_catalog_facts_age_seconds")
        .setUnit("s")
        .setDescription("The age of the prices in the catalog in force.")
        .buildWithCallback(
            out -> {
              Duration age = CatalogAge.of(catalog.get(), clock).age();
              if (age != null) {
                out.record(age.toSeconds(), labels);
              }
            });
  }

  /** Returns the contracts in force for a processor that has contracts. */
  Supplier<Contracts> contractsOf(String processor) {
    return requireNonNull(contracts.get(processor), processor);
  }

  /** Stops all reloads; the versions in force remain. */
  @Override
  public void close() {
    gauges.forEach(ObservableDoubleGauge::close);
    feeds.values().forEach(CatalogFeed::close);
    contracts.values().forEach(ContractsFeed::close);
  }
}
