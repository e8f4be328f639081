package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;

/**
 * What became of one attempt to send a request.
 *
 * @param tooLarge whether the request was refused because of its size
 * @param maxBytes if it was too large: the size that the backend says it accepts, before
 *     compression; 0 = the backend did not say
 */
record Response(Outcome outcome, boolean tooLarge, long maxBytes) {

  static Response of(Outcome outcome) {
    return new Response(outcome, /* tooLarge= */ false, 0);
  }

  static Response tooLarge(Outcome.Refused refused, long maxBytes) {
    return new Response(refused, /* tooLarge= */ true, maxBytes);
  }
}
