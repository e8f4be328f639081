package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CatalogConfig;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.live.LiveCatalog;
import dev.tallyspan.pricing.live.Reload;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleGauge;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The price catalog of one processor, kept up to date, counted and logged. */
final class CatalogFeed implements Supplier<PriceCatalog>, AutoCloseable {

  private static final String WHAT = "price catalog";

  private final ReloadLog log;
  private final LiveCatalog live;
  private final ObservableDoubleGauge age;

  private CatalogFeed(String processor, CatalogConfig config, Meter meter, InstantSource clock) {
    this.log =
        new ReloadLog(
            System.getLogger(CatalogFeed.class.getName()),
            processor,
            WHAT,
            "catalog",
            config.file() != null,
            meter);
    LiveCatalog.Builder builder =
        config.file() != null ? LiveCatalog.file(config.file()) : LiveCatalog.url(config.url());
    if (config.sha256() != null) {
      builder.sha256(config.sha256());
    }
    if (config.signedBy() != null) {
      builder.signedBy(config.signedBy());
    }
    if (config.vectors() != null) {
      builder.vectors(config.vectors());
    }
    builder.format(config.format());
    if (!config.layered()) {
      builder.alone();
    }
    try {
      this.live = builder.interval(config.reloadInterval()).clock(clock).listener(log).build();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "processors." + processor + ".catalog: " + e.getMessage(), e);
    }
    this.age = ReloadLog.age(processor, WHAT, "catalog", live::since, meter, clock);
  }

  /**
   * Takes a first look. A file must be right from the start. A URL need not be: an outage elsewhere
   * must not keep a server from starting, and the built-in catalog holds until it is over.
   *
   * @throws IllegalArgumentException if a file cannot be used
   */
  static CatalogFeed open(
      String processor, CatalogConfig config, Meter meter, InstantSource clock) {
    CatalogFeed feed = new CatalogFeed(processor, config, meter, clock);
    if (config.file() != null && feed.log.last().outcome() != Reload.Outcome.LOADED) {
      feed.close();
      throw new IllegalArgumentException(
          "processors." + processor + ".catalog: " + feed.log.last().reason());
    }
    return feed;
  }

  @Override
  public PriceCatalog get() {
    return live.current();
  }

  /** Looks now, beside the regular looks. */
  Reload reload() {
    return live.reload();
  }

  @Override
  public void close() {
    age.close();
    live.close();
  }
}
