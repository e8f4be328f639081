package dev.tallyspan.collector.output.debug;

import dev.tallyspan.semconv.content.ContentKeys;
import java.util.List;

/**
 * Tells which texts must not be shown: what people and models said, as {@link ContentKeys} knows,
 * what quotes data, and long texts. It rather hides too much.
 */
final class ContentGuard {

  /** Longer texts are content, whatever their key. */
  private static final int LONGEST = 100;

  /**
   * What begins so is no content of models, but quotes data: queries, and commands with options.
   */
  private static final List<String> QUOTING =
      List.of("db.query.", "db.statement", "url.query", "process.command");

  private ContentGuard() {}

  /** Whether a text under this key must not be shown. */
  static boolean hides(String key, String text) {
    return text.length() > LONGEST || isContent(key);
  }

  /** Whether any text under this key must not be shown. */
  static boolean isContent(String key) {
    return ContentKeys.isContent(key) || QUOTING.stream().anyMatch(key::startsWith);
  }
}
