package dev.tallyspan.collector.flow;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.wire.Slices;

/**
 * A request on its way through the collector.
 *
 * @param bytes protobuf, which never changes
 * @param items spans, log records or data points in it
 * @param ack settled when the request has been dealt with
 */
public record OtlpRequest(Signal signal, Slices bytes, int items, Ack ack) {

  public OtlpRequest {
    requireNonNull(signal, "signal");
    requireNonNull(bytes, "bytes");
    requireNonNull(ack, "ack");
  }

  /** The same request with a share of its own. */
  public OtlpRequest retain() {
    return new OtlpRequest(signal, bytes, items, ack.retain());
  }

  /** This share of the request with other bytes, which hold the same items. */
  public OtlpRequest with(Slices rewritten) {
    return new OtlpRequest(signal, rewritten, items, ack);
  }
}
