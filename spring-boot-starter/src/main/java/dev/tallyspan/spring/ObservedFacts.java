package dev.tallyspan.spring;

import io.micrometer.observation.Observation;

/** What one kind of observation tells about a span. Stateless. */
interface ObservedFacts {

  /** Whether observations with this context are of the kind. */
  boolean isAbout(Observation.ContextView context);

  /** Called when an observation of the kind stops, before its span ends. */
  void write(Observation.Context context, ObservedSpan span);
}
