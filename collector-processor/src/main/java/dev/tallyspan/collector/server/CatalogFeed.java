package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.CatalogConfig;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.live.LiveCatalog;
import dev.tallyspan.pricing.live.Reload;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleGauge;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The price catalog of one processor. Keeps it up to date, and counts and logs each reload. */
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
        config.file() != null
            ? LiveCatalog.file(config.file())
            : LiveCatalog.url(requireNonNull(config.url(), "url"));
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
   * Loads the catalog for the first time. A file must be valid at the start. A URL need not be: an
   * outage elsewhere must not prevent the start, and the built-in catalog is used until it is over.
   *
   * @throws IllegalArgumentException if a file is not valid
   */
  static CatalogFeed open(
      String processor, CatalogConfig config, Meter meter, InstantSource clock) {
    CatalogFeed feed = new CatalogFeed(processor, config, meter, clock);
    Reload first = feed.log.last();
    if (config.file() != null && first != null && first.outcome() != Reload.Outcome.LOADED) {
      feed.close();
      throw new IllegalArgumentException("processors." + processor + ".catalog: " + first.reason());
    }
    return feed;
  }

  @Override
  public PriceCatalog get() {
    return live.current();
  }

  /** Checks for a new version now, in addition to the regular checks. */
  Reload reload() {
    return live.reload();
  }

  @Override
  public void close() {
    age.close();
    live.close();
  }
}
