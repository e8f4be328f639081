package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.StatusCode;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

/** One HTTP request while it comes in: its head, and its body or why that is not wanted. */
final class HttpIncoming {

  private final HttpHead head;
  private final boolean announcedTooMuch;
  private final ByteBudget.Reservation reservation;
  private final RequestBytes body;
  private Refusal refusal;
  private long discardable;

  HttpIncoming(HttpRequest request, HttpSettings settings, ByteBudget budget) {
    head = HttpHead.of(request, settings);
    long announced = HttpUtil.getContentLength(request, 0L);
    reservation = budget.open();
    body = new RequestBytes(settings.maxRequestBytes(), reservation, announced);
    refusal = head.refusal();
    discardable = 4L * settings.maxRequestBytes();
    announcedTooMuch = announced > discardable;
  }

  HttpHead head() {
    return head;
  }

  /** Why the request is not accepted; null as long as nothing is known against it. */
  Refusal refusal() {
    return refusal;
  }

  ByteBudget.Reservation reservation() {
    return reservation;
  }

  /** The whole body, to be asked for once, of a request that is not refused. */
  byte[] body() {
    return body.toByteArray();
  }

  /** Keeps the next part of the body, or throws it away if the request is refused. */
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

  /** Whether there is, or is announced, more of a refused body than is worth reading. */
  boolean isHopeless() {
    return refusal != null && (discardable < 0 || announcedTooMuch);
  }

  /** Refuses the request, unless it is refused already, and gives its memory back. */
  void refuse(Refusal why) {
    reservation.release();
    if (refusal == null) {
      refusal = why;
    }
  }

  /** The client is gone; returns false if the request was refused before. */
  boolean cancel() {
    boolean wanted = refusal == null;
    refuse(Refusal.http("cancelled", 0, StatusCode.CANCELLED, "disconnected"));
    return wanted;
  }
}
