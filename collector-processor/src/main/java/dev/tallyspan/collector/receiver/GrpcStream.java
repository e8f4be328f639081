package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.StatusCode;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The transport's view of one call.
 *
 * <p>grpc-java collects a message's frames in its own buffers before it passes the message on. So
 * memory must be reserved here, where frames arrive, and the call must be ended here if there is no
 * room. The client receives whatever ends the call first: the budget, a timeout, an error or the
 * response.
 *
 * <p>Thread-safe. The event loop reports frames and the end of the stream, and starts the call; a
 * worker may read the message; the timer, a worker or any thread that settles the request may end
 * the call. No method blocks.
 */
final class GrpcStream extends ServerStreamTracer {

  static final Context.Key<GrpcStream> CURRENT = Context.key("tallyspan-grpc-stream");

  private static final Metadata.Key<byte[]> STATUS_DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final int maxRequestBytes;
  private final ByteBudget.Reservation reservation;
  private final ReceiverMetrics metrics;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Object lock = new Object();

  // Guarded by the lock.
  private @Nullable ServerCall<?, ?> call;
  private @Nullable Refusal early;
  private boolean handedOn;

  // Used only on the event loop.
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
    synchronized (lock) {
      taken = handedOn;
    }
    // Once the intake has the request, its outcome releases the memory and is counted.
    boolean first = end();
    if (!taken) {
      reservation.release();
      if (first) {
        metrics.refused(closed(status));
      }
    }
  }

  /** Call this when the call starts. Returns false if it has already ended. */
  boolean begin(ServerCall<?, ?> begun) {
    Refusal refusal;
    synchronized (lock) {
      call = begun;
      refusal = early;
    }
    if (refusal != null) {
      close(begun, refusal);
    }
    return refusal == null;
  }

  /**
   * Leaves the reservation to the intake. Returns false if the call has already ended; the request
   * must then not be passed on.
   */
  boolean handOn() {
    synchronized (lock) {
      handedOn = !ended.get();
      return handedOn;
    }
  }

  /** Marks the call as ended. Returns false if it already was; the caller must then not respond. */
  boolean end() {
    return ended.compareAndSet(false, true);
  }

  /** Ends the call, unless it has already ended, and counts it as refused. */
  void refuse(Refusal refusal) {
    if (!end()) {
      return;
    }
    metrics.refused(refusal);
    ServerCall<?, ?> begun;
    synchronized (lock) {
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

  /**
   * A call that the client or the transport ended, for example because the method does not exist.
   */
  private static Refusal closed(Status status) {
    String reason = status.getCode().name().toLowerCase(Locale.ROOT);
    return new Refusal(reason, 0, StatusCode.CANCELLED, "", null);
  }
}
