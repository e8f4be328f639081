package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Sender;
import dev.tallyspan.collector.flow.StatusCode;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request while it arrives: its head, and its body or the reason why it is refused. Used
 * on the connection's event loop until the body is complete.
 */
final class HttpIncoming {

  /** What is read of the body of a request without valid credentials, to keep the connection. */
  private static final long UNAUTHENTICATED_BYTES = 1 << 20;

  private final HttpHead head;
  private final @Nullable Sender sender;
  private final boolean announcedTooMuch;
  private final ByteBudget.Reservation reservation;
  private final RequestBytes body;
  private @Nullable Refusal refusal;
  private long discardable;

  /**
   * @param sender who sends it; null if that is not known
   * @param unauthenticated why it is refused whatever it says; null if it is not
   */
  HttpIncoming(
      HttpRequest request,
      HttpSettings settings,
      ByteBudget budget,
      @Nullable Sender sender,
      @Nullable Refusal unauthenticated) {
    head = HttpHead.of(request, settings, unauthenticated);
    this.sender = sender;
    long announced = HttpUtil.getContentLength(request, 0L);
    reservation = budget.open();
    body = new RequestBytes(settings.maxRequestBytes(), reservation, announced);
    refusal =
        head.purpose() instanceof HttpHead.Unacceptable unacceptable
            ? unacceptable.refusal()
            : null;
    discardable = unauthenticated == null ? 4L * settings.maxRequestBytes() : UNAUTHENTICATED_BYTES;
    announcedTooMuch = announced > discardable;
  }

  HttpHead head() {
    return head;
  }

  /** Who sends the request; null if that is not known. */
  @Nullable Sender sender() {
    return sender;
  }

  /** Why the request is refused; null while it is not. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  ByteBudget.Reservation reservation() {
    return reservation;
  }

  /** Returns the whole body. Call this once, only for a request that is not refused. */
  byte[] body() {
    return body.toByteArray();
  }

  /** Appends the next part of the body, or discards it if the request is refused. */
  void append(ByteBuf content) {
    if (refusal == null) {
      try {
        body.append(content);
        return;
      } catch (RefusedException e) {
        refuse(e.refusal());
      }
    }
    discardable -= content.readableBytes();
  }

  /**
   * Whether the request is refused, and its body is, or is announced to be, too large to read on.
   */
  boolean isHopeless() {
    return refusal != null && (discardable < 0 || announcedTooMuch);
  }

  /**
   * Refuses the request and releases its memory. Returns the reason, which is an earlier one if the
   * request was already refused.
   */
  Refusal refuse(Refusal why) {
    reservation.release();
    Refusal reason = refusal == null ? why : refusal;
    refusal = reason;
    return reason;
  }

  /** Refuses the request because the client is gone. Returns null if it was already refused. */
  @Nullable Refusal cancel() {
    boolean refused = refusal != null;
    Refusal reason = refuse(Refusal.http("cancelled", 0, StatusCode.CANCELLED, "disconnected"));
    return refused ? null : reason;
  }
}
