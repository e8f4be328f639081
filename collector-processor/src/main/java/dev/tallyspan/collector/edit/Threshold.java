package dev.tallyspan.collector.edit;

import dev.tallyspan.collector.edit.SamplerRules.Mode;

/**
 * Computes thresholds: a span is kept if the random number of its trace is not lower. Both have 56
 * bits.
 *
 * @see <a
 *     href="https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/">OpenTelemetry,
 *     probability sampling</a>
 */
final class Threshold {

  /** The threshold that no random number reaches. */
  static final long NEVER = 1L << 56;

  private static final int HEX_DIGITS = 14;
  private static final int HEX_BITS = 4;

  /** The mode {@code HASH_SEED} has 14 bits. */
  private static final int HASH_BUCKETS = 1 << 14;

  private static final float BUCKETS_PER_CENT = HASH_BUCKETS / 100.0f;

  private Threshold() {}

  /**
   * Returns the threshold of these rules.
   *
   * @param before that of samplers before this one; -1 = none
   */
  static long of(SamplerRules rules, long before) {
    float percentage = Math.min(rules.percentage(), 100);
    if (percentage == 0) {
      return NEVER;
    }
    if (rules.mode() == Mode.HASH_SEED) {
      // Rounded down in 32 bits, as the Collector always did.
      int kept = (int) (percentage * BUCKETS_PER_CENT);
      return (long) (HASH_BUCKETS - kept) << 42;
    }
    double share = Math.max((double) percentage / 100, 1.0 / NEVER);
    if (rules.mode() == Mode.PROPORTIONAL && before > 0) {
      share *= (double) (NEVER - before) / NEVER;
    }
    return ofShare(share, rules.precision());
  }

  private static long ofShare(double share, int precision) {
    if (share < 1.0 / NEVER) {
      return NEVER;
    }
    long threshold = NEVER - Math.round(share * NEVER);
    // Digits that a very small or very large share begins with are not significant.
    int digits =
        Math.min(
            HEX_DIGITS,
            precision + Math.max(leadingDigits(share), share == 1 ? 0 : leadingDigits(1 - share)));
    int shift = HEX_BITS * (HEX_DIGITS - digits);
    if (shift == 0) {
      return threshold;
    }
    return threshold + (1L << shift - 1) >> shift << shift;
  }

  private static int leadingDigits(double fraction) {
    return Math.max(0, -(Math.getExponent(fraction) + 1) / HEX_BITS);
  }

  /**
   * Returns the random number that the mode {@code HASH_SEED} derives from a trace id.
   *
   * @param traceId 16 bytes
   */
  static long hashed(byte[] traceId, int seed) {
    int hash = 0x811C9DC5; // FNV-1a
    for (int i = 0; i < Integer.BYTES; i++) {
      hash = (hash ^ seed >>> 8 * i & 0xFF) * 0x01000193;
    }
    for (byte b : traceId) {
      hash = (hash ^ b & 0xFF) * 0x01000193;
    }
    // The decision needs the 14 lowest bits. The others fill the rest of the number.
    long bucket = hash & HASH_BUCKETS - 1;
    long rest = hash >>> 32 - 14;
    long mixed = rest ^ rest << 10;
    return HASH_BUCKETS - 1 - bucket << 42 | mixed << 14 | bucket;
  }
}
