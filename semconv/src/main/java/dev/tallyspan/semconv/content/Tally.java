package dev.tallyspan.semconv.content;

import java.util.Map;
import java.util.TreeMap;

/** Counts what is done while a policy is applied once. */
final class Tally {

  private final Map<String, Integer> masked = new TreeMap<>();
  int removed;
  int summarized;
  int offloaded;
  int notStored;
  int mended;
  long truncatedBytes;
  int failures;

  void masked(String kind) {
    masked.merge(kind, 1, Integer::sum);
  }

  /** Adds what was counted apart. */
  void add(Tally other) {
    other.masked.forEach((kind, count) -> masked.merge(kind, count, Integer::sum));
    removed += other.removed;
    summarized += other.summarized;
    offloaded += other.offloaded;
    notStored += other.notStored;
    mended += other.mended;
    truncatedBytes += other.truncatedBytes;
    failures += other.failures;
  }

  PolicyReport report() {
    PolicyReport report =
        new PolicyReport(
            masked, removed, summarized, offloaded, notStored, mended, truncatedBytes, failures);
    return report.isEmpty() ? PolicyReport.nothing() : report;
  }
}
