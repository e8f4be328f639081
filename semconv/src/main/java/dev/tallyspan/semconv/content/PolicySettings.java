package dev.tallyspan.semconv.content;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a policy was built with. */
record PolicySettings(
    ContentMode mode,
    boolean redacts,
    Set<StandardDetector> standard,
    List<Detector> detectors,
    byte @Nullable [] pseudonymKey,
    List<PathRule> rules,
    List<String> contentPrefixes,
    int maxAttributeBytes,
    long maxSpanBytes,
    @Nullable OffloadStore store,
    int maxTextBytes,
    boolean keepsWhatIsNotStored) {}
