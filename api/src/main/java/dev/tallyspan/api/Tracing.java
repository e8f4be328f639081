package dev.tallyspan.api;

import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ConventionVersion;
import io.opentelemetry.api.trace.Tracer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all operations of a {@link GenAi} share.
 *
 * @param generation the conventions that are written
 * @param baggageKeys the parts of an identity that travel in baggage
 */
record Tracing(
    Tracer tracer,
    Instruments instruments,
    ConventionVersion generation,
    CacheWriteNames cacheWriteNames,
    ContentWriter content,
    @Nullable CallCosts costs,
    Set<String> baggageKeys,
    TimeSource time,
    Faults faults) {

  /** The name of the instrumentation scope. */
  static final String SCOPE = "dev.tallyspan.api";

  /** Whether content is written; false if the capture throws. */
  boolean captures(ContentCapture.Kind kind) {
    try {
      return content.captures(kind);
    } catch (Throwable t) {
      faults.add(t);
      return false;
    }
  }
}
