package dev.tallyspan.collector.output.policy;

import dev.tallyspan.semconv.content.PolicyReport;

/** Receives what a policy did. Called on the threads that apply it; must not throw. */
@FunctionalInterface
public interface PolicyListener {

  /**
   * @param place what has the attribute: {@code span}, {@code event}; empty for a whole request
   * @param key the attribute, or {@code span.name} and the like for a text; empty for all
   * @param report what was done; empty if nothing was
   */
  void applied(String place, String key, PolicyReport report);
}
