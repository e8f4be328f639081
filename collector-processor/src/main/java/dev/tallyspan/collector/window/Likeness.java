package dev.tallyspan.collector.window;

import dev.tallyspan.semconv.TokenUsage;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares what two spans say about a call, in the ways in which instrumentations differ. */
final class Likeness {

  /** Local servers number their answers: {@code chatcmpl-123}. */
  private static final int LEAST_ID_LENGTH = 16;

  /** Instrumentations round times to milliseconds. */
  private static final long ROUNDING_NANOS = 2_000_000;

  /** The clocks of services differ. */
  private static final long SKEW_NANOS = 100_000_000;

  private Likeness() {}

  /** Compares two token counts. */
  private interface Equality {
    boolean of(long count, long other);
  }

  private record Tokens(long input, long output, long cached, long reasoning) {

    static Tokens of(SpanFacts facts) {
      return new Tokens(
          facts.input(), facts.output(), facts.cacheRead() + facts.cacheWrite(), facts.reasoning());
    }

    static Tokens sum(Collection<TraceSpan> spans) {
      long input = 0;
      long output = 0;
      long cached = 0;
      long reasoning = 0;
      for (TraceSpan span : spans) {
        SpanFacts facts = span.facts();
        input += Math.max(0, facts.input());
        output += Math.max(0, facts.output());
        cached += facts.cacheRead() + facts.cacheWrite();
        reasoning += facts.reasoning();
      }
      return new Tokens(input, output, cached, reasoning);
    }

    /** Equal, if cache tokens or reasoning that one of them leaves out are added. */
    boolean agreesWith(Tokens other, Equality equality) {
      boolean inputs =
          input == TokenUsage.UNKNOWN
              || other.input == TokenUsage.UNKNOWN
              || equality.of(input, other.input)
              || equality.of(input + cached, other.input)
              || equality.of(input, other.input + other.cached)
              || equality.of(input - cached, other.input)
              || equality.of(input, other.input - other.cached);
      boolean outputs =
          output == TokenUsage.UNKNOWN
              || other.output == TokenUsage.UNKNOWN
              || equality.of(output, other.output)
              || equality.of(output + reasoning, other.output)
              || equality.of(output, other.output + other.reasoning)
              || equality.of(output - reasoning, other.output)
              || equality.of(output, other.output - other.reasoning);
      return inputs && outputs;
    }
  }

  private static boolean equal(long count, long other) {
    return count == other;
  }

  /** Counts of two instrumentations may differ slightly, as in streams. */
  private static boolean near(long count, long other) {
    return Math.abs(count - other) <= Math.max(2, Math.max(count, other) / 100);
  }

  static boolean haveTokens(TraceSpan a, TraceSpan b) {
    return a.facts().hasTokens() && b.facts().hasTokens();
  }

  /** Whether the tokens may be those of one call, or are not known. */
  static boolean sameTokens(TraceSpan a, TraceSpan b) {
    return Tokens.of(a.facts()).agreesWith(Tokens.of(b.facts()), Likeness::equal);
  }

  static boolean nearlySameTokens(TraceSpan a, TraceSpan b) {
    return Tokens.of(a.facts()).agreesWith(Tokens.of(b.facts()), Likeness::near);
  }

  /** Whether the tokens of a span are nearly the sum of those of others. */
  static boolean isSum(TraceSpan span, Collection<TraceSpan> others) {
    return Tokens.of(span.facts()).agreesWith(Tokens.sum(others), Likeness::near);
  }

  static boolean mayHaveSameModel(TraceSpan a, TraceSpan b) {
    return ModelNames.mayAgree(a.facts(), b.facts());
  }

  /** Whether a span has more tokens of both kinds, so that they may contain those of the other. */
  static boolean mayContain(TraceSpan outer, TraceSpan inner) {
    return outer.facts().input() > inner.facts().input()
        && outer.facts().output() > inner.facts().output();
  }

  /** Whether the response id is one that no other answer has. */
  static boolean hasUniqueAnswer(TraceSpan span) {
    String id = span.facts().responseId();
    return id != null && id.length() >= LEAST_ID_LENGTH;
  }

  /** Whether both spans have ids of the same kind, and they differ. */
  static boolean answersDiffer(TraceSpan a, TraceSpan b) {
    String id = a.facts().responseId();
    String other = b.facts().responseId();
    if (id == null || other == null || id.equals(other)) {
      return false;
    }
    String kind = kindOfId(id);
    return kind != null && kind.equals(kindOfId(other));
  }

  /**
   * {@code chatcmpl} of {@code chatcmpl-123}, {@code msg} of {@code msg_123}. Null if the id does
   * not show what it identifies: a framework's own number of a run looks like that of an answer.
   */
  private static @Nullable String kindOfId(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == '-' || c == '_') {
        return i >= 2 && i < id.length() - 1 ? id.substring(0, i) : null;
      }
      if (!Character.isLetter(c)) {
        return null;
      }
    }
    return null;
  }

  /**
   * Whether two spans may be about one call, whatever their models, tokens, and times. Spans of one
   * instrumentation may not, because they would be nested.
   */
  static boolean mayBeTwins(TraceSpan a, TraceSpan b) {
    return !a.facts().scope().equals(b.facts().scope())
        && a.facts().kind().equals(b.facts().kind())
        && !answersDiffer(a, b);
  }

  /** Whether the interval of one span is within that of the other. */
  static boolean isOneWithinOther(TraceSpan a, TraceSpan b) {
    long tolerance = tolerance(a, b, ROUNDING_NANOS);
    return areTimed(a, b) && (isWithin(a, b, tolerance) || isWithin(b, a, tolerance));
  }

  private static boolean isWithin(TraceSpan inner, TraceSpan outer, long tolerance) {
    return inner.start >= outer.start - tolerance && inner.end <= outer.end + tolerance;
  }

  static boolean overlap(TraceSpan a, TraceSpan b) {
    long tolerance = tolerance(a, b, 0);
    return areTimed(a, b) && a.start <= b.end + tolerance && b.start <= a.end + tolerance;
  }

  private static boolean areTimed(TraceSpan a, TraceSpan b) {
    return a.start != 0 && b.start != 0;
  }

  /** Returns by how much the intervals of any two of these spans may differ, in nanoseconds. */
  static long tolerance(List<TraceSpan> spans) {
    for (TraceSpan span : spans) {
      if (!span.facts().service().equals(spans.get(0).facts().service())) {
        return SKEW_NANOS;
      }
    }
    return ROUNDING_NANOS;
  }

  private static long tolerance(TraceSpan a, TraceSpan b, long inOneService) {
    return a.facts().service().equals(b.facts().service()) ? inOneService : SKEW_NANOS;
  }
}
