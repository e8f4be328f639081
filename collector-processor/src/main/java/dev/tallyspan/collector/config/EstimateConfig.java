package dev.tallyspan.collector.config;

/**
 * How the tokens of calls without reported usage are estimated.
 *
 * @param maxCharacters the longest chat that is counted, in characters of its texts; a request may
 *     have five times as many in all; default 100,000
 */
public record EstimateConfig(int maxCharacters) {

  static final int MOST = 10_000_000;
  static final EstimateConfig DEFAULT = new EstimateConfig(100_000);
}
