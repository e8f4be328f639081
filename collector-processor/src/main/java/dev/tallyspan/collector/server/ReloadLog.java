package dev.tallyspan.collector.server;

import dev.tallyspan.pricing.live.Reload;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleGauge;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts and logs the reloads of a file that a processor reads. A reason for the rejection of a
 * version is logged once, even if it occurs again.
 */
final class ReloadLog implements Consumer<Reload> {

  private static final AttributeKey<String> PROCESSOR = AttributeKey.stringKey("processor");
  private static final AttributeKey<String> RESULT = AttributeKey.stringKey("result");

  private final Logger logger;
  private final String processor;
  private final String what;
  private final LongCounter reloads;
  private final boolean required;
  private volatile @Nullable Reload last;

  /**
   * @param what what is reloaded, as messages show it
   * @param metric what is reloaded, in the name {@code tallyspan_..._reloads}
   * @param required whether the first load must succeed: if not, the start fails with the reason,
   *     so it is not logged here
   */
  ReloadLog(
      Logger logger, String processor, String what, String metric, boolean required, Meter meter) {
    this.logger = logger;
    this.required = required;
    this.processor = processor;
    this.what = what;
    this.reloads =
        meter
            .counterBuilder("tallyspan_" + metric + "_reloads")
            .setDescription("Reloads of the " + what + ", by result.")
            .setUnit("{reload}")
            .build();
  }

  /**
   * Records how long the version in force has been in force, in {@code tallyspan_..._age_seconds}.
   */
  static ObservableDoubleGauge age(
      String processor,
      String what,
      String metric,
      Supplier<Instant> since,
      Meter meter,
      InstantSource clock) {
    Attributes labels = Attributes.of(PROCESSOR, processor);
    return meter
        .gaugeBuilder("tallyspan_" + metric + "_age_seconds")
        .setUnit("s")
        .setDescription("The time since the version of the " + what + " in force was loaded.")
        .buildWithCallback(
            out ->
                out.record(
                    Duration.between(since.get(), clock.instant()).toMillis() / 1000.0, labels));
  }

  /** Returns the last reload that loaded a version or failed; null if there is none. */
  @Nullable Reload last() {
    return last;
  }

  @Override
  public void accept(Reload reload) {
    Reload before = last;
    last = reload;
    String result = reload.outcome().name().toLowerCase(Locale.ROOT);
    reloads.add(1, Attributes.of(PROCESSOR, processor, RESULT, result));
    if (reload.outcome() == Reload.Outcome.LOADED) {
      logger.log(
          Level.INFO,
          "processor {0}: " + what + ": version {1} is in force",
          processor,
          reload.version());
    } else if (reload.outcome() == Reload.Outcome.RECOVERED) {
      logger.log(
          Level.INFO,
          "processor {0}: " + what + ": can be read again; version {1} stays in force",
          processor,
          reload.version());
    } else if (before == null ? !required : !Objects.equals(reload.reason(), before.reason())) {
      logger.log(
          Level.WARNING,
          "processor {0}: "
              + what
              + ": version {1} stays in force, a new version was rejected: {2}",
          processor,
          reload.version(),
          reload.reason());
    }
  }
}
