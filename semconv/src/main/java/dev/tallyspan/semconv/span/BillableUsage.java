package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a provider bills for a span, as far as the span shows it.
 *
 * @param total the tokens; null if there are none on the span
 * @param own the tokens that have the call's own price; null if there are none
 * @param fees what is billed in addition to the tokens, by unit
 * @param sides what is billed with the call, but separately from its own tokens
 * @param gaps why these numbers are only a lower bound, as human-readable text without content
 * @param unread keys of counts above 0 that no rule handles
 * @param mixesCacheLifetimes whether cache writes of unknown lifetime may have either lifetime
 */
public record BillableUsage(
    @Nullable TokenUsage total,
    @Nullable TokenUsage own,
    Map<String, Long> fees,
    List<SideUsage> sides,
    List<String> gaps,
    List<String> unread,
    boolean mixesCacheLifetimes) {

  /** Collects reasons; most usages have none. */
  private static final class Gaps implements Consumer<String> {
    private List<String> gaps;

    Gaps(List<String> known) {
      gaps = known;
    }

    @Override
    public void accept(String reason) {
      gaps = new ArrayList<>(gaps);
      gaps.add(reason);
    }
  }

  public BillableUsage {
    sides = List.copyOf(sides);
    gaps = List.copyOf(gaps);
    unread = List.copyOf(unread);
  }

  /** Returns the same with tokens that were estimated. */
  BillableUsage estimated(long input, long output) {
    TokenUsage counted =
        TokenUsage.inclusive()
            .input(input)
            .output(output)
            .source(TokenUsage.Source.ESTIMATED)
            .build();
    return with(counted, counted);
  }

  /** Returns the same with one lifetime for all cache writes. */
  BillableUsage withCacheWriteLifetime(boolean anHour) {
    return total == null || own == null
        ? this
        : with(total.withCacheWriteLifetime(anHour), own.withCacheWriteLifetime(anHour));
  }

  private BillableUsage with(TokenUsage all, TokenUsage ofTheCall) {
    return new BillableUsage(all, ofTheCall, fees, sides, gaps, unread, mixesCacheLifetimes);
  }

  /**
   * Passes each count that is not 0 to the consumer.
   *
   * @param searches on the web; 0 or less if there are none or the number is unknown
   */
  void forEachCount(long searches, ObjLongConsumer<String> counts) {
    if (own != null) {
      own.forEachDisjointCount(counts);
    }
    if (searches > 0) {
      counts.accept("web_searches", searches);
    }
    fees.forEach(counts::accept);
  }

  /** Input tokens written to a cache with an unknown lifetime; 0 if there are none. */
  long cacheWritesOfUnknownLifetime() {
    return total == null
            || total.cacheWrite5m() != TokenUsage.UNKNOWN
            || total.cacheWrite1h() != TokenUsage.UNKNOWN
        ? 0
        : TokenUsage.known(total.cacheWrite());
  }

  /** All reasons why this is only a lower bound. */
  List<String> allGaps() {
    if (own == null) {
      return gaps;
    }
    Gaps all = new Gaps(gaps);
    if (mixesCacheLifetimes && cacheWritesOfUnknownLifetime() > 0) {
      all.accept("cache_write: lifetime not known, priced as five minutes, the cheapest");
    }
    own.forEachDisjointCount((unit, count) -> {}, all);
    return all.gaps;
  }
}
