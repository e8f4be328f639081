package dev.tallyspan.collector.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads a processor {@code tallyspan}. A key becomes known when it is read. */
final class ProcessorReader {
  /** A limit for memory, where the messages are kept. */
  private static final Duration LONGEST_WINDOW = Duration.ofMinutes(10);

  private ProcessorReader() {}

  static ProcessorConfig read(String id, Section section) {
    ProcessorConfig processor =
        new ProcessorConfig(
            id,
            PricingReader.catalog(section),
            PricingReader.contracts(section),
            PricingReader.deployments(section),
            PricingReader.estimate(section),
            CurrencyRates.read(section),
            ProfileReader.read(section),
            joinLogs(section),
            WindowReader.read(section),
            WindowReader.fillGaps(section),
            NormalizerReader.read(section));
    section.end();
    return processor;
  }

  private static @Nullable Duration joinLogs(Section section) {
    Duration window = section.duration("join_logs", Duration.ZERO);
    if (window.compareTo(LONGEST_WINDOW) > 0) {
      section.error("join_logs", section.name("join_logs") + ": must be 10m or shorter");
    }
    return window.toMillis() < 1 ? null : window;
  }
}
