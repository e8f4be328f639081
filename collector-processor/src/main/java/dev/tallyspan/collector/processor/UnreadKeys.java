package dev.tallyspan.collector.processor;

import dev.tallyspan.collector.telemetry.DistinctNames;
import dev.tallyspan.semconv.span.LlmSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Counts token counts that match no rule, in {@code tallyspan_unread_counts} by key, and logs each
 * key once. Senders choose the keys, so at most 100 have a label of their own, and only those with
 * the usual characters of keys; the rest is counted as {@code other}. Thread-safe.
 */
final class UnreadKeys {

  static final int MOST_KEYS = 100;

  private static final Logger LOGGER = System.getLogger("dev.tallyspan.collector.pipeline");
  private static final AttributeKey<String> KEY = AttributeKey.stringKey("key");
  private static final int LONGEST = 160;

  private final DistinctNames seen = new DistinctNames(MOST_KEYS);
  private final Attributes common;
  private final LongCounter counter;

  /**
   * @param common labels of every series
   */
  UnreadKeys(Meter meter, Attributes common) {
    this.common = common;
    counter =
        meter
            .counterBuilder("tallyspan_unread_counts")
            .setDescription("Token counts above 0 on calls that match no rule, by key.")
            .setUnit("{count}")
            .build();
  }

  void note(LlmSpan llm) {
    for (String key : llm.unreadCounts()) {
      counter.add(1, common.toBuilder().put(KEY, label(key)).build());
    }
  }

  private String label(String key) {
    if (!isPlain(key)) {
      return DistinctNames.OTHER;
    }
    switch (seen.see(key)) {
      case BEYOND -> {
        return DistinctNames.OTHER;
      }
      case FIRST ->
          LOGGER.log(
              Level.WARNING,
              "{0}: a token count that matches no rule; the costs of its calls may not include it",
              key);
      case AGAIN -> {
        // Already logged.
      }
    }
    return key;
  }

  private static boolean isPlain(String key) {
    if (key.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || "._-#".indexOf(c) >= 0;
      if (!plain) {
        return false;
      }
    }
    return true;
  }
}
