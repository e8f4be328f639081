package dev.tallyspan.collector.queue.log;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;

/** How a log works; see {@link DurableLogBuilder} for what the settings mean. Immutable. */
record LogSettings(
    long segmentBytes,
    long maxBytes,
    boolean dropOldest,
    long memoryBytes,
    int stagingBytes,
    Retention retention,
    MasterKeys keys,
    Set<String> neighbours,
    LogListener listener,
    Clock clock,
    SecureRandom random) {}
