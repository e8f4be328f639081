package dev.tallyspan.collector.server;

import dev.tallyspan.collector.config.ContractsConfig;
import dev.tallyspan.pricing.Contracts;
import dev.tallyspan.pricing.live.LiveContracts;
import dev.tallyspan.pricing.live.Reload;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleGauge;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The contracts of one processor. Keeps them up to date, and counts and logs each reload. */
final class ContractsFeed implements Supplier<Contracts>, AutoCloseable {

  private static final String WHAT = "contracts";

  private final LiveContracts live;
  private final ObservableDoubleGauge age;

  private ContractsFeed(String processor, LiveContracts live, Meter meter, InstantSource clock) {
    this.live = live;
    this.age = ReloadLog.age(processor, WHAT, "contracts", live::since, meter, clock);
  }

  /**
   * Loads the contracts for the first time.
   *
   * @throws IllegalArgumentException if the file is not valid
   */
  static ContractsFeed open(
      String processor, ContractsConfig config, Meter meter, InstantSource clock) {
    ReloadLog log =
        new ReloadLog(
            System.getLogger(ContractsFeed.class.getName()),
            processor,
            WHAT,
            "contracts",
            /* required= */ true,
            meter);
    LiveContracts live =
        LiveContracts.file(config.file())
            .interval(config.reloadInterval())
            .clock(clock)
            .listener(log)
            .build();
    Reload first = log.last();
    if (first != null && first.outcome() != Reload.Outcome.LOADED) {
      live.close();
      throw new IllegalArgumentException(
          "processors." + processor + ".contracts: " + first.reason());
    }
    return new ContractsFeed(processor, live, meter, clock);
  }

  @Override
  public Contracts get() {
    return live.current();
  }

  /** Checks for a new version now, in addition to the regular checks. */
  Reload reload() {
    return live.reload();
  }

  @Override
  public void close() {
    age.close();
    live.close();
  }
}
