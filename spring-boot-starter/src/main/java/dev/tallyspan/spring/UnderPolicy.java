package dev.tallyspan.spring;

import dev.tallyspan.sdk.LlmEnrichment;
import dev.tallyspan.semconv.content.ContentPolicy;
import java.util.Map;

/** What applies a policy to exporters, and does nothing else. */
final class UnderPolicy {

  private UnderPolicy() {}

  static LlmEnrichment of(ContentPolicy policy) {
    return LlmEnrichment.builder().settings(Map.of("enabled", false)).contentPolicy(policy).build();
  }
}
