package dev.tallyspan.collector.scoreapi;

import dev.tallyspan.collector.spans.EvaluationLogs;
import dev.tallyspan.semconv.Evaluation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The log records of the scores in a request, written one after another. Not thread-safe. */
final class ScoreRecords {

  private static final byte[] NONE = {};
  private static final String PREFIX = "tallyspan.evaluation.";
  private static final Pattern ZEROS = Pattern.compile("0+");

  /** Thrown when the records take too many bytes. Has no stack trace. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  private final ScoreApi api;
  private final long receivedNanos;
  private final int maxBytes;
  private final EvaluationLogs logs;
  private int count;

  ScoreRecords(ScoreApi api, long receivedNanos, int maxBytes) {
    this.api = api;
    this.receivedNanos = receivedNanos;
    this.maxBytes = maxBytes;
    logs = new EvaluationLogs("dev.tallyspan.scores", /* service= */ "");
  }

  /** A score as both APIs have it. Empty or null = the sender does not say. */
  record Score(
      String traceId,
      String spanId,
      String id,
      String name,
      @Nullable Double value,
      @Nullable String label,
      @Nullable String explanation,
      @Nullable String annotator,
      @Nullable String metadata,
      long epochNanos) {

    /** Contains only the ids. */
    @Override
    public String toString() {
      return "Score[traceId=" + traceId + ", spanId=" + spanId + ", id=" + id + "]";
    }
  }

  /**
   * @throws TooLargeException if the records take too many bytes with this one
   */
  void add(Score score) throws TooLargeException {
    Map<String, String> more = new LinkedHashMap<>();
    more.put(PREFIX + "source", api.id());
    if (score.annotator != null) {
      more.put(PREFIX + "annotator", score.annotator);
    }
    if (score.metadata != null) {
      more.put(PREFIX + "metadata", score.metadata);
    }
    Evaluation evaluation =
        new Evaluation(
            score.id,
            score.name,
            score.value,
            score.label,
            score.explanation,
            /* responseId= */ null,
            /* errorType= */ null,
            "gen_ai",
            score.epochNanos == 0 ? receivedNanos : score.epochNanos);
    logs.add(score.traceId, score.spanId, evaluation, receivedNanos, more);
    count++;
    if (logs.size() > maxBytes) {
      throw new TooLargeException();
    }
  }

  int count() {
    return count;
  }

  byte[] toByteArray() {
    return count == 0 ? NONE : logs.toByteArray();
  }

  /** Whether this is an id of OTLP: so many hex digits, not all of them 0. */
  static boolean isId(String text, int digits) {
    return text.length() == digits
        && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80)
        && !ZEROS.matcher(text).matches();
  }
}
