package dev.tallyspan.semconv.internal.judge;

import dev.tallyspan.semconv.AttributeView;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.dialect.Draft;
import dev.tallyspan.semconv.internal.dialect.IndexedSpan;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Nesting;
import dev.tallyspan.semconv.span.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Takes the token counts on a span that no dialect has asked for: reads those whose words tell what
 * they are, and names the others, since a count that stays unread may be one that is billed.
 */
final class UnreadCounts {

  /** Keys of counts that are not usage of this call. */
  private static final List<String> OF_OTHERS =
      List.of(
          "tallyspan.",
          "gen_ai.aggregated_usage.",
          "pydantic_ai.cache.",
          "gen_ai.request.",
          "llm.request.");

  /** Words in keys of what was allowed, offered, or paid. */
  private static final List<String> NO_USAGE =
      List.of("max", "limit", "budget", "remaining", "threshold", "cost", "price", "reserved");

  /** What is not longer than this may be shown to operators: keys are names, not content. */
  private static final int LONGEST_KEY = 128;

  /**
   * Of two keys whose words mean the same the larger count is read, so that none that may be billed
   * is lost, and in whatever order the attributes stand; details come after what they repeat.
   */
  private static final Comparator<Count> FIRST_TO_LAST =
      Comparator.<Count, Boolean>comparing(count -> isDetail(count.key))
          .thenComparing(count -> -count.value.asCount())
          .thenComparing(Count::key);

  private record Count(String key, Json value) {}

  private UnreadCounts() {}

  static void take(IndexedSpan span, Draft out) {
    List<Count> counts = null;
    AttributeView attributes = span.span().attributes();
    for (int i = 0; i < attributes.size(); i++) {
      String key = attributes.key(i);
      if (key != null && mayCount(key) && !span.wasAskedFor(i)) {
        counts = counts == null ? new ArrayList<>() : counts;
        counts.add(new Count(key, Json.of(Nesting.bounded(attributes.value(i)))));
      }
    }
    if (counts != null) {
      counts.sort(FIRST_TO_LAST);
      counts.forEach(count -> take(count.key, count.value, out));
    }
  }

  /** Whether the total includes exactly the counts that no rule handles: then they are billed. */
  static void findInTotal(TokenUsage usage, Draft out) {
    long rest =
        out.count(Slot.TOTAL_TOKENS)
            - TokenUsage.known(usage.input())
            - TokenUsage.known(usage.output());
    long sum = 0;
    boolean found = false;
    for (long count : out.unreadCounts().values()) {
      sum += count;
      found |= count == rest;
    }
    if (rest > 0 && (found || sum == rest)) {
      out.gap("tokens of the total that no rule reads");
    }
  }

  private static void take(String key, Json value, Draft out) {
    Slot<Long> slot = UsageWords.slot(key);
    if (slot != null && isRepeated(key, slot, out)) {
      return;
    }
    if (slot != null && !isDetail(key)) {
      out.offerWords(slot, value, key);
    } else if (value.asCount() > 0 && key.length() <= LONGEST_KEY && isUsage(key)) {
      out.unread(key, value.asCount());
    }
  }

  /**
   * Details repeat what the provider counts, which may be another thing than the same words mean.
   */
  private static boolean isDetail(String key) {
    return key.contains(".details.") && !key.contains("cache") && !key.contains("reason");
  }

  private static boolean isRepeated(String key, Slot<Long> slot, Draft out) {
    return isDetail(key) && out.has(slot);
  }

  private static boolean mayCount(String key) {
    return key.endsWith("okens") || UsageWords.isUsage(key);
  }

  private static boolean isUsage(String key) {
    for (String prefix : OF_OTHERS) {
      if (key.startsWith(prefix)) {
        return false;
      }
    }
    for (String word : NO_USAGE) {
      if (key.contains(word)) {
        return false;
      }
    }
    return true;
  }
}
