package dev.tallyspan.collector.receiver;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Handles complete requests and creates their responses. Shared by all connections; thread-safe.
 */
final class HttpService {

  private static final Logger LOGGER = System.getLogger(HttpService.class.getName());

  private final HttpSettings settings;
  private final RequestDispatcher reception;
  private final RequestWorkers workers;

  HttpService(HttpSettings settings, RequestDispatcher reception, RequestWorkers workers) {
    this.settings = settings;
    this.reception = reception;
    this.workers = workers;
  }

  /**
   * Handles a complete request. Connections call this on their event loops; it does not block.
   *
   * @param respond called once: on the calling thread before this method returns, or later on any
   *     thread
   * @return the acknowledgement to withdraw if the client disconnects; null if the response has
   *     already been passed to {@code respond}
   */
  RequestDispatcher.@Nullable Acknowledgement handle(
      HttpIncoming request, Consumer<FullHttpResponse> respond) {
    HttpHead head = request.head();
    Refusal refusal = request.refusal();
    if (refusal != null) {
      respond.accept(refused(head.type(), refusal));
    } else if (head.purpose() instanceof HttpHead.Preflight preflight) {
      request.reservation().release();
      respond.accept(HttpAnswer.preflight(head, preflight.cors()));
    } else if (head.purpose() instanceof HttpHead.Export export) {
      return handOn(request, export, respond);
    }
    return null;
  }

  private RequestDispatcher.Acknowledgement handOn(
      HttpIncoming request, HttpHead.Export export, Consumer<FullHttpResponse> respond) {
    RequestDispatcher.Acknowledgement acknowledgement =
        reception.open(
            export.signal(),
            request.reservation(),
            request.sender(),
            outcome -> respond.accept(HttpAnswer.of(export, outcome)));
    byte[] body = request.body();
    if (!workers.offer(() -> decodeAndHandle(request, export, body, acknowledgement, respond))) {
      refuse(request, Refusal.overloaded(), respond);
    }
    return acknowledgement;
  }

  /**
   * Counts a refused request and creates the response.
   *
   * @param type of the request; null if it is not known or not supported
   */
  FullHttpResponse refused(@Nullable ContentType type, Refusal refusal) {
    reception.metrics().refused(refusal);
    FullHttpResponse response = HttpAnswer.of(type, refusal);
    if (refusal.httpStatus() == 415) {
      response
          .headers()
          .set(HttpHeaderNames.ACCEPT_ENCODING, ContentEncoding.names(settings.encodings()));
    }
    return response;
  }

  /** Counts a request whose sender has gone. */
  void cancelled(Refusal refusal) {
    reception.metrics().refused(refusal);
  }

  private void decodeAndHandle(
      HttpIncoming request,
      HttpHead.Export export,
      byte[] body,
      RequestDispatcher.Acknowledgement acknowledgement,
      Consumer<FullHttpResponse> respond) {
    byte[] decoded;
    try {
      decoded = HttpDecoder.decode(export, body, settings.maxRequestBytes(), request.reservation());
    } catch (RefusedException e) {
      refuse(request, e.refusal(), respond);
      return;
    } catch (RuntimeException | Error e) {
      // Without the message, which might quote telemetry.
      LOGGER.log(Level.ERROR, "decoding a request failed with {0}", e.getClass().getName());
      refuse(request, Refusal.internal(), respond);
      return;
    }
    reception.handle(decoded, acknowledgement);
  }

  private void refuse(HttpIncoming request, Refusal refusal, Consumer<FullHttpResponse> respond) {
    request.refuse(refusal);
    respond.accept(refused(request.head().type(), refusal));
  }
}
