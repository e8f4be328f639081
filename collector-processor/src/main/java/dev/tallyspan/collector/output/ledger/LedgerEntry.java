package dev.tallyspan.collector.output.ledger;

import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one delivery of a span says about its row. Holds the values of the row, and no content.
 *
 * @param key a hash of the ids, or of the facts of a call without ids; finds the row quickly, and
 *     alone identifies only calls without ids
 * @param traceId empty if the call has no ids
 * @param spanId empty if the call has no ids
 * @param values in the order of {@link LedgerColumn#ALL}; null if the span is not billed, so that a
 *     row of an earlier delivery is removed
 */
record LedgerEntry(
    long key, String traceId, String spanId, @Nullable List<@Nullable Object> values) {

  /** Identifies a row. */
  record Key(long key, String traceId, String spanId) {}

  LedgerEntry {
    requireNonNull(traceId, "traceId");
    requireNonNull(spanId, "spanId");
  }

  /**
   * @param tenant null if there is none
   * @param receivedEpochNanos counts as the time of a call that has none
   */
  static LedgerEntry of(SpanRecord record, @Nullable String tenant, long receivedEpochNanos) {
    boolean hasIds = record.hasTraceId() && record.hasSpanId();
    String traceId = hasIds ? record.traceId() : "";
    String spanId = hasIds ? record.spanId() : "";
    long key = hasIds ? mixed(traceId, spanId) : factsKey(record);
    if (!record.cost().status().isBilled()) {
      return new LedgerEntry(key, traceId, spanId, /* values= */ null);
    }
    LedgerColumn.Source source =
        new LedgerColumn.Source(record, key, traceId, spanId, tenant, receivedEpochNanos);
    @Nullable Object[] values = new Object[LedgerColumn.ALL.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = LedgerColumn.ALL.get(i).value(source);
    }
    return new LedgerEntry(key, traceId, spanId, Arrays.asList(values));
  }

  Key id() {
    return new Key(key, traceId, spanId);
  }

  /** A request that is delivered again has the same facts, and so the same key. */
  private static long factsKey(SpanRecord record) {
    LlmSpan llm = record.llm();
    Cost cost = record.cost();
    TokenUsage usage = llm.usage();
    long hash = mixed(record.startEpochNanos());
    for (Object fact :
        Arrays.<@Nullable Object>asList(
            record.serviceName(),
            llm.operation(),
            llm.provider(),
            llm.requestModel(),
            llm.responseModel(),
            llm.responseId(),
            llm.sessionId(),
            llm.userId(),
            usage == null ? null : usage.input(),
            usage == null ? null : usage.output(),
            cost.totalExact())) {
      hash = mixed(hash ^ hash(Objects.toString(fact, "")));
    }
    return hash;
  }

  private static long mixed(String traceId, String spanId) {
    return mixed(mixed(hash(traceId)) ^ hash(spanId));
  }

  private static long hash(String text) {
    long hash = 1125899906842597L; // A prime, as in String.hashCode for 64 bits.
    for (int i = 0; i < text.length(); i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  /** The finalizer of MurmurHash3. */
  private static long mixed(long hash) {
    long bits = hash;
    bits = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
    bits = (bits ^ bits >>> 33) * 0xc4ceb9fe1a85ec53L;
    return bits ^ bits >>> 33;
  }

  /** Contains only the ids, because the row holds personal data. */
  @Override
  public String toString() {
    return "LedgerEntry[traceId=" + traceId + ", spanId=" + spanId + "]";
  }
}
