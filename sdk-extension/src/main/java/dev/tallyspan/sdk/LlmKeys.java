package dev.tallyspan.sdk;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys that only LLM spans have. Looking for them is the only work for other spans, so it does
 * not allocate: the consumer has no state, and tells of a find by an exception that is made once.
 */
final class LlmKeys implements BiConsumer<AttributeKey<?>, Object> {

  private static final int REMEMBERED = 512;

  private final String[][] byFirstChar = new String[128][0];

  /**
   * Keys that were found to be others, by their hash, which a key keeps. Instrumentations use the
   * same few objects again and again. Races are harmless: keys are immutable.
   */
  private final @Nullable AttributeKey<?>[] others = new AttributeKey<?>[REMEMBERED];

  /**
   * @param prefixes of keys, in ASCII
   */
  LlmKeys(Collection<String> prefixes) {
    for (String prefix : prefixes) {
      String[] before = byFirstChar[prefix.charAt(0)];
      String[] after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = prefix;
      byFirstChar[prefix.charAt(0)] = after;
    }
  }

  boolean areAmong(Attributes attributes) {
    try {
      attributes.forEach(this);
      return false;
    } catch (Found found) {
      return true;
    }
  }

  @Override
  public void accept(AttributeKey<?> key, Object value) {
    int slot = key.hashCode() & REMEMBERED - 1;
    if (others[slot] == key) {
      return;
    }
    if (matches(key.getKey())) {
      throw Found.INSTANCE;
    }
    others[slot] = key;
  }

  private boolean matches(String key) {
    if (key.isEmpty() || key.charAt(0) >= byFirstChar.length) {
      return false;
    }
    for (String prefix : byFirstChar[key.charAt(0)]) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static final class Found extends RuntimeException {

    private static final long serialVersionUID = 1L;

    static final Found INSTANCE = new Found();

    Found() {
      super("found", /* cause= */ null, /* enableSuppression= */ false, /* stackTrace= */ false);
    }
  }
}
