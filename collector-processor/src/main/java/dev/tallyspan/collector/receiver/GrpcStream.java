package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.StatusCode;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One call as the transport sees it.
 *
 * <p>grpc-java gathers a message's frames in its own buffers and only then hands it to anybody, so
 * the budget has to be charged here, where frames come in, and the call be ended here if there is
 * no room for more of it. What ends the call first, of budget, timeout, fault and answer, is what
 * the client gets.
 */
final class GrpcStream extends ServerStreamTracer {

  static final Context.Key<GrpcStream> CURRENT = Context.key("tallyspan-grpc-stream");

  private static final Metadata.Key<byte[]> STATUS_DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final int maxRequestBytes;
  private final ByteBudget.Reservation reservation;
  private final ReceiverMetrics metrics;
  private final AtomicBoolean ended = new AtomicBoolean();
  private ServerCall<?, ?> call;
  private Refusal early;
  private boolean handedOn;
  private long wireBytes;

  GrpcStream(int maxRequestBytes, ByteBudget.Reservation reservation, ReceiverMetrics metrics) {
    this.maxRequestBytes = maxRequestBytes;
    this.reservation = reservation;
    this.metrics = metrics;
  }

  ByteBudget.Reservation reservation() {
    return reservation;
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(CURRENT, this);
  }

  @Override
  public void inboundWireSize(long bytes) {
    wireBytes += bytes;
    if (ended.get()) {
      return;
    }
    if (wireBytes > maxRequestBytes) {
      refuse(Refusal.tooLarge(maxRequestBytes));
    } else if (!reservation.add(bytes)) {
      refuse(Refusal.overloaded());
    }
  }

  @Override
  public void streamClosed(Status status) {
    boolean taken;
    synchronized (this) {
      taken = handedOn;
    }
    // Once the intake has the request, it decides when the memory is free and what is counted.
    boolean first = end();
    if (!taken) {
      reservation.release();
      if (first) {
        metrics.refused(closed(status));
      }
    }
  }

  /** To be called when the call has begun; returns false if it is over already. */
  boolean begin(ServerCall<?, ?> begun) {
    Refusal refusal;
    synchronized (this) {
      call = begun;
      refusal = early;
    }
    if (refusal != null) {
      close(begun, refusal);
    }
    return refusal == null;
  }

  /**
   * Leaves the reservation to the intake; returns false if the call is over already, and then the
   * request is not to be handed on.
   */
  synchronized boolean handOn() {
    handedOn = !ended.get();
    return handedOn;
  }

  /** Whether the caller is the one to end the call. */
  boolean end() {
    return ended.compareAndSet(false, true);
  }

  /** Ends the call, if it is not over, and counts it as refused. */
  void refuse(Refusal refusal) {
    if (!end()) {
      return;
    }
    metrics.refused(refusal);
    ServerCall<?, ?> begun;
    synchronized (this) {
      begun = call;
      early = refusal;
    }
    if (begun != null) {
      close(begun, refusal);
    }
  }

  static void close(ServerCall<?, ?> call, Refusal refusal) {
    Metadata trailers = new Metadata();
    trailers.put(STATUS_DETAILS, OtlpResponses.status(refusal));
    call.close(
        Status.fromCodeValue(refusal.code().number()).withDescription(refusal.message()), trailers);
  }

  /** What the client ended, or the transport: for want of such a method, for one. */
  private static Refusal closed(Status status) {
    String reason = status.getCode().name().toLowerCase(Locale.ROOT);
    return new Refusal(reason, 0, StatusCode.CANCELLED, "", null);
  }
}
