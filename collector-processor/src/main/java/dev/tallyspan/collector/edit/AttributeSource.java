package dev.tallyspan.collector.edit;

import io.opentelemetry.api.common.Value;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Attributes by key. Of a key that occurs more than once, the first occurrence counts. */
interface AttributeSource {

  /** Returns null if there is no such attribute; an attribute without a value has an empty one. */
  @Nullable Value<?> get(String key);

  /** The keys, in any order. */
  Set<String> keys();

  /** Returns the keys that match, in any order. */
  default Set<String> keys(GoRegex pattern) {
    Set<String> keys = new LinkedHashSet<>(keys());
    keys.removeIf(key -> !pattern.matches(key));
    return keys;
  }
}
