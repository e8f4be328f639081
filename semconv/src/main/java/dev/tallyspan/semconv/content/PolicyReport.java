package dev.tallyspan.semconv.content;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a policy did, in numbers, without any content.
 *
 * @param masked how many values were masked, by kind: {@code EMAIL}, {@code SECRET}, the kinds of
 *     your own detectors, and {@code MASKED} for values that a rule masked
 * @param removed attributes, bodies, messages and members that were removed by the mode or a rule
 * @param summarized texts and values that were replaced by their length or size
 * @param offloaded parts that were moved to the store
 * @param notStored parts that were to be moved and that the store did not take: they are removed
 * @param mended texts in which NUL characters or halves of surrogate pairs were replaced
 * @param truncatedBytes how many bytes were cut off to keep the budgets
 * @param failures attributes that were removed because the policy failed on them, for example
 *     because a detector threw an exception
 */
public record PolicyReport(
    Map<String, Integer> masked,
    int removed,
    int summarized,
    int offloaded,
    int notStored,
    int mended,
    long truncatedBytes,
    int failures) {

  private static final PolicyReport NOTHING = new PolicyReport(Map.of(), 0, 0, 0, 0, 0, 0, 0);

  /**
   * Creates a report.
   *
   * @param masked values by kind; copied, and sorted by kind
   * @param removed attributes, bodies, messages and members
   * @param summarized texts and values
   * @param offloaded parts that were moved to the store
   * @param notStored parts that the store did not take
   * @param mended texts with replaced characters
   * @param truncatedBytes UTF-8 bytes that were cut off
   * @param failures attributes that were removed because the policy failed on them
   */
  public PolicyReport {
    masked = masked.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(masked));
  }

  /** {@return the report of a policy that changed nothing} */
  public static PolicyReport nothing() {
    return NOTHING;
  }

  /** {@return whether nothing was changed} */
  public boolean isEmpty() {
    return equals(NOTHING);
  }

  /** {@return the number of values that were masked, of all kinds} */
  public int maskedValues() {
    return masked.values().stream().mapToInt(Integer::intValue).sum();
  }

  /**
   * {@return the sum of this report and another one}
   *
   * @param other the report to add
   */
  public PolicyReport plus(PolicyReport other) {
    if (isEmpty()) {
      return other;
    }
    Map<String, Integer> sum = new TreeMap<>(masked);
    other.masked.forEach((kind, count) -> sum.merge(kind, count, Integer::sum));
    return new PolicyReport(
        sum,
        removed + other.removed,
        summarized + other.summarized,
        offloaded + other.offloaded,
        notStored + other.notStored,
        mended + other.mended,
        truncatedBytes + other.truncatedBytes,
        failures + other.failures);
  }
}
