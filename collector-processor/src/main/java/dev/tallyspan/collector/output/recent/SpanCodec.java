package dev.tallyspan.collector.output.recent;

import dev.tallyspan.collector.window.KeptCall;
import dev.tallyspan.semconv.Evaluation;
import dev.tallyspan.semconv.span.Cost;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Spans of one trace as bytes, for the disk. Increase {@link #VERSION} when the bytes change: what
 * another version wrote is not shown.
 */
final class SpanCodec {

  static final String VERSION = "2";

  private SpanCodec() {}

  /** Returns the bytes of spans that have the same trace id. */
  static byte[] encode(Collection<RecentSpan> spans) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(spans.size());
      for (RecentSpan span : spans) {
        write(span, out);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e); // Written in memory.
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IOException if the bytes are not those of spans
   */
  static List<RecentSpan> decode(String traceId, byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      List<RecentSpan> spans = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        spans.add(read(traceId, in));
      }
      return spans;
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getClass().getSimpleName(), e);
    }
  }

  private static void write(RecentSpan span, DataOutputStream out) throws IOException {
    text(span.key(), out);
    text(span.parentSpanId(), out);
    text(span.name(), out);
    text(span.service(), out);
    out.writeLong(span.startNanos());
    out.writeLong(span.endNanos());
    out.writeBoolean(span.failed());
    text(span.errorType(), out);
    text(span.statusMessage(), out);
    text(span.user(), out);
    text(span.session(), out);
    text(span.feature(), out);
    out.writeBoolean(span.redacted());
    out.writeInt(span.scores().size());
    for (Evaluation score : span.scores()) {
      write(score, out);
    }
    out.writeInt(span.detail().length);
    out.write(span.detail());
    RecentSpan.Facts llm = span.llm();
    out.writeBoolean(llm != null);
    if (llm != null) {
      write(llm, out);
    }
  }

  private static RecentSpan read(String traceId, DataInputStream in) throws IOException {
    String key = text(in);
    String parentSpanId = text(in);
    String name = text(in);
    String service = text(in);
    long startNanos = in.readLong();
    long endNanos = in.readLong();
    boolean failed = in.readBoolean();
    String errorType = text(in);
    String statusMessage = text(in);
    String user = text(in);
    String session = text(in);
    String feature = text(in);
    boolean redacted = in.readBoolean();
    List<Evaluation> scores = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      scores.add(score(in));
    }
    byte[] detail = bytes(in);
    return new RecentSpan(
        traceId,
        key,
        parentSpanId,
        name,
        service,
        startNanos,
        endNanos,
        failed,
        errorType,
        statusMessage,
        user,
        session,
        feature,
        in.readBoolean() ? facts(in) : null,
        redacted,
        List.copyOf(scores),
        detail);
  }

  private static void write(Evaluation score, DataOutputStream out) throws IOException {
    text(score.id(), out);
    text(score.name(), out);
    out.writeBoolean(score.value() != null);
    if (score.value() != null) {
      out.writeDouble(score.value());
    }
    text(score.label(), out);
    text(score.explanation(), out);
    text(score.responseId(), out);
    text(score.errorType(), out);
    text(score.source(), out);
    out.writeLong(score.epochNanos());
  }

  private static Evaluation score(DataInputStream in) throws IOException {
    return new Evaluation(
        optional(in),
        text(in),
        in.readBoolean() ? in.readDouble() : null,
        optional(in),
        optional(in),
        optional(in),
        optional(in),
        text(in),
        in.readLong());
  }

  private static void write(RecentSpan.Facts llm, DataOutputStream out) throws IOException {
    text(llm.operation(), out);
    text(llm.provider(), out);
    text(llm.model(), out);
    text(llm.subject(), out);
    out.writeLong(llm.inputTokens());
    out.writeLong(llm.cachedTokens());
    out.writeLong(llm.outputTokens());
    out.writeLong(llm.reasoningTokens());
    out.writeDouble(llm.firstTokenSeconds());
    write(llm.cost(), out);
    text(llm.amount() == null ? null : llm.amount().toString(), out);
    text(llm.rule(), out);
    KeptCall call = llm.call();
    out.writeBoolean(call != null);
    if (call != null) {
      call.write(out);
    }
    text(llm.asked(), out);
    text(llm.answered(), out);
    text(llm.responseId(), out);
  }

  private static RecentSpan.Facts facts(DataInputStream in) throws IOException {
    String operation = text(in);
    String provider = text(in);
    String model = text(in);
    String subject = text(in);
    long inputTokens = in.readLong();
    long cachedTokens = in.readLong();
    long outputTokens = in.readLong();
    long reasoningTokens = in.readLong();
    double firstTokenSeconds = in.readDouble();
    Cost cost = cost(in);
    String amount = optional(in);
    return new RecentSpan.Facts(
        operation,
        provider,
        model,
        subject,
        inputTokens,
        cachedTokens,
        outputTokens,
        reasoningTokens,
        firstTokenSeconds,
        cost,
        amount == null ? null : new BigDecimal(amount),
        text(in),
        /* late= */ false,
        in.readBoolean() ? KeptCall.read(in) : null,
        text(in),
        text(in),
        text(in));
  }

  private static void write(Cost cost, DataOutputStream out) throws IOException {
    text(cost.status().wireName(), out);
    out.writeBoolean(cost.total() != null);
    if (cost.total() != null) {
      out.writeDouble(cost.total());
      text(cost.totalExact(), out);
      text(cost.currency(), out);
    }
    text(cost.originalTotal(), out);
    text(cost.originalCurrency(), out);
    text(cost.exchangeRate(), out);
    out.writeInt(cost.parts().size());
    for (Map.Entry<Cost.Part, Double> part : cost.parts().entrySet()) {
      text(part.getKey().key(), out);
      out.writeDouble(part.getValue());
    }
    text(cost.priceKey(), out);
    text(cost.catalogVersion(), out);
    text(cost.duplicateOf(), out);
    text(cost.possibleDuplicateOf(), out);
    out.writeInt(cost.missing().size());
    for (String missing : cost.missing()) {
      text(missing, out);
    }
  }

  private static Cost cost(DataInputStream in) throws IOException {
    Cost.Builder cost = Cost.builder(status(text(in)));
    if (in.readBoolean()) {
      cost.total(in.readDouble(), text(in), text(in));
    }
    String originalTotal = optional(in);
    String originalCurrency = optional(in);
    String exchangeRate = optional(in);
    if (originalTotal != null && originalCurrency != null && exchangeRate != null) {
      cost.convertedFrom(originalTotal, originalCurrency, exchangeRate);
    }
    for (int left = in.readInt(); left > 0; left--) {
      cost.part(part(text(in)), in.readDouble());
    }
    cost.priceKey(optional(in)).catalogVersion(optional(in));
    cost.duplicateOf(optional(in)).possibleDuplicateOf(optional(in));
    List<String> missing = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      missing.add(text(in));
    }
    return cost.missing(missing).build();
  }

  private static Cost.Status status(String wireName) {
    for (Cost.Status status : Cost.Status.values()) {
      if (status.wireName().equals(wireName)) {
        return status;
      }
    }
    throw new IllegalArgumentException("status=" + wireName);
  }

  private static Cost.Part part(String key) {
    for (Cost.Part part : Cost.Part.values()) {
      if (part.key().equals(key)) {
        return part;
      }
    }
    throw new IllegalArgumentException("part=" + key);
  }

  private static void text(@Nullable String text, DataOutputStream out) throws IOException {
    if (text == null) {
      out.writeInt(-1);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static @Nullable String optional(DataInputStream in) throws IOException {
    in.mark(Integer.BYTES);
    if (in.readInt() == -1) {
      return null;
    }
    in.reset();
    return text(in);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("length=" + length);
    }
    return in.readNBytes(length);
  }
}
