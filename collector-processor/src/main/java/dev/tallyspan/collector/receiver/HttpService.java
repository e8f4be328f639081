package dev.tallyspan.collector.receiver;

import io.netty.handler.codec.http.FullHttpResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Turns a request that is there as a whole into its response. */
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
   * Does not block; {@code respond} is called once, on any thread.
   *
   * @return the answer to come, to be withdrawn if the client goes away; null if there is none
   */
  RequestDispatcher.Acknowledgement handle(
      HttpIncoming request, Consumer<FullHttpResponse> respond) {
    HttpHead head = request.head();
    if (request.refusal() != null) {
      respond.accept(refused(head, request.refusal()));
      return null;
    }
    if (head.preflight()) {
      request.reservation().release();
      respond.accept(HttpAnswer.preflight(head, settings.cors()));
      return null;
    }
    RequestDispatcher.Acknowledgement acknowledgement =
        reception.open(
            head.signal(),
            request.reservation(),
            outcome -> respond.accept(HttpAnswer.of(head, outcome)));
    byte[] body = request.body();
    if (!workers.offer(() -> decodeAndHandle(request, body, acknowledgement, respond))) {
      refuse(request, Refusal.overloaded(), respond);
    }
    return acknowledgement;
  }

  /** Counts a refusal, and says it in the request's encoding if there is a head to tell. */
  FullHttpResponse refused(HttpHead head, Refusal refusal) {
    reception.metrics().refused(refusal);
    return HttpAnswer.of(head, refusal);
  }

  /** Counts a request whose sender is gone. */
  void cancelled(Refusal refusal) {
    reception.metrics().refused(refusal);
  }

  private void decodeAndHandle(
      HttpIncoming request,
      byte[] body,
      RequestDispatcher.Acknowledgement acknowledgement,
      Consumer<FullHttpResponse> respond) {
    byte[] decoded;
    try {
      decoded = HttpDecoder.decode(request, body, settings.maxRequestBytes());
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
    respond.accept(refused(request.head(), refusal));
  }
}
