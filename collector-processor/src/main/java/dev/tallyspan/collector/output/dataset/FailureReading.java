package dev.tallyspan.collector.output.dataset;

import static java.util.Comparator.naturalOrder;

import dev.tallyspan.collector.output.dataset.Failure.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds out what went wrong in the spans of a case. */
final class FailureReading {

  private static final Pattern TIMEOUT =
      Pattern.compile(
          "(?i)time[d_ -]*out|deadline.?exceeded|\\b(408|504)\\b|TimeLimit|took too long");
  private static final Pattern GUARDRAIL =
      Pattern.compile("(?i)guardrail|content.?(filter|policy)|responsible.?ai|moderation|safety");
  private static final Pattern BAD_FORMAT =
      Pattern.compile(
          "(?i)json.?(decode|parse|mapping|syntax|process)|(not|in).?(a.)?valid.json"
              + "|output.?pars|(expected|output|response).schema|schema.?validation"
              + "|validation.?error|malformed.?function|invalid.?tool");

  private FailureReading() {}

  /**
   * @param spans of the case
   * @param answer the span whose output is the answer of the case
   */
  static Optional<Failure> of(List<SpanFacts> spans, Optional<SpanFacts> answer) {
    Optional<SpanFacts> cause = cause(spans);
    if (cause.isPresent()) {
      SpanFacts failed = cause.get();
      return Optional.of(new Failure(kind(failed), failed.message()));
    }
    return answer.flatMap(FailureReading::ofAnswer).or(() -> ofScores(spans));
  }

  /**
   * The worst result of an evaluation that says that something is bad: by its label, or if there is
   * none by a score below 0.5 where scores go from 0 to 1. The explanation is the message.
   */
  private static Optional<Failure> ofScores(List<SpanFacts> spans) {
    return spans.stream()
        .flatMap(span -> span.evaluations().stream())
        .filter(SpanFacts.Result::isBad)
        .min(Comparator.comparing(SpanFacts.Result::value, Comparator.nullsLast(naturalOrder())))
        .map(
            bad ->
                new Failure(
                    Kind.SCORE,
                    bad.explanation(),
                    new Failure.Score(bad.name(), bad.value(), bad.label())));
  }

  private static Optional<Failure> ofAnswer(SpanFacts answer) {
    List<String> reasons = answer.finishReasons();
    if (reasons.contains("length")) {
      return Optional.of(new Failure(Kind.TRUNCATED, "finish_reason: length"));
    }
    Optional<String> filtered =
        reasons.stream()
            .filter(reason -> reason.matches("(?i)content_filter|safety|refusal"))
            .findFirst();
    if (filtered.isPresent()) {
      return Optional.of(new Failure(Kind.GUARDRAIL, "finish_reason: " + filtered.get()));
    }
    // Where the policy has changed the answer, its format says nothing.
    if (answer.isJsonWanted()
        && !answer.isRedacted(SpanFacts.OUTPUT)
        && !answer.answer().isEmpty()
        && !Json.isJson(answer.answer())) {
      return Optional.of(new Failure(Kind.BAD_FORMAT, "the answer is not JSON"));
    }
    return Optional.empty();
  }

  /** The type of the error says more than its text, which may quote anything. */
  private static Kind kind(SpanFacts failed) {
    for (String text : List.of(failed.errorType(), failed.message())) {
      if (TIMEOUT.matcher(text).find()) {
        return Kind.TIMEOUT;
      }
      if (GUARDRAIL.matcher(text).find()) {
        return Kind.GUARDRAIL;
      }
      if (BAD_FORMAT.matcher(text).find()) {
        return Kind.BAD_FORMAT;
      }
    }
    return Kind.ERROR;
  }

  /**
   * Of the failed spans that no other failed span is above, the last: what failed before, was tried
   * again. Then down along the failed children that ended last, because an error goes up from where
   * it began.
   */
  private static Optional<SpanFacts> cause(List<SpanFacts> spans) {
    Map<String, SpanFacts> failed = new HashMap<>();
    for (SpanFacts span : spans) {
      if (span.failed()) {
        failed.put(span.key(), span);
      }
    }
    Map<String, List<SpanFacts>> children = new HashMap<>();
    for (SpanFacts span : spans) {
      if (span.failed()) {
        String parent = failed.containsKey(span.parent()) ? span.parent() : "";
        children.computeIfAbsent(parent, key -> new ArrayList<>()).add(span);
      }
    }
    Optional<SpanFacts> cause = Optional.empty();
    String at = "";
    // A cycle of parents has no first, so that it is not reached; its spans are each other's.
    while (children.containsKey(at)) {
      SpanFacts last =
          children.remove(at).stream().max(Comparator.comparing(SpanFacts::endNanos)).orElseThrow();
      cause = Optional.of(last);
      at = last.key();
    }
    return cause.isEmpty() ? failed.values().stream().findFirst() : cause;
  }
}
