package dev.tallyspan.collector.receive;

import dev.tallyspan.collector.otlp.Outcome;
import io.netty.handler.codec.http.FullHttpResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** Turns a request that is there as a whole into its response. */
final class HttpService {

  private static final Logger LOGGER = System.getLogger(HttpService.class.getName());

  private final HttpSettings settings;
  private final Reception reception;
  private final ExecutorService decoders;

  HttpService(HttpSettings settings, Reception reception, ExecutorService decoders) {
    this.settings = settings;
    this.reception = reception;
    this.decoders = decoders;
  }

  /** Does not block; {@code respond} is called once, on any thread. */
  void handle(HttpIncoming request, Consumer<FullHttpResponse> respond) {
    HttpHead head = request.head();
    if (request.refusal() != null) {
      respond.accept(refused(head, request.refusal()));
    } else if (head.preflight()) {
      request.reservation().release();
      respond.accept(HttpAnswer.preflight(head, settings.cors()));
    } else if (head.type() == ContentType.PROTOBUF && head.encoding() == ContentEncoding.IDENTITY) {
      handOn(request, request.body(), respond);
    } else {
      decodeElsewhere(request, respond);
    }
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

  private void decodeElsewhere(HttpIncoming request, Consumer<FullHttpResponse> respond) {
    byte[] body = request.body();
    try {
      decoders.execute(
          () -> {
            byte[] decoded;
            try {
              decoded = HttpDecoder.decode(request, body, settings.maxRequestBytes());
            } catch (RefusedException e) {
              request.refuse(e.refusal());
              respond.accept(refused(request.head(), e.refusal()));
              return;
            } catch (RuntimeException | Error e) {
              // Without the message, which might quote telemetry.
              LOGGER.log(Level.ERROR, "decoding a request failed with {0}", e.getClass().getName());
              request.refuse(Refusal.internal());
              respond.accept(refused(request.head(), Refusal.internal()));
              return;
            }
            handOn(request, decoded, respond);
          });
    } catch (RejectedExecutionException e) {
      request.refuse(Refusal.shuttingDown());
      respond.accept(refused(request.head(), Refusal.shuttingDown()));
    }
  }

  private void handOn(HttpIncoming request, byte[] body, Consumer<FullHttpResponse> respond) {
    HttpHead head = request.head();
    Consumer<Outcome> answer = outcome -> respond.accept(HttpAnswer.of(head, outcome));
    reception.handle(head.signal(), body, request.reservation(), answer);
  }
}
