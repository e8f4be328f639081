package dev.tallyspan.collector.receive;

import dev.tallyspan.collector.otlp.Outcome;
import dev.tallyspan.collector.otlp.Signal;
import java.util.concurrent.CompletionStage;

/** The step after the receiver, which takes over what was received. */
public interface Intake {

  /**
   * Takes one request as protobuf. It is called on an event loop, so it must not block; it does not
   * throw. The array is the intake's own from then on.
   *
   * <p>The sender waits until the stage completes, and the request counts against the receiver's
   * budget until then, so it must complete at some time. Bytes that are no request of the signal
   * are to be answered with INVALID_ARGUMENT. A stage that fails is answered with INTERNAL, without
   * a word about why.
   */
  CompletionStage<Outcome> accept(Signal signal, byte[] request);
}
