package dev.tallyspan.collector.output.debug;

import dev.tallyspan.collector.flow.Signal;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/** Chooses which requests are written: in each second, the first ones and some of the rest. */
final class DebugSampler {

  private static final class Second {
    private long epochSecond = Long.MIN_VALUE;
    private long seen;
  }

  private final DebugSettings settings;
  private final InstantSource clock;

  /** Guarded by this. */
  private final Map<Signal, Second> seconds = new EnumMap<>(Signal.class);

  DebugSampler(DebugSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  synchronized boolean takes(Signal signal) {
    Second second = seconds.computeIfAbsent(signal, any -> new Second());
    long now = clock.instant().getEpochSecond();
    if (now != second.epochSecond) {
      second.epochSecond = now;
      second.seen = 0;
    }
    second.seen++;
    long further = second.seen - settings.samplingInitial();
    long every = settings.samplingThereafter();
    return further <= 0 || every > 0 && further % every == 0;
  }
}
