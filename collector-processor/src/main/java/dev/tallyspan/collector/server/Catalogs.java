package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.metrics.Meter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The price catalogs and contracts of a configuration's processors. */
final class Catalogs implements AutoCloseable {

  private final Map<String, CatalogFeed> feeds = new LinkedHashMap<>();
  private final Map<String, ContractsFeed> contracts = new LinkedHashMap<>();

  private Catalogs() {}

  /**
   * Opens those that are named.
   *
   * @throws IllegalArgumentException if one cannot be used
   */
  static Catalogs open(CollectorConfig config, Meter meter, InstantSource clock) {
    Catalogs catalogs = new Catalogs();
    try {
      for (ProcessorConfig processor : config.processors()) {
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
      return catalogs;
    } catch (RuntimeException e) {
      catalogs.close();
      throw e;
    }
  }

  /** The catalog in force of a processor; the built-in one if it names none. */
  Supplier<PriceCatalog> of(String processor) {
    CatalogFeed feed = feeds.get(processor);
    return feed == null ? PriceCatalog::shipped : feed;
  }

  /** The contracts in force of a processor that names some. */
  Supplier<Contracts> contractsOf(String processor) {
    return contracts.get(processor);
  }

  /** All stay as they are from now on. */
  @Override
  public void close() {
    feeds.values().forEach(CatalogFeed::close);
    contracts.values().forEach(ContractsFeed::close);
  }
}
