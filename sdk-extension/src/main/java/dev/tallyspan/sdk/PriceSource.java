package dev.tallyspan.sdk;

import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.live.LiveCatalog;
import dev.tallyspan.pricing.live.LiveContracts;
import dev.tallyspan.pricing.live.Reload;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Prices and contracts for an application, which must start whatever happens to them: a source that
 * cannot be read is logged once and the prices in the jar, or no contracts, are used until it can.
 * If the settings are strict, such a source is an error instead.
 *
 * <p>A file is read on the calling thread, so that no call is priced by another catalog. A URL, and
 * the prices in the jar, are read on a thread of their own.
 */
final class PriceSource implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(PriceSource.class.getName());

  private final Supplier<PriceCatalog> catalog;
  private final @Nullable Supplier<Contracts> contracts;
  private final AtomicReference<@Nullable LiveCatalog> liveCatalog = new AtomicReference<>();
  private @Nullable LiveContracts liveContracts;
  private volatile boolean closed;

  /**
   * Opens the sources.
   *
   * @throws SettingsException if a source cannot be read and the settings are strict, or if the
   *     file with vectors is not one
   */
  PriceSource(ExtensionSettings settings) {
    Supplier<PriceCatalog> given = settings.catalog;
    CatalogSettings source = settings.catalogSource;
    if (given != null) {
      catalog = given;
    } else if (source != null) {
      catalog = open(source, settings.strict);
    } else {
      inBackground(PriceCatalog::shipped);
      catalog = PriceCatalog::shipped;
    }
    ContractsSettings agreed = settings.contractsSource;
    contracts =
        settings.contracts != null || agreed == null
            ? settings.contracts
            : open(agreed, settings.strict);
  }

  /** The prices; an LLM span that ends before they are loaded waits for those in the jar. */
  Supplier<PriceCatalog> catalog() {
    return catalog;
  }

  /** The contracts; null if there are none. */
  @Nullable Supplier<Contracts> contracts() {
    return contracts;
  }

  private Supplier<PriceCatalog> open(CatalogSettings source, boolean strict) {
    if (source.file() == null && !strict) {
      inBackground(() -> keep(live(source, /* strict= */ false)));
    } else {
      keep(live(source, strict));
    }
    return () -> {
      LiveCatalog live = liveCatalog.get();
      return live == null ? PriceCatalog.shipped() : live.current();
    };
  }

  private void keep(LiveCatalog live) {
    liveCatalog.set(live);
    if (closed) { // while it was being read
      live.close();
    }
  }

  private static LiveCatalog live(CatalogSettings source, boolean strict) {
    ReloadLog log = new ReloadLog("the price catalog", "the prices in the jar are used");
    LiveCatalog live;
    try {
      live = source.live().listener(log).build();
    } catch (IllegalArgumentException e) {
      throw new SettingsException("catalog", ": " + e.getMessage(), e);
    }
    if (strict && log.failure != null) {
      live.close();
      throw new SettingsException("catalog", ": " + log.failure);
    }
    return live;
  }

  private Supplier<Contracts> open(ContractsSettings source, boolean strict) {
    ReloadLog log = new ReloadLog("the contracts", "list prices are used");
    LiveContracts live =
        LiveContracts.file(source.file()).interval(source.reloadInterval()).listener(log).build();
    if (strict && log.failure != null) {
      live.close();
      close();
      throw new SettingsException("contracts.file", ": " + log.failure);
    }
    liveContracts = live;
    return live::current;
  }

  private static void inBackground(Runnable reading) {
    Thread reader =
        new Thread(
            () -> {
              try {
                reading.run();
              } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, e.getMessage());
              }
            },
            "tallyspan-catalog");
    reader.setDaemon(true);
    reader.start();
  }

  /** Stops checking for new versions. The current ones stay in force. */
  @Override
  public void close() {
    closed = true;
    LiveCatalog prices = liveCatalog.get();
    if (prices != null) {
      prices.close();
    }
    if (liveContracts != null) {
      liveContracts.close();
    }
  }

  /** Logs why a version is not used, once for each run of failures. */
  private static final class ReloadLog implements Consumer<Reload> {

    private final String what;
    private final String instead;
    private boolean everLoaded;
    private volatile @Nullable String failure;

    ReloadLog(String what, String instead) {
      this.what = what;
      this.instead = instead;
    }

    @Override
    public void accept(Reload reload) {
      boolean failed =
          reload.outcome() == Reload.Outcome.FAILED || reload.outcome() == Reload.Outcome.REJECTED;
      if (failed && failure == null) {
        String used = everLoaded ? "the last good version stays in use" : instead;
        LOGGER.log(
            Level.WARNING, "Tallyspan cannot use " + what + ": " + reload.reason() + "; " + used);
      } else if (!failed && failure != null) {
        LOGGER.log(Level.INFO, "Tallyspan uses " + what + " again, version " + reload.version());
      }
      everLoaded |= !failed;
      failure = failed ? String.valueOf(reload.reason()) : null;
    }
  }
}
