package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.CatalogConfig;
import dev.tallyspan.pricing.LiveCatalog;
import dev.tallyspan.pricing.LiveCatalog.Reload;
import dev.tallyspan.pricing.PriceCatalog;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleGauge;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The price catalog of one processor, kept up to date, counted and logged. A reason why a version
 * was not taken is logged once, however often it is found again.
 */
final class CatalogFeed implements Supplier<PriceCatalog>, AutoCloseable {

  private static final Logger LOGGER = System.getLogger(CatalogFeed.class.getName());
  private static final AttributeKey<String> PROCESSOR = AttributeKey.stringKey("processor");
  private static final AttributeKey<String> RESULT = AttributeKey.stringKey("result");

  private final String processor;
  private final LongCounter reloads;
  private final LiveCatalog live;
  private final ObservableDoubleGauge age;
  private volatile Reload last;

  private CatalogFeed(String processor, CatalogConfig config, Meter meter, InstantSource clock) {
    this.processor = processor;
    this.reloads =
        meter
            .counterBuilder("tallyspan_catalog_reloads")
            .setDescription("Versions of the price catalog that were found, by what came of it.")
            .setUnit("{reload}")
            .build();
    LiveCatalog.Builder builder =
        config.file() != null ? LiveCatalog.file(config.file()) : LiveCatalog.url(config.url());
    if (config.sha256() != null) {
      builder.sha256(config.sha256());
    }
    if (!config.layered()) {
      builder.alone();
    }
    this.live =
        builder.interval(config.reloadInterval()).clock(clock).listener(this::looked).build();
    Attributes labels = Attributes.of(PROCESSOR, processor);
    this.age =
        meter
            .gaugeBuilder("tallyspan_catalog_age_seconds")
            .setUnit("s")
            .setDescription("Since when the price catalog in force is in force.")
            .buildWithCallback(
                out ->
                    out.record(
                        Duration.between(live.since(), clock.instant()).toMillis() / 1000.0,
                        labels));
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
    if (config.file() != null && feed.last.outcome() != Reload.Outcome.LOADED) {
      feed.close();
      throw new IllegalArgumentException(
          "processors." + processor + ".catalog: " + feed.last.reason());
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

  private void looked(Reload reload) {
    Reload before = last;
    last = reload;
    String result = reload.outcome().name().toLowerCase(Locale.ROOT);
    reloads.add(1, Attributes.of(PROCESSOR, processor, RESULT, result));
    if (reload.outcome() == Reload.Outcome.LOADED) {
      LOGGER.log(
          Level.INFO, "processor {0}: price catalog {1} is in force", processor, reload.version());
    } else if (before == null || !reload.reason().equals(before.reason())) {
      LOGGER.log(
          Level.WARNING,
          "processor {0}: price catalog {1} stays in force, a new one was not taken: {2}",
          processor,
          reload.version(),
          reload.reason());
    }
  }

  @Override
  public void close() {
    age.close();
    live.close();
  }
}
