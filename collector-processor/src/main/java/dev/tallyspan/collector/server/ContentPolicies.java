package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.OffloadConfig;
import dev.tallyspan.collector.config.PolicyConfig;
import dev.tallyspan.collector.output.policy.PolicyMetrics;
import dev.tallyspan.collector.output.policy.PolicyProcessor;
import dev.tallyspan.collector.output.policy.TraceBudgets;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.semconv.content.FileOffloadStore;
import dev.tallyspan.semconv.content.OffloadStore;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates the content policies of exporters. */
final class ContentPolicies {

  private ContentPolicies() {}

  /**
   * Returns the processor that applies a policy.
   *
   * @param exporters the ids of those that get the same bytes
   */
  static Processor processor(PolicyConfig policy, List<String> exporters, Meter meter) {
    return new PolicyProcessor(
        policy.build(store(policy.offload())),
        new TraceBudgets(policy.maxTraceBytes(), policy.maxSpanBytes()),
        new PolicyMetrics(exporters, policy.kinds(), meter));
  }

  private static @Nullable OffloadStore store(@Nullable OffloadConfig offload) {
    if (offload == null) {
      return null;
    }
    return offload.url() == null
        ? new FileOffloadStore(offload.directory())
        : new FileOffloadStore(offload.directory(), offload.url());
  }
}
