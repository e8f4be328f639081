package dev.tallyspan.semconv.span;

import dev.tallyspan.semconv.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What of a span is billed, as far as it shows.
 *
 * @param total the tokens; null if there are none on the span
 * @param own those of them that have the call's own price; null if there are none
 * @param fees what is billed beside the tokens, by unit
 * @param sides what is billed with the call, but apart from its own tokens
 * @param gaps why all this is a lower bound, in words for people and without content
 * @param unread keys of counts above 0 that no rule understood
 * @param mixesCacheLifetimes whether cache writes of unknown lifetime may be of either
 */
public record BillableUsage(
    @Nullable TokenUsage total,
    @Nullable TokenUsage own,
    Map<String, Long> fees,
    List<SideUsage> sides,
    List<String> gaps,
    List<String> unread,
    boolean mixesCacheLifetimes) {

  /** Collects reasons; most often there is none. */
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

  /** The same with tokens that somebody else than the provider counted. */
  BillableUsage estimated(long input, long output) {
    TokenUsage counted =
        TokenUsage.builder()
            .input(input)
            .output(output)
            .source(TokenUsage.Source.ESTIMATED)
            .build();
    return with(counted, counted);
  }

  /** The same with all cache writes for one lifetime. */
  BillableUsage withCacheWriteLifetime(boolean anHour) {
    return total == null || own == null
        ? this
        : with(total.withCacheWriteLifetime(anHour), own.withCacheWriteLifetime(anHour));
  }

  private BillableUsage with(TokenUsage all, TokenUsage ofTheCall) {
    return new BillableUsage(all, ofTheCall, fees, sides, gaps, unread, mixesCacheLifetimes);
  }

  /**
   * Gives each count that is not 0.
   *
   * @param searches on the web; not above 0 if there are none or it is not known
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

  /** Input written to a cache for a time that the span does not say; 0 if there is none. */
  long cacheWritesOfUnknownLifetime() {
    return total == null
            || total.cacheWrite5m() != TokenUsage.UNKNOWN
            || total.cacheWrite1h() != TokenUsage.UNKNOWN
        ? 0
        : TokenUsage.known(total.cacheWrite());
  }

  /** All that makes this a lower bound. */
  List<String> allGaps() {
    if (own == null) {
      return gaps;
    }
    Gaps all = new Gaps(gaps);
    if (mixesCacheLifetimes && cacheWritesOfUnknownLifetime() > 0) {
      all.accept("cache_write: for how long is not known, five minutes cost the least");
    }
    own.forEachDisjointCount((unit, count) -> {}, all);
    return all.gaps;
  }
}
