package dev.tallyspan.collector.output.dataset;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong in a case.
 *
 * @param message of the error; empty if there is none
 * @param score what an evaluation gave; null unless the kind is {@link Kind#SCORE}
 */
record Failure(Kind kind, String message, @Nullable Score score) {

  /** The kinds of failures, by what an evaluation can ask for in the next run. */
  enum Kind {
    /** An operation failed. */
    ERROR,
    /** An operation took too long. */
    TIMEOUT,
    /** The answer ends where the limit of tokens was reached. */
    TRUNCATED,
    /** The answer, or a call of a tool, is not in the format that was asked for. */
    BAD_FORMAT,
    /** An evaluation found the answer bad. */
    SCORE,
    /** A filter of the provider or of the application stopped the answer. */
    GUARDRAIL;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the answer itself is what was wrong, so that the same answer is wrong again. */
    boolean isOfTheAnswer() {
      return this == TRUNCATED || this == SCORE || this == GUARDRAIL;
    }
  }

  /**
   * The result of an evaluation.
   *
   * @param value null if it has only a label
   * @param label empty if it has only a value
   */
  record Score(String name, @Nullable BigDecimal value, String label) {}

  Failure(Kind kind, String message) {
    this(kind, message, /* score= */ null);
  }

  Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("kind", kind.wireName());
    Json.putText(json, "message", message);
    if (score != null) {
      Map<String, @Nullable Object> given = new LinkedHashMap<>();
      given.put("name", score.name());
      if (score.value() != null) {
        given.put("value", score.value());
      }
      Json.putText(given, "label", score.label());
      json.put("score", given);
    }
    return json;
  }
}
