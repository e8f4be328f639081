package dev.tallyspan.spring;

import io.micrometer.observation.Observation;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationContext;

/** A call of an embedding model: typed numbers. */
final class EmbeddingFacts implements ObservedFacts {

  @Override
  public boolean isAbout(Observation.ContextView context) {
    return context instanceof EmbeddingModelObservationContext;
  }

  @Override
  public void write(Observation.Context context, ObservedSpan span) {
    TypedNumbers.ofUsage(span);
    TypedNumbers.whole("gen_ai.request.embedding.dimensions", span);
  }
}
