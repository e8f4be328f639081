package dev.tallyspan.collector.processor;

import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.flow.Items;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.output.export.Profile;
import dev.tallyspan.collector.output.export.ProfileRenderer;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.window.WholeTraces;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;

/**
 * What leaves for a request that a processor has understood, written with the default profile.
 *
 * @param items in what left
 */
record Forwarded(Slices body, int items) {

  static Forwarded of(LlmProcessor processor, Signal signal, byte[] request)
      throws MalformedRequestException {
    ProfileRenderer renderer = new ProfileRenderer(Profile.DEFAULT, processor::notWritten);
    Batch understood = processor.apply(batch(signal, request));
    Slices body =
        renderer.render(WholeTraces.perRequest(ProcessorConfig.ALL_GAPS).apply(understood));
    return new Forwarded(body, Items.count(signal, body.toByteArray()));
  }

  /** A request as it comes from a receiver. */
  static Batch batch(Signal signal, byte[] request) throws MalformedRequestException {
    SenderAck ack = new SenderAck(outcome -> {});
    return Batch.of(new OtlpRequest(signal, Slices.of(request), Items.count(signal, request), ack));
  }
}
