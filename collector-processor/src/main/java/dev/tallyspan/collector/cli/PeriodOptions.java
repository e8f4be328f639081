package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.output.ledger.Period;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose calls by their time. */
final class PeriodOptions {

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only calls from then on: 7d, 24h, 2026-11-01 or 2026-11-01T12:00:00Z. Default: all.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "As --since; not included.")
  private @Nullable String until;

  Period period() {
    Instant now = Instant.now();
    return new Period(
        since == null ? null : TimeOption.parse("--since", since, now),
        until == null ? null : TimeOption.parse("--until", until, now));
  }
}
