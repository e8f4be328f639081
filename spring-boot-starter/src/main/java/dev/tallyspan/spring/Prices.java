package dev.tallyspan.spring;

import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.live.LiveCatalog;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The prices in use: those of a bean, or those in the jar. */
final class Prices implements Supplier<PriceCatalog> {

  private final @Nullable LiveCatalog live;

  Prices(@Nullable LiveCatalog live) {
    this.live = live;
  }

  @Override
  public PriceCatalog get() {
    return live == null ? PriceCatalog.shipped() : live.current();
  }

  boolean areShipped() {
    return live == null;
  }
}
