package dev.tallyspan.collector.server;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.config.OffloadConfig;
import dev.tallyspan.collector.config.PolicyConfig;
import dev.tallyspan.collector.offload.S3OffloadStore;
import dev.tallyspan.collector.offload.S3Settings;
import dev.tallyspan.collector.output.policy.PolicyMetrics;
import dev.tallyspan.collector.output.policy.PolicyProcessor;
import dev.tallyspan.collector.output.policy.SizeLimitProcessor;
import dev.tallyspan.collector.output.policy.SizeLimits;
import dev.tallyspan.collector.output.policy.TraceBudgets;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.semconv.content.FileOffloadStore;
import dev.tallyspan.semconv.content.OffloadStore;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The content policies of exporters, and the stores that they move large parts to. */
final class ContentPolicies {

  /** One for each bucket, whatever the number of policies and pipelines. */
  private final Map<S3Settings, S3OffloadStore> buckets = new LinkedHashMap<>();

  /**
   * Returns the processor that applies a policy.
   *
   * @param exporters the ids of those that get the same bytes
   */
  Processor processor(PolicyConfig policy, List<String> exporters, Meter meter) {
    return new PolicyProcessor(
        policy.build(store(policy.offload(), meter)),
        new TraceBudgets(policy.maxTraceBytes(), policy.maxSpanBytes()),
        new PolicyMetrics(exporters, policy.kinds(), meter));
  }

  /**
   * Returns the processor that keeps spans within the limits of a backend.
   *
   * @param exporters the ids of those that get the same bytes
   */
  static Processor processor(SizeLimits limits, List<String> exporters, Meter meter) {
    return new SizeLimitProcessor(limits, new PolicyMetrics(exporters, List.of(), meter));
  }

  private synchronized @Nullable OffloadStore store(@Nullable OffloadConfig offload, Meter meter) {
    if (offload == null) {
      return null;
    }
    if (offload.bucket() != null) {
      return buckets.computeIfAbsent(offload.bucket(), to -> new S3OffloadStore(to, meter));
    }
    return offload.url() == null
        ? new FileOffloadStore(requireNonNull(offload.directory()))
        : new FileOffloadStore(requireNonNull(offload.directory()), offload.url());
  }

  /**
   * Closes the stores.
   *
   * @param limit for parts that wait to be uploaded, the total time
   */
  synchronized void close(Duration limit) {
    Together.close(buckets.values(), store -> store.close(limit));
    buckets.clear();
  }
}
