package dev.tallyspan.collector.receiver;

import dev.tallyspan.collector.flow.EpochNanos;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.scoreapi.ReceivedScores;
import io.netty.handler.codec.http.FullHttpResponse;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A request of scores in the form of another API, which becomes a request of log records. */
final class ScoreExchange implements HttpExchange {

  private final HttpHead head;
  private final HttpHead.Scores scores;
  private final int maxRequestBytes;
  private final InstantSource clock;

  /** Null until the body was read. */
  private volatile @Nullable ReceivedScores received;

  ScoreExchange(HttpHead head, HttpHead.Scores scores, int maxRequestBytes, InstantSource clock) {
    this.head = head;
    this.scores = scores;
    this.maxRequestBytes = maxRequestBytes;
    this.clock = clock;
  }

  @Override
  public Signal signal() {
    return Signal.LOGS;
  }

  @Override
  public byte[] decode(byte[] body, ByteBudget.Reservation reservation) throws RefusedException {
    byte[] content = HttpDecoder.inflate(scores.encoding(), body, maxRequestBytes, reservation);
    reservation.shrinkTo(content.length);
    // For the log records, which repeat the names of their attributes, and for the ids.
    if (!reservation.add(4L * content.length)) {
      throw new RefusedException(Refusal.overloaded());
    }
    ReceivedScores read =
        scores.of().read(content, scores.query(), EpochNanos.now(clock), maxRequestBytes);
    received = read;
    if (read.refused() != null) {
      throw new RefusedException(
          read.isTooLarge()
              ? Refusal.tooLarge(maxRequestBytes)
              : Refusal.malformed("not valid scores"));
    }
    reservation.shrinkTo(2L * read.logs().length);
    return read.logs();
  }

  @Override
  public int invalid() {
    ReceivedScores read = received;
    return read == null ? 0 : read.invalid();
  }

  @Override
  public FullHttpResponse response(Outcome outcome) {
    ReceivedScores read = received;
    return read == null || outcome instanceof Outcome.Refused
        ? refused(
            outcome instanceof Outcome.Refused refused ? Refusal.of(refused) : Refusal.internal())
        : HttpAnswer.of(read.reply(outcome));
  }

  @Override
  public FullHttpResponse refused(Refusal refusal) {
    ReceivedScores read = received;
    return read == null || read.refused() == null
        ? HttpAnswer.of(head, refusal)
        : HttpAnswer.of(read.refused());
  }
}
