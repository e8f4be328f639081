package dev.tallyspan.collector.output.recent;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.window.KeptCall;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.span.Cost;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A span in the store: what lists, trees and sums need as fields, and everything else as JSON that
 * was written once. Content in it has passed the content policy. Texts that are not known are
 * empty, counts that are not known are 0.
 *
 * @param key the span id; for a span without one, an id that is unique in the store
 * @param startNanos nanoseconds since the epoch; 0 if unknown
 * @param endNanos nanoseconds since the epoch; 0 if unknown
 * @param failed whether the span's status is ERROR, or the operation has the type of an error
 * @param llm the facts of an LLM operation; null if the span is not about an LLM
 * @param redacted whether the content policy removed or masked something
 * @param scores the results of evaluations of the span, those that came with it first
 * @param detail the whole span as a JSON object in UTF-8, whose last member is the list {@code
 *     evaluations}; must not be modified
 */
record RecentSpan(
    String traceId,
    String key,
    String parentSpanId,
    String name,
    String service,
    long startNanos,
    long endNanos,
    boolean failed,
    String errorType,
    String statusMessage,
    String user,
    String session,
    String feature,
    @Nullable Facts llm,
    boolean redacted,
    List<Evaluation> scores,
    byte[] detail) {

  private static final Set<String> MODEL_CALLS =
      Set.of("chat", "generate_content", "text_completion", "embeddings");

  /** The heap of the object and its fields, for a 64-bit JVM with compressed references. */
  private static final int OBJECT = 512;

  /**
   * The facts of an LLM operation.
   *
   * @param subject what ran: the model, the tool or the agent
   * @param inputTokens including those read from a cache and written to one
   * @param outputTokens including reasoning
   * @param firstTokenSeconds from the start of the span; 0 if not known
   * @param amount the exact cost of this span alone; null if it is not known
   * @param rule what decided who bills the call; empty if only the span itself
   * @param late whether another span bills the call that was not known when the cost was forwarded,
   *     because it came in another request
   * @param call for the comparison with such spans; null if there is nothing to compare
   * @param asked the beginning of the last text of the user
   * @param answered the beginning of the answer
   * @param responseId the provider's id of the answer
   */
  record Facts(
      String operation,
      String provider,
      String model,
      String subject,
      long inputTokens,
      long cachedTokens,
      long outputTokens,
      long reasoningTokens,
      double firstTokenSeconds,
      Cost cost,
      @Nullable BigDecimal amount,
      String rule,
      boolean late,
      @Nullable KeptCall call,
      String asked,
      String answered,
      String responseId) {

    /** Returns the same with the cost that spans of other requests showed. */
    Facts corrected(Cost other, String decided) {
      return new Facts(
          operation,
          provider,
          model,
          subject,
          inputTokens,
          cachedTokens,
          outputTokens,
          reasoningTokens,
          firstTokenSeconds,
          other,
          other.status().isBilled() ? amount : null,
          decided,
          /* late= */ true,
          call,
          asked,
          answered,
          responseId);
    }

    boolean is(Cost.Status status) {
      return cost.status() == status;
    }

    /** Whether the span is one call of a model, and the one that is billed. */
    boolean isModelCall() {
      return cost.status().isBilled()
          && (cost.total() != null || is(Cost.Status.UNPRICED) || MODEL_CALLS.contains(operation));
    }
  }

  /** Returns the same span with one more result of an evaluation. */
  RecentSpan with(Evaluation score) {
    List<Evaluation> all = new ArrayList<>(scores);
    all.removeIf(score::isStateOf);
    all.add(score);
    return with(llm, List.copyOf(all), detailWith(all));
  }

  /** Returns the same span with other facts and details. */
  RecentSpan with(Facts facts, byte[] details) {
    return with(facts, scores, details);
  }

  /** Writes another list at the end of the object. */
  private byte[] detailWith(List<Evaluation> all) {
    byte[] list = detailEnd(all);
    int kept = detail.length - detailEnd(scores).length;
    byte[] other = Arrays.copyOf(detail, kept + list.length);
    System.arraycopy(list, 0, other, kept, list.length);
    return other;
  }

  private static byte[] detailEnd(List<Evaluation> scores) {
    return scores.stream()
        .map(ScoreJson::text)
        .collect(Collectors.joining(",", "", "]}"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private RecentSpan with(@Nullable Facts facts, List<Evaluation> evaluations, byte[] details) {
    return new RecentSpan(
        traceId,
        key,
        parentSpanId,
        name,
        service,
        startNanos,
        endNanos,
        failed,
        errorType,
        statusMessage,
        user,
        session,
        feature,
        facts,
        redacted,
        evaluations,
        details);
  }

  long durationNanos() {
    return startNanos > 0 && endNanos > startNanos ? endNanos - startNanos : 0;
  }

  /** Whether the span was sent again, and its last state is another one, which bills. */
  boolean isEarlierState() {
    return llm != null && SpanRecord.isEarlierState(key, llm.cost());
  }

  boolean isModelCall() {
    return llm != null && llm.isModelCall();
  }

  /** The heap that the span takes, estimated: two bytes for each character. */
  long bytes() {
    long characters =
        traceId.length()
            + key.length()
            + parentSpanId.length()
            + name.length()
            + service.length()
            + errorType.length()
            + statusMessage.length()
            + user.length()
            + session.length()
            + feature.length();
    if (llm != null) {
      characters += 384 + llm.asked.length() + llm.answered.length() + llm.responseId.length();
    }
    for (Evaluation score : scores) {
      characters += 64 + score.name().length() + length(score.label());
      characters += length(score.explanation());
    }
    return OBJECT + 2 * characters + detail.length;
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** Contains only the ids, because everything else may be personal. */
  @Override
  public String toString() {
    return "RecentSpan[traceId=" + traceId + ", key=" + key + "]";
  }
}
