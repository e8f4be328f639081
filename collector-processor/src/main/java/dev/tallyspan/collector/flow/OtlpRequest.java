package dev.tallyspan.collector.flow;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.wire.Slices;

/**
 * A request on its way through the collector. Immutable, except for the acknowledgement that it
 * carries.
 *
 * @param bytes the protobuf encoding; must not be modified
 * @param items the number of spans, log records or data points
 * @param ack the share of the acknowledgement that the holder of this object settles
 */
public record OtlpRequest(Signal signal, Slices bytes, int items, Ack ack) {

  public OtlpRequest {
    requireNonNull(signal, "signal");
    requireNonNull(bytes, "bytes");
    requireNonNull(ack, "ack");
  }

  /** Returns the same request with one more share of the acknowledgement. */
  public OtlpRequest retain() {
    return new OtlpRequest(signal, bytes, items, ack.retain());
  }

  /** Returns this request, with the same share, encoded as other bytes that hold the same items. */
  public OtlpRequest with(Slices rewritten) {
    return new OtlpRequest(signal, rewritten, items, ack);
  }
}
