package dev.tallyspan.collector.scoreapi;

import dev.tallyspan.collector.flow.Outcome;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a request contained: scores, and what could not be read as one. Immutable. */
public final class ReceivedScores {

  private static final byte[] NONE = {};

  private final byte[] logs;
  private final int invalid;
  private final @Nullable Reply refused;
  private final boolean tooLarge;
  private final Function<Outcome, Reply> answer;

  private ReceivedScores(
      byte[] logs,
      int invalid,
      @Nullable Reply refused,
      boolean tooLarge,
      Function<Outcome, Reply> answer) {
    this.logs = logs;
    this.invalid = invalid;
    this.refused = refused;
    this.tooLarge = tooLarge;
    this.answer = answer;
  }

  static ReceivedScores of(byte[] logs, int invalid, Function<Outcome, Reply> answer) {
    return new ReceivedScores(logs, invalid, /* refused= */ null, /* tooLarge= */ false, answer);
  }

  /** Nothing of the request can be taken. */
  static ReceivedScores refused(int invalid, Reply reply) {
    return new ReceivedScores(NONE, invalid, reply, /* tooLarge= */ false, outcome -> reply);
  }

  static ReceivedScores tooLarge(Reply reply) {
    return new ReceivedScores(NONE, /* invalid= */ 0, reply, /* tooLarge= */ true, it -> reply);
  }

  /** A request of logs in OTLP with a record for each score; empty if there is none. */
  public byte[] logs() {
    return logs;
  }

  /** How many scores were refused because they are not valid. */
  public int invalid() {
    return invalid;
  }

  /** The response to a request of which nothing can be taken; null if it is not one. */
  public @Nullable Reply refused() {
    return refused;
  }

  /** Whether nothing can be taken because of the size. */
  public boolean isTooLarge() {
    return tooLarge;
  }

  /**
   * Returns the response after the pipeline has settled the log records.
   *
   * @param outcome not a refusal
   */
  public Reply reply(Outcome outcome) {
    return answer.apply(outcome);
  }
}
