package dev.tallyspan.collector.pipeline;

import static java.util.Objects.requireNonNull;

/**
 * What the other spans showed about who bills the call of a span.
 *
 * @param rule that decided
 * @param other the span that decided it, {@code spanId} or {@code traceId/spanId} in hex digits;
 *     empty if it was not a single one
 */
public record Verdict(Rule rule, String other) {

  /** The rules, in the order in which they are applied. */
  public enum Rule {
    /** The same span was sent more than once; the last state bills. */
    SAME_SPAN("the same span, sent again"),
    /** The span was forwarded before, and is sent again: it keeps the verdict that it had. */
    RESENT("sent before"),
    /** Both spans have the provider's id of the answer, and are nested or overlap. */
    SAME_ANSWER("the same response id"),
    /** The span of a framework or a client is around the span of a client or a server. */
    AROUND("nested spans of one call"),
    /** The span has no tokens, and the spans within it have. */
    WRAPPER("without tokens, around calls that have them"),
    /** The tokens of the span are those of the several calls within it. */
    SUM("the tokens of the calls within it"),
    /** Two instrumentations recorded a call under the same parent. */
    BESIDE("next to the span of the same call by another instrumentation"),
    /** The same call may be recorded in another trace; nothing proves it. */
    MAY_BE("perhaps the same call"),
    /** A sum of calls of which no span was seen. */
    SOLE_SOURCE("no other span describes the calls that it sums");

    private final String text;

    Rule(String text) {
      this.text = text;
    }

    /** The rule in English, for people. */
    public String text() {
      return text;
    }
  }

  public Verdict {
    requireNonNull(rule, "rule");
    requireNonNull(other, "other");
  }
}
