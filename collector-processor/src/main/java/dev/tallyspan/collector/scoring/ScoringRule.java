package dev.tallyspan.collector.scoring;

import static java.util.Objects.requireNonNull;

/**
 * A score that is computed here: 1 and {@code pass}, or 0 and {@code fail}.
 *
 * @param name of the evaluation
 * @param selection what is scored
 * @param check what it must be like
 */
public record ScoringRule(String name, Selection selection, Check check) {
  public ScoringRule {
    requireNonNull(name, "name");
    requireNonNull(selection, "selection");
    requireNonNull(check, "check");
  }
}
