package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.price.CatalogMetrics;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.metrics.Meter;
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
  private final List<CatalogMetrics> metrics = new ArrayList<>();

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
        catalogs.metrics.add(new CatalogMetrics(meter, processor, catalogs.of(processor), clock));
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

  /** Returns the contracts in force for a processor that has contracts. */
  Supplier<Contracts> contractsOf(String processor) {
    return requireNonNull(contracts.get(processor), processor);
  }

  /** Stops all reloads; the versions in force remain. */
  @Override
  public void close() {
    metrics.forEach(CatalogMetrics::close);
    feeds.values().forEach(CatalogFeed::close);
    contracts.values().forEach(ContractsFeed::close);
  }
}
