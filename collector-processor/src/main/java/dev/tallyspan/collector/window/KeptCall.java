package dev.tallyspan.collector.window;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.Verdict;
import dev.tallyspan.semconv.Billing;
import dev.tallyspan.semconv.span.Cost;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a span that is about an LLM, so that {@link KeptCalls} can compare it with spans
 * that arrive later. Has no content. Immutable.
 */
public final class KeptCall {

  private static final int SERVER = 2;

  /** As many as always fit into what {@code writeUTF} can write. */
  private static final int MOST_CHARACTERS = 20_000;

  final SpanFacts facts;
  final int kind;

  private KeptCall(SpanFacts facts, int kind) {
    this.facts = facts;
    this.kind = kind;
  }

  /**
   * @param server whether the kind of the span is SERVER
   */
  public static KeptCall of(SpanRecord record, boolean server) {
    SpanFacts facts = SpanFacts.of(record);
    // What the spans of one request showed is found again when all spans of the trace are compared,
    // and then nothing that was left over is paired with another that was not there.
    Verdict verdict = record.verdict();
    boolean again = verdict != null && isOfCalls(verdict.rule());
    return new KeptCall(again ? facts.billed(Billing.CALL) : facts, server ? SERVER : 0);
  }

  private static boolean isOfCalls(Verdict.Rule rule) {
    return switch (rule) {
      case SAME_ANSWER, AROUND, WRAPPER, SUM, BESIDE -> true;
      case SAME_SPAN, RESENT, MAY_BE, SOLE_SOURCE -> false;
    };
  }

  /** Writes everything, for {@link #read}. */
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(kind);
    text(facts.operation(), out);
    text(facts.billing().name(), out);
    out.writeBoolean(facts.processed());
    out.writeBoolean(facts.doubted());
    text(facts.scope(), out);
    text(facts.service(), out);
    text(facts.model(), out);
    text(facts.responseModel(), out);
    text(facts.responseId(), out);
    out.writeLong(facts.input());
    out.writeLong(facts.output());
    out.writeLong(facts.cacheRead());
    out.writeLong(facts.cacheWrite());
    out.writeLong(facts.reasoning());
    out.writeInt(facts.detail());
    text(facts.status().name(), out);
    out.writeDouble(facts.cost());
    text(facts.currency(), out);
    out.writeBoolean(facts.failed());
    out.writeBoolean(facts.fromProvidersSdk());
    out.writeDouble(facts.timeToFirstChunk());
  }

  /**
   * @throws IOException if the bytes are not those that {@link #write} wrote
   */
  public static KeptCall read(DataInputStream in) throws IOException {
    int kind = in.readInt();
    try {
      return new KeptCall(
          new SpanFacts(
              text(in),
              Billing.valueOf(required(in)),
              in.readBoolean(),
              in.readBoolean(),
              required(in),
              required(in),
              text(in),
              text(in),
              text(in),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              in.readInt(),
              Cost.Status.valueOf(required(in)),
              in.readDouble(),
              text(in),
              in.readBoolean(),
              in.readBoolean(),
              in.readDouble()),
          kind);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getClass().getSimpleName(), e);
    }
  }

  private static void text(@Nullable String text, DataOutputStream out) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      out.writeUTF(text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS));
    }
  }

  private static @Nullable String text(DataInputStream in) throws IOException {
    return in.readBoolean() ? in.readUTF() : null;
  }

  private static String required(DataInputStream in) throws IOException {
    String text = text(in);
    if (text == null) {
      throw new IOException("a text is missing");
    }
    return text;
  }

  /** Two are equal if everything that decides is. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KeptCall that && facts.equals(that.facts) && kind == that.kind;
  }

  @Override
  public int hashCode() {
    return facts.hashCode();
  }

  /** Contains nothing of the span, which may be personal. */
  @Override
  public String toString() {
    return "KeptCall";
  }
}
