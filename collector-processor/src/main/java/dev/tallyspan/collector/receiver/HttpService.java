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
      respond.accept(refused(head, refusal));
    } else if (head.purpose() instanceof HttpHead.Preflight preflight) {
      request.reservation().release();
      respond.accept(HttpAnswer.preflight(head, preflight.cors()));
    } else if (head.purpose() instanceof HttpHead.Export export) {
      return handOn(request, new OtlpExchange(head, export, settings.maxRequestBytes()), respond);
    } else if (head.purpose() instanceof HttpHead.Scores scores) {
      return handOn(
          request,
          new ScoreExchange(head, scores, settings.maxRequestBytes(), settings.clock()),
          respond);
    }
    return null;
  }

  private RequestDispatcher.Acknowledgement handOn(
      HttpIncoming request, HttpExchange exchange, Consumer<FullHttpResponse> respond) {
    RequestDispatcher.Acknowledgement acknowledgement =
        reception.open(
            exchange.signal(),
            request.reservation(),
            request.sender(),
            outcome -> respond.accept(exchange.response(outcome)));
    byte[] body = request.body();
    if (!workers.offer(() -> decodeAndHandle(request, exchange, body, acknowledgement, respond))) {
      refuse(request, exchange, Refusal.overloaded(), respond);
    }
    return acknowledgement;
  }

  /**
   * Counts a refused request and creates the response.
   *
   * @param head of the request; null if it could not be read
   */
  FullHttpResponse refused(@Nullable HttpHead head, Refusal refusal) {
    reception.metrics().refused(refusal);
    FullHttpResponse response = HttpAnswer.of(head, refusal);
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
      HttpExchange exchange,
      byte[] body,
      RequestDispatcher.Acknowledgement acknowledgement,
      Consumer<FullHttpResponse> respond) {
    byte[] decoded;
    try {
      decoded = exchange.decode(body, request.reservation());
    } catch (RefusedException e) {
      refuse(request, exchange, e.refusal(), respond);
      return;
    } catch (RuntimeException | Error e) {
      // Without the message, which might quote telemetry.
      LOGGER.log(Level.ERROR, "decoding a request failed with {0}", e.getClass().getName());
      refuse(request, exchange, Refusal.internal(), respond);
      return;
    }
    reception.metrics().invalid(exchange.signal(), exchange.invalid());
    reception.handle(decoded, acknowledgement);
  }

  private void refuse(
      HttpIncoming request,
      HttpExchange exchange,
      Refusal refusal,
      Consumer<FullHttpResponse> respond) {
    request.refuse(refusal);
    reception.metrics().refused(refusal);
    reception.metrics().invalid(exchange.signal(), exchange.invalid());
    respond.accept(exchange.refused(refusal));
  }
}
