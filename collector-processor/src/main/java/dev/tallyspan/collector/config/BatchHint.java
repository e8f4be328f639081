package dev.tallyspan.collector.config;

import dev.tallyspan.collector.exporter.BatchSettings;
import dev.tallyspan.collector.exporter.Sizer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A processor {@code batch}. Tallyspan does not batch between processors, where an acknowledged
 * request could be lost: the exporters of the pipeline batch, with the same limits.
 *
 * @param settings null if each request is sent alone
 * @see <a
 *     href="https://github.com/open-telemetry/opentelemetry-collector/tree/main/processor/batchprocessor">Batch
 *     Processor</a>
 */
record BatchHint(String id, @Nullable BatchSettings settings) {

  static final String TYPE = "batch";

  static BatchHint read(String id, Section section) {
    BatchSettings otherwise = BatchSettings.DEFAULT;
    Duration timeout = section.duration("timeout", otherwise.flushTimeout());
    long size = section.number("send_batch_size", 0, Long.MAX_VALUE / 2, otherwise.minSize());
    long most = section.number("send_batch_max_size", 0, Long.MAX_VALUE / 2, otherwise.maxSize());
    if (!section.texts("metadata_keys").isEmpty()) {
      section.warning(
          "metadata_keys",
          section.name("metadata_keys")
              + ": has no effect: requests are not batched by the headers of their senders");
    }
    section.number("metadata_cardinality_limit", 0, Long.MAX_VALUE / 2, 0);
    section.end();
    if (most > 0 && most < size) {
      section.error(
          "send_batch_max_size",
          section.name("send_batch_max_size") + ": must not be less than send_batch_size=" + size);
      most = 0;
    }
    // The Collector sends at once if there is no timeout, or no size to wait for.
    boolean waits = !timeout.isZero() && size > 0;
    return new BatchHint(id, waits ? new BatchSettings(timeout, size, most, Sizer.ITEMS) : null);
  }
}
