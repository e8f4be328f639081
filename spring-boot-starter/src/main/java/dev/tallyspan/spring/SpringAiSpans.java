package dev.tallyspan.spring;

import dev.tallyspan.semconv.content.ContentPolicy;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds to the spans of Spring AI what its observations know and do not write.
 *
 * <p>It is a filter, although it filters nothing, because of when a filter is called: after the
 * observation's convention has written its key values, and before any handler ends the span. A
 * handler would have to come after the tracing handler in the order of Spring Boot, which calls
 * handlers without a group first, and stops them last.
 *
 * <p>Never throws: an observation that cannot be read keeps what it has, and each cause is logged
 * once.
 */
final class SpringAiSpans implements ObservationFilter {

  private static final System.Logger LOGGER = System.getLogger(SpringAiSpans.class.getName());

  private final List<ObservedFacts> facts;
  private final @Nullable ContentPolicy policy;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  SpringAiSpans(List<ObservedFacts> facts, @Nullable ContentPolicy policy) {
    this.facts = List.copyOf(facts);
    this.policy = policy;
  }

  @Override
  public Observation.Context map(Observation.Context context) {
    for (ObservedFacts each : facts) {
      if (each.isAbout(context)) {
        write(each, context);
      }
    }
    return context;
  }

  private void write(ObservedFacts each, Observation.Context context) {
    try {
      ObservedSpan span = ObservedSpan.of(context, policy);
      if (span != null) {
        each.write(context, span);
      }
    } catch (RuntimeException | LinkageError e) {
      // The message may have content.
      if (logged.add(each.getClass().getName() + e.getClass().getName())) {
        LOGGER.log(
            Level.WARNING,
            "An observation of Spring AI could not be read completely: "
                + e.getClass().getName()
                + " at "
                + (e.getStackTrace().length == 0 ? "an unknown place" : e.getStackTrace()[0]));
      }
    }
  }
}
