package dev.tallyspan.semconv.content;

import java.util.Locale;
import java.util.Set;

/** What the words in a key say about its values. */
final class KeyWords {

  /** Last segments of keys that describe content, without case and separators. */
  private static final Set<String> DESCRIBING =
      Set.of(
          "role",
          "id",
          "type",
          "name",
          "finishreason",
          "stopreason",
          "stopsequence",
          "mimetype",
          "mediatype",
          "format",
          "model",
          "index",
          "toolcallid",
          "version",
          "provider",
          "status",
          "length",
          "toolchoice",
          "mode",
          "score",
          "label",
          "kind",
          "annotatorkind",
          "servicetier",
          "systemfingerprint");

  /** Words in keys of content, in all dialects and beyond. */
  private static final Set<String> CONTENT_WORDS =
      Set.of(
          "answer",
          "args",
          "arguments",
          "body",
          "chat",
          "choices",
          "completion",
          "completions",
          "content",
          "contents",
          "description",
          "document",
          "documents",
          "error",
          "history",
          "input",
          "inputs",
          "instruction",
          "instructions",
          "message",
          "messages",
          "output",
          "outputs",
          "payload",
          "prompt",
          "prompts",
          "q",
          "query",
          "question",
          "reasoning",
          "reply",
          "response",
          "responses",
          "result",
          "results",
          "stacktrace",
          "statement",
          "summary",
          "task",
          "text",
          "thinking",
          "thought",
          "transcript",
          "value");

  /** Last words of keys that count, name or time content. */
  private static final Set<String> COUNTING_WORDS =
      Set.of(
          "bytes",
          "chars",
          "code",
          "cost",
          "count",
          "duration",
          "fingerprint",
          "format",
          "hash",
          "id",
          "ids",
          "index",
          "kind",
          "length",
          "limit",
          "mode",
          "model",
          "ms",
          "name",
          "path",
          "provider",
          "reason",
          "role",
          "seconds",
          "size",
          "status",
          "threshold",
          "tier",
          "time",
          "timestamp",
          "token",
          "tokens",
          "type",
          "uri",
          "url",
          "version");

  private KeyWords() {}

  /** Whether the last segment of a key, below one of content, says that the value describes it. */
  static boolean describe(String key) {
    String last = key.substring(Math.max(key.lastIndexOf('.'), key.lastIndexOf(':')) + 1);
    return DESCRIBING.contains(last.toLowerCase(Locale.ROOT).replace("_", "").replace("-", ""));
  }

  /**
   * Whether one of the words is one of content, in camelCase too, unless the last counts or names
   * the others.
   */
  static boolean nameContent(String key) {
    boolean content = false;
    boolean counts = false;
    int start = 0;
    for (int i = 0; i <= key.length(); i++) {
      boolean letter = i < key.length() && Character.isLetter(key.charAt(i));
      boolean hump =
          letter
              && i > start
              && Character.isUpperCase(key.charAt(i))
              && Character.isLowerCase(key.charAt(i - 1));
      if (!letter || hump) {
        if (i > start) {
          String word = key.substring(start, i).toLowerCase(Locale.ROOT);
          content |= CONTENT_WORDS.contains(word);
          counts = COUNTING_WORDS.contains(word);
        }
        start = hump ? i : i + 1;
      }
    }
    return content && !counts;
  }
}
