package dev.tallyspan.pricing;

import java.util.Locale;

/** The spelling in which names of providers are compared. */
final class ProviderNames {
  private ProviderNames() {}

  /** Lower case, trimmed, with {@code -} and spaces as {@code _}. */
  static String canonical(String name) {
    return name.trim().toLowerCase(Locale.ROOT).replace('-', '_').replace(' ', '_');
  }
}
