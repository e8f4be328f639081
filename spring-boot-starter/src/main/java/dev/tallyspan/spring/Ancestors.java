package dev.tallyspan.spring;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationView;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The observations around one, nearest first, itself included. */
final class Ancestors {

  /** More than any application nests; a cycle would be a fault of the application. */
  private static final int DEEPEST = 64;

  private Ancestors() {}

  /** Returns the first result that is not null; null if there is none. */
  static <T> @Nullable T first(
      Observation.ContextView context, Function<Observation.ContextView, @Nullable T> reader) {
    Observation.ContextView current = context;
    for (int depth = 0; current != null && depth < DEEPEST; depth++) {
      T found = reader.apply(current);
      if (found != null) {
        return found;
      }
      ObservationView parent = current.getParentObservation();
      current = parent == null ? null : parent.getContextView();
    }
    return null;
  }
}
