package dev.tallyspan.collector.exporter;

import dev.tallyspan.collector.flow.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What became of one attempt to send a request.
 *
 * @param tooLarge whether the request was refused because of its size
 * @param maxBytes if it was too large: the size that the backend says it accepts, before
 *     compression; 0 = the backend did not say
 * @param reason why some or all of it was not accepted; null = all of it was, or nothing is known
 *     beyond the outcome
 */
public record Response(Outcome outcome, boolean tooLarge, long maxBytes, @Nullable Reason reason) {

  public static Response of(Outcome outcome) {
    return new Response(outcome, /* tooLarge= */ false, 0, /* reason= */ null);
  }

  public static Response tooLarge(Outcome.Refused refused, long maxBytes) {
    return new Response(refused, /* tooLarge= */ true, maxBytes, /* reason= */ null);
  }

  public Response because(Reason reason) {
    return new Response(outcome, tooLarge, maxBytes, reason);
  }
}
