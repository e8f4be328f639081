package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CatalogConfig;
import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.price.CatalogAge;
import dev.tallyspan.pricing.PriceCatalog;
import java.time.InstantSource;
import java.util.Map;

/** Prints the version of a server's prices, and warns if they are old. */
record PricesNotice(Notices notices, InstantSource clock) {

  /**
   * @param catalogs in force, by processor
   */
  void print(CollectorConfig config, Map<String, PriceCatalog> catalogs) {
    catalogs.forEach(
        (processor, catalog) -> {
          CatalogAge age = CatalogAge.of(catalog, clock);
          String of = catalogs.size() == 1 ? "" : " of " + processor;
          notices.info("Prices" + of + ": catalog " + age + source(config, processor));
          if (age.isOld() && age.age() != null) {
            notices.warn(
                "the prices"
                    + of
                    + " are "
                    + age.age().toDays()
                    + " days old: newer models have no price, and prices may have changed; install a"
                    + " newer version, run 'tallyspan catalog update', or set a live table under"
                    + " catalog");
          }
        });
  }

  private static String source(CollectorConfig config, String processor) {
    CatalogConfig catalog = config.processor(processor).catalog();
    return catalog == null || catalog.file() == null ? "" : ", from " + catalog.file();
  }
}
