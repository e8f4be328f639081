package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import io.netty.handler.codec.http.FullHttpResponse;

/** A request of OTLP, in protobuf or JSON. Immutable. */
final class OtlpExchange implements HttpExchange {

  private final HttpHead head;
  private final HttpHead.Export export;
  private final int maxRequestBytes;

  OtlpExchange(HttpHead head, HttpHead.Export export, int maxRequestBytes) {
    this.head = head;
    this.export = export;
    this.maxRequestBytes = maxRequestBytes;
  }

  @Override
  public Signal signal() {
    return export.signal();
  }

  @Override
  public byte[] decode(byte[] body, ByteBudget.Reservation reservation) throws RefusedException {
    return HttpDecoder.decode(export, body, maxRequestBytes, reservation);
  }

  @Override
  public int invalid() {
    return 0;
  }

  @Override
  public FullHttpResponse response(Outcome outcome) {
    return outcome instanceof Outcome.Refused refused
        ? refused(Refusal.of(refused))
        : HttpAnswer.of(export, outcome);
  }

  @Override
  public FullHttpResponse refused(Refusal refusal) {
    return HttpAnswer.of(head, refusal);
  }
}
