package dev.tallyspan.collector.output.recent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.collector.pipeline.Verdict;
import dev.tallyspan.collector.window.KeptCalls;
import dev.tallyspan.semconv.span.Cost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the spans of a trace whose call another span bills, where that was not known when they were
 * forwarded: without a window, only the spans of one request are compared. The store has the whole
 * trace, and applies the same rules to it. Backends and the ledger have both costs.
 */
final class LateTwins {

  private static final JsonFactory JSON = new JsonFactory();

  private LateTwins() {}

  /**
   * Returns the spans of a trace, in their order, with the costs that all of them together show.
   */
  static List<RecentSpan> corrected(List<RecentSpan> trace) {
    int billed = 0;
    for (RecentSpan span : trace) {
      billed += span.llm() != null && isBilled(span.llm()) ? 1 : 0;
    }
    if (billed < 2) {
      return trace;
    }
    List<KeptCalls.Span> spans = new ArrayList<>(trace.size());
    Map<String, RecentSpan> byKey = new HashMap<>();
    for (RecentSpan span : trace) {
      RecentSpan.Facts llm = span.llm();
      spans.add(
          new KeptCalls.Span(
              span.key(),
              span.parentSpanId(),
              span.startNanos(),
              span.endNanos(),
              llm == null ? null : llm.call()));
      byKey.put(span.key(), span);
    }
    List<KeptCalls.@Nullable Decision> decisions = KeptCalls.decide(spans);
    List<RecentSpan> corrected = new ArrayList<>(trace.size());
    for (int i = 0; i < decisions.size(); i++) {
      corrected.add(corrected(trace.get(i), decisions.get(i), byKey));
    }
    return corrected;
  }

  private static boolean isBilled(RecentSpan.Facts llm) {
    return llm.cost().status().isBilled();
  }

  private static RecentSpan corrected(
      RecentSpan span, KeptCalls.@Nullable Decision decision, Map<String, RecentSpan> byKey) {
    RecentSpan.Facts llm = span.llm();
    if (decision == null || llm == null || !isBilled(llm)) {
      return span;
    }
    Verdict verdict = decision.verdict();
    Cost cost =
        switch (decision.billing()) {
          case DUPLICATE -> duplicate(byKey.get(verdict.other()), verdict);
          case AGGREGATE -> Cost.builder(Cost.Status.AGGREGATE).build();
          case CALL ->
              verdict.rule() == Verdict.Rule.MAY_BE && llm.cost().possibleDuplicateOf() == null
                  ? llm.cost().withPossibleDuplicateOf(verdict.other())
                  : null;
          case NOT_BILLABLE -> null;
        };
    if (cost == null) {
      return span;
    }
    String rule = verdict.rule().text();
    return span.with(llm.corrected(cost, rule), details(span.detail(), cost, verdict));
  }

  /**
   * Returns null if the other span has no cost that could be the one: then both stay as they are.
   */
  private static @Nullable Cost duplicate(@Nullable RecentSpan bills, Verdict verdict) {
    return bills == null || bills.llm() == null || !isBilled(bills.llm())
        ? null
        : Cost.builder(Cost.Status.DUPLICATE).duplicateOf(verdict.other()).build();
  }

  /** Adds a member to the object, whose cost stays as it was forwarded. */
  private static byte[] details(byte[] detail, Cost cost, Verdict verdict) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(detail.length + 200);
    out.write(detail, 0, detail.length - 1);
    out.writeBytes(new byte[] {',', '"', 'l', 'a', 't', 'e', '"', ':'});
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("status", cost.status().wireName());
      json.writeStringField("rule", verdict.rule().text());
      json.writeStringField("decidedBy", verdict.other());
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException(e); // Written in memory.
    }
    out.write('}');
    return out.toByteArray();
  }
}
