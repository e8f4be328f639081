package dev.tallyspan.collector.pipeline;

import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;

/** What is done with a request between its receiver and its exporter. Thread-safe. */
public interface Processor {

  /** Lets every request through as it is, once it is known to be one. */
  Processor PASS =
      (signal, request) -> new Processed(Slices.of(request), Items.count(signal, request));

  /**
   * @param request must not be written to while the result is in use
   * @throws MalformedRequestException if it is not a request of that signal
   */
  Processed apply(Signal signal, byte[] request) throws MalformedRequestException;
}
