package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.AttributeView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What spans of one instrumentation have in common: the name of the scope, the attribute keys in
 * their order, and whether there are events; and what was concluded from these alone. Thread-safe.
 */
final class SpanShape {

  /** Larger shapes are not kept, so that memory is limited whatever keys are sent. */
  private static final int MAX_KEYS = 128;

  private static final int MAX_CHARACTERS = 6 * 1024;

  private final String scope;
  private final boolean hasEvents;
  private final @Nullable String[] keys;
  private final int hash;
  private final Map<String, Integer> indexes;

  /**
   * One bit per beginning of a key, so that most prefixes are ruled out without looking at the
   * keys.
   */
  private final long beginnings;

  /** The keys in the order of their characters; null until a shape that is kept needs them. */
  private volatile String @Nullable [] sorted;

  /** Which dialects recognise every span of this shape; null until the first one was read. */
  private volatile Recogniser.@Nullable Decisions decisions;

  private volatile Recogniser.@Nullable Renames renames;

  /** Lists that were taken apart into keys, by prefix; the dialects ask for a few dozen of them. */
  private final Map<String, Flattened> lists = new ConcurrentHashMap<>(4);

  private SpanShape(String scope, boolean hasEvents, @Nullable String[] keys, int hash) {
    this.scope = scope;
    this.hasEvents = hasEvents;
    this.keys = keys;
    this.hash = hash;
    long bits = 0;
    indexes = new HashMap<>(keys.length * 2);
    for (int i = 0; i < keys.length; i++) {
      String key = keys[i];
      if (key != null) {
        indexes.putIfAbsent(key, i);
        bits |= beginning(key);
      }
    }
    beginnings = bits;
  }

  static SpanShape of(String scope, boolean hasEvents, AttributeView attributes, int hash) {
    @Nullable String[] keys = new String[attributes.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = attributes.key(i);
    }
    return new SpanShape(scope, hasEvents, keys, hash);
  }

  static int hash(String scope, boolean hasEvents, AttributeView attributes) {
    int hash = scope.hashCode() + (hasEvents ? 1 : 0);
    for (int i = 0; i < attributes.size(); i++) {
      hash = 31 * hash + Objects.hashCode(attributes.key(i));
    }
    return hash;
  }

  int hash() {
    return hash;
  }

  /** Whether a span with these properties has this shape. */
  boolean is(String scope, boolean hasEvents, AttributeView attributes) {
    if (this.hasEvents != hasEvents
        || keys.length != attributes.size()
        || !this.scope.equals(scope)) {
      return false;
    }
    for (int i = 0; i < keys.length; i++) {
      if (!Objects.equals(keys[i], attributes.key(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the shape is small enough to be kept. */
  boolean isSmall() {
    if (keys.length > MAX_KEYS) {
      return false;
    }
    int characters = scope.length();
    for (String key : keys) {
      characters += key == null ? 0 : key.length();
    }
    return characters <= MAX_CHARACTERS;
  }

  /** Sorts the keys, since several spans look for prefixes among them. */
  void sort() {
    if (sorted == null) {
      String[] all = indexes.keySet().toArray(String[]::new);
      Arrays.sort(all);
      sorted = all;
    }
  }

  String scope() {
    return scope;
  }

  /** The index of the first attribute with this key; null if there is none. */
  @Nullable Integer index(String key) {
    return indexes.get(key);
  }

  /** All keys, without duplicates, in no particular order. */
  Iterable<String> keys() {
    return indexes.keySet();
  }

  boolean hasPrefix(String prefix) {
    if (prefix.length() > 1 && (beginnings & beginning(prefix)) == 0) {
      return false;
    }
    String[] inOrder = sorted;
    if (inOrder != null) {
      int at = Arrays.binarySearch(inOrder, prefix);
      at = at < 0 ? -at - 1 : at;
      return at < inOrder.length && inOrder[at].startsWith(prefix);
    }
    for (String key : indexes.keySet()) {
      if (key.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** The list with this prefix, which ends with a dot. */
  Flattened flattened(String prefix) {
    Flattened known = lists.get(prefix);
    if (known == null) {
      known = Flattened.of(indexes.keySet(), prefix);
      lists.put(prefix, known);
    }
    return known;
  }

  /** One bit of 64, chosen by the first two characters. */
  private static long beginning(String key) {
    return key.length() < 2 ? 0 : 1L << (key.charAt(0) * 31 + key.charAt(1));
  }

  Recogniser.@Nullable Decisions decisions() {
    return decisions;
  }

  void decided(Recogniser.Decisions decisions) {
    this.decisions = decisions;
  }

  Recogniser.@Nullable Renames renames() {
    return renames;
  }

  void renamed(Recogniser.Renames renames) {
    this.renames = renames;
  }
}
