package dev.tallyspan.spring;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.util.function.LongSupplier;
import org.springframework.ai.chat.observation.ChatModelObservationContext;

/** Keeps when calls of models start. */
final class StartTimes implements ObservationHandler<ChatModelObservationContext> {

  private final LongSupplier nanos;

  StartTimes(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public void onStart(ChatModelObservationContext context) {
    StreamChunks.started(context, nanos);
  }

  @Override
  public boolean supportsContext(Observation.Context context) {
    return context instanceof ChatModelObservationContext;
  }
}
