package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import io.netty.handler.codec.http.FullHttpResponse;

/**
 * How the body of one request becomes a request of OTLP, and how its outcome becomes a response.
 * One object per request. The calls are made one after another, by several threads.
 */
interface HttpExchange {

  /** The signal of the request of OTLP. */
  Signal signal();

  /**
   * Decompresses and converts the body. Called first, on a worker thread.
   *
   * @return protobuf; empty if there is nothing to pass on
   * @throws RefusedException if the body does not match its headers, or is too large
   */
  byte[] decode(byte[] body, ByteBudget.Reservation reservation) throws RefusedException;

  /** How many items {@link #decode} left out because they are not valid. */
  int invalid();

  /** Creates the response after the request was decoded and settled. Called on any thread. */
  FullHttpResponse response(Outcome outcome);

  /** Creates the response to a request that is not passed on. Called on any thread. */
  FullHttpResponse refused(Refusal refusal);
}
