package dev.tallyspan.collector.output.policy;

import dev.tallyspan.semconv.content.PolicyReport;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts what a policy does, for each exporter that it is the policy of. Counts only: nothing of
 * the content, and no keys of attributes, which senders choose. Thread-safe.
 */
public final class PolicyMetrics implements PolicyListener {

  private static final Logger LOGGER = System.getLogger(PolicyMetrics.class.getName());
  private static final AttributeKey<String> EXPORTER = AttributeKey.stringKey("exporter");
  private static final AttributeKey<String> KIND = AttributeKey.stringKey("kind");
  private static final AttributeKey<String> RESULT = AttributeKey.stringKey("result");

  private final List<Attributes> exporters = new ArrayList<>();
  private final String ids;
  private final LongCounter masked;
  private final LongCounter removed;
  private final LongCounter summarized;
  private final LongCounter offloaded;
  private final LongCounter mended;
  private final LongCounter truncated;
  private final LongCounter failures;
  private final AtomicBoolean logged = new AtomicBoolean();

  /**
   * @param exporters the ids of the exporters that get the same bytes
   * @param kinds the kinds of masks that are known before they occur
   */
  public PolicyMetrics(List<String> exporters, Collection<String> kinds, Meter meter) {
    ids = String.join(", ", exporters);
    masked =
        counter(meter, "masked", "{value}", "Values that a content policy masked, by their kind.");
    removed = counter(meter, "removed", "{value}", "Values that a content policy removed.");
    summarized =
        counter(
            meter, "summarized", "{value}", "Values that a content policy replaced by their size.");
    offloaded =
        counter(meter, "offloaded", "{part}", "Parts that a content policy moved to a store.");
    mended = counter(meter, "mended", "{text}", "Texts with characters that are not allowed.");
    truncated = counter(meter, "truncated_bytes", "By", "Bytes of content over a budget.");
    failures =
        counter(
            meter, "failures", "{failure}", "What was removed as the policy could not be applied.");
    for (String exporter : exporters) {
      Attributes attributes = Attributes.of(EXPORTER, exporter);
      this.exporters.add(attributes);
      kinds.forEach(kind -> masked.add(0, with(attributes, KIND, kind)));
      for (LongCounter counter : List.of(removed, summarized, mended, truncated, failures)) {
        counter.add(0, attributes);
      }
      offloaded.add(0, with(attributes, RESULT, "stored"));
      offloaded.add(0, with(attributes, RESULT, "not_stored"));
    }
  }

  private static LongCounter counter(Meter meter, String name, String unit, String description) {
    return meter
        .counterBuilder("tallyspan_content_" + name)
        .setUnit(unit)
        .setDescription(description)
        .build();
  }

  private static Attributes with(Attributes attributes, AttributeKey<String> key, String value) {
    return attributes.toBuilder().put(key, value).build();
  }

  @Override
  public void applied(String place, String key, PolicyReport report) {
    if (report.isEmpty()) {
      return;
    }
    for (Attributes exporter : exporters) {
      report.masked().forEach((kind, count) -> masked.add(count, with(exporter, KIND, kind)));
      removed.add(report.removed(), exporter);
      summarized.add(report.summarized(), exporter);
      mended.add(report.mended(), exporter);
      truncated.add(report.truncatedBytes(), exporter);
      failures.add(report.failures(), exporter);
      offloaded.add(report.offloaded(), with(exporter, RESULT, "stored"));
      offloaded.add(report.notStored(), with(exporter, RESULT, "not_stored"));
    }
    if (report.failures() > 0 && !logged.getAndSet(true)) {
      LOGGER.log(
          Level.WARNING,
          "exporters.{0}.content_policy: what cannot be read is removed (logged once; counted in"
              + " tallyspan_content_failures_total)",
          ids);
    }
  }
}
