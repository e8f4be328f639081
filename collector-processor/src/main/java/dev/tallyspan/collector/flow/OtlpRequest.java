package dev.tallyspan.collector.flow;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.wire.Slices;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way through the collector. Immutable, except for the acknowledgement that it
 * carries.
 *
 * @param bytes the protobuf encoding; must not be modified
 * @param items the number of spans, log records or data points
 * @param ack the share of the acknowledgement that the holder of this object settles
 * @param sender who sent it; null if the receiver does not authenticate, and for requests that do
 *     not come from a receiver
 */
public record OtlpRequest(
    Signal signal, Slices bytes, int items, Ack ack, @Nullable Sender sender) {

  public OtlpRequest {
    requireNonNull(signal, "signal");
    requireNonNull(bytes, "bytes");
    requireNonNull(ack, "ack");
  }

  /** Creates a request whose sender is not known. */
  public OtlpRequest(Signal signal, Slices bytes, int items, Ack ack) {
    this(signal, bytes, items, ack, /* sender= */ null);
  }

  /**
   * Passes this request to several receivers, each with a share of the acknowledgement that it
   * settles. If passing it to one of them throws, that share is settled with {@code INTERNAL}, and
   * the others get theirs.
   *
   * @param what a receiver, for the log: {@code an exporter}
   * @param receivers at least one
   */
  public <T> void passTo(String what, List<T> receivers, BiConsumer<T, OtlpRequest> pass) {
    // Take every share before passing on the first, which may be settled immediately.
    OtlpRequest[] shares = new OtlpRequest[receivers.size()];
    shares[0] = this;
    for (int i = 1; i < shares.length; i++) {
      shares[i] = new OtlpRequest(signal, bytes, items, ack.retain(), sender);
    }
    for (int i = 0; i < shares.length; i++) {
      try {
        pass.accept(receivers.get(i), shares[i]);
      } catch (RuntimeException | Error e) {
        shares[i].ack().settle(InternalFault.log(what, e));
      }
    }
  }

  /** Returns this request, with the same share, encoded as other bytes that hold the same items. */
  public OtlpRequest with(Slices rewritten) {
    return new OtlpRequest(signal, rewritten, items, ack, sender);
  }

  /** Returns this request for a recipient whose outcome has no part in the answer to the sender. */
  public OtlpRequest unanswered() {
    return new OtlpRequest(signal, bytes, items, new SenderAck(outcome -> {}), sender);
  }

  /**
   * Returns a request of only some of the units of this one, with this request's share.
   *
   * @param left the encoding of these units
   * @param units by their index in this request
   */
  public OtlpRequest part(Slices left, BitSet units) {
    return new OtlpRequest(signal, left, units.cardinality(), new PartAck(ack, units));
  }

  /**
   * Returns this request with the share of another holder of the request that it was made of, by
   * {@link #with} or {@link #part}, in one step.
   */
  public OtlpRequest withShareOf(OtlpRequest other) {
    Ack share = ack instanceof PartAck part ? part.of(other.ack) : other.ack;
    return new OtlpRequest(signal, bytes, items, share);
  }
}
