package dev.tallyspan.collector.sampling;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which traces are kept. The rules apply to traces with spans about LLMs; all others are kept.
 *
 * @param share of the traces that no rule keeps, 0 to 1
 * @param errors whether a trace is kept if a span of it failed
 * @param costAbove keeps traces whose billed calls cost more than this, in any one currency; null =
 *     no rule
 * @param tokensAbove keeps traces whose billed calls have more input and output tokens; null = no
 *     rule
 * @param slowerThan keeps traces in which the root or a span about an LLM took longer; null = no
 *     rule
 * @param scoreBelow keeps traces with an evaluation whose score is lower; null = no rule
 * @param users keeps the traces of these users
 * @param tags keeps traces with one of these tags
 * @param labels keeps traces with an evaluation that has one of these labels; {@code NAME=LABEL}
 *     means evaluations of this name alone
 */
public record SamplingRules(
    double share,
    boolean errors,
    @Nullable Double costAbove,
    @Nullable Long tokensAbove,
    @Nullable Duration slowerThan,
    @Nullable Double scoreBelow,
    Set<String> users,
    Set<String> tags,
    Set<String> labels) {

  /**
   * @throws IllegalArgumentException if {@code share} is not from 0 to 1
   */
  public SamplingRules {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share=" + share + ": must be from 0 to 1");
    }
    users = Set.copyOf(users);
    tags = Set.copyOf(tags);
    labels = Set.copyOf(labels);
  }

  /** Whether a rule is about the results of evaluations. */
  public boolean needEvaluations() {
    return scoreBelow != null || !labels.isEmpty();
  }

  /** Leaves out the users, which may be personal data. */
  @Override
  public String toString() {
    return "SamplingRules[share=" + share + "]";
  }
}
