package dev.tallyspan.collector.telemetry;

import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Registers metrics about the process, under the Collector's names. Uses {@code ProcessHandle} and
 * {@code /proc}, not the platform MX beans, because loading those takes about 50 ms at startup.
 */
final class ProcessMetrics {

  private static final Path MEMORY = Path.of("/proc/self/statm");

  /** The page size on all common platforms that have /proc/self/statm. */
  private static final int PAGE_BYTES = 4096;

  static void register(Meter meter, Clock clock) {
    Instant start = clock.instant();
    meter
        .counterBuilder("otelcol_process_uptime")
        .ofDoubles()
        .setUnit("s")
        .setDescription("Uptime of the process.")
        .buildWithCallback(
            measured ->
                measured.record(Duration.between(start, clock.instant()).toMillis() / 1000.0));
    meter
        .counterBuilder("otelcol_process_cpu_seconds")
        .ofDoubles()
        .setUnit("s")
        .setDescription("Total CPU user and system time in seconds.")
        .buildWithCallback(
            measured ->
                ProcessHandle.current()
                    .info()
                    .totalCpuDuration()
                    .ifPresent(cpu -> measured.record(cpu.toMillis() / 1000.0)));
    meter
        .gaugeBuilder("otelcol_process_memory_rss")
        .ofLongs()
        .setUnit("By")
        .setDescription("Total physical memory (resident set size).")
        .buildWithCallback(measured -> residentBytes().ifPresent(measured::record));
    meter
        .gaugeBuilder("otelcol_process_runtime_heap_alloc_bytes")
        .ofLongs()
        .setUnit("By")
        .setDescription("Bytes of allocated heap objects.")
        .buildWithCallback(
            measured ->
                measured.record(
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()));
  }

  private static Optional<Long> residentBytes() {
    try {
      String[] pages = Files.readString(MEMORY).split(" ");
      return Optional.of(Long.parseLong(pages[1]) * PAGE_BYTES);
    } catch (IOException | RuntimeException e) {
      // Not Linux: the metric is not available.
      return Optional.empty();
    }
  }

  private ProcessMetrics() {}
}
