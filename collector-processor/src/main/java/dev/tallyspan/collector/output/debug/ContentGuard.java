package dev.tallyspan.collector.output.debug;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.KeyClass;
import dev.tallyspan.semconv.span.Slot;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Tells which texts may be what people and models said. By its nature, it only guesses for keys
 * that no convention defines, and rather hides too much.
 */
final class ContentGuard {

  /** Longer texts are content, whatever their key. */
  private static final int LONGEST = 100;

  private static final Map<String, KeyClass> KNOWN = known();

  /** Words in keys of content, in all dialects and beyond. */
  private static final Set<String> CONTENT_WORDS =
      Set.of(
          "answer",
          "args",
          "arguments",
          "body",
          "completion",
          "completions",
          "content",
          "document",
          "documents",
          "input",
          "inputs",
          "instructions",
          "message",
          "messages",
          "output",
          "outputs",
          "payload",
          "prompt",
          "prompts",
          "query",
          "question",
          "response",
          "result",
          "results",
          "stacktrace",
          "statement",
          "text",
          "transcript",
          "value");

  private ContentGuard() {}

  private static Map<String, KeyClass> known() {
    Map<String, KeyClass> known = new HashMap<>();
    for (Slot<?> slot : Slot.all()) {
      for (ConventionVersion generation : ConventionVersion.values()) {
        String key = slot.key(generation);
        if (key != null) {
          known.put(key, slot.keyClass());
        }
      }
    }
    return Map.copyOf(known);
  }

  /** Whether a text under this key must not be shown. */
  static boolean hides(String key, String text) {
    return text.length() > LONGEST || isContent(key);
  }

  /** Whether any text under this key must not be shown. */
  static boolean isContent(String key) {
    KeyClass known = KNOWN.get(key);
    if (known != null) {
      return known == KeyClass.CONTENT;
    }
    // camelCase too
    String words = key.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
    for (String word : words.split("[^\\p{L}]+")) {
      if (CONTENT_WORDS.contains(word)) {
        return true;
      }
    }
    return false;
  }
}
