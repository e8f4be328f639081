package dev.tallyspan.collector.output.recent;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tallyspan.semconv.span.Cost;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why a span costs what it costs. */
final class CostExplanation {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int NAME = 200;

  /** Usual ones have a few hundred characters; senders decide how long they are. */
  private static final int MAX_RAW = 5_000;

  /** Those of a branch that cost most. */
  private static final int MAX_BILLED = 20;

  private CostExplanation() {}

  static String of(TraceSummary trace, RecentSpan span) {
    TraceForest forest = TraceForest.of(trace.spans);
    int at = trace.spans.indexOf(span);
    RecentSpan.Facts llm = span.llm();
    return BoundedJson.text(
        json -> {
          json.writeStartObject();
          json.writeStringField("traceId", trace.traceId);
          json.writeStringField("spanId", span.key());
          BoundedJson.text("name", span.name(), NAME, json);
          json.writeStringField("explanation", explanation(llm));
          if (llm != null) {
            facts(trace, span, llm, json);
          }
          if (forest.sums[at].spans > 1) {
            branch(trace, forest, at, json);
          }
          json.writeEndObject();
        });
  }

  private static void facts(
      TraceSummary trace, RecentSpan span, RecentSpan.Facts llm, JsonGenerator json)
      throws IOException {
    BoundedJson.text("operation", llm.operation(), NAME, json);
    BoundedJson.text("provider", llm.provider(), NAME, json);
    BoundedJson.text("model", llm.model(), NAME, json);
    amount(llm, json);
    Map<String, String> parts = SpanParts.of(span);
    String cost = parts.get("cost");
    if (cost != null) {
      BoundedJson.texts("arithmetic", arithmetic(cost), NAME, json);
      raw("cost", cost, json);
    }
    raw("usage", parts.get("usage"), json);
    raw("countsAreFrom", parts.get("readings"), json);
    twin("billedBy", trace, llm.cost().duplicateOf(), json);
    twin("perhapsTheSameCallAs", trace, llm.cost().possibleDuplicateOf(), json);
  }

  /** Writes the status, and the exact amount if there is one: 0 would be a lie. */
  static void amount(RecentSpan.Facts llm, JsonGenerator json) throws IOException {
    json.writeStringField("status", llm.cost().status().wireName());
    BigDecimal amount = llm.amount();
    if (amount != null) {
      json.writeStringField("amount", amount.toPlainString());
      json.writeStringField("currency", String.valueOf(llm.cost().currency()));
    }
  }

  private static void raw(String field, @Nullable String value, JsonGenerator json)
      throws IOException {
    if (value != null && value.length() > MAX_RAW) {
      json.writeStringField("note", field + " is too long to be shown here; get_span has it");
    } else if (value != null) {
      json.writeFieldName(field);
      json.writeRawValue(value);
    }
  }

  private static String explanation(RecentSpan.@Nullable Facts llm) {
    if (llm == null) {
      return "The span is not about an LLM and costs nothing itself; branch sums what is below it.";
    }
    Cost cost = llm.cost();
    String missing = cost.missing().isEmpty() ? "" : ": " + String.join(", ", cost.missing());
    return switch (cost.status()) {
      case PRICED ->
          cost.priceKey() == null
              ? "The cost was on the span when it arrived; its arithmetic is not known."
              : "The amount is the sum of the lines, at the rates of the price card.";
      case FREE -> "The price is known to be zero.";
      case PARTIAL -> "The amount is a lower bound: some units have no price" + missing + ".";
      case UNPRICED -> "No price is known" + missing + ". That is not zero.";
      case PROVIDER_REPORTED ->
          "The provider or a gateway reported the amount; it was not computed from tokens.";
      case DUPLICATE ->
          "Another span of the trace bills the same call, so this one is not billed"
              + (llm.rule().isEmpty() ? "" : ": " + llm.rule())
              + ".";
      case AGGREGATE -> "The span sums its children and is not billed; branch is what they cost.";
      case NOT_BILLABLE -> "The span is neither a call nor a sum of calls, and is not billed.";
    };
  }

  /** Returns the lines of a bill as multiplications. */
  private static List<String> arithmetic(String cost) throws IOException {
    List<String> texts = new ArrayList<>();
    try (JsonParser json = JSON.createParser(cost)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean lines = json.currentName().equals("lines");
        if (json.nextToken() == JsonToken.START_ARRAY && lines) {
          while (json.nextToken() == JsonToken.START_OBJECT) {
            Map<String, String> line = new HashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
              String field = json.currentName();
              line.put(field, json.nextTextValue());
            }
            texts.add(
                "%s %s × %s = %s %s"
                    .formatted(
                        line.get("quantity"),
                        line.get("unit"),
                        line.get("rate"),
                        line.get("amount"),
                        line.get("currency")));
          }
        } else {
          json.skipChildren();
        }
      }
    }
    return texts;
  }

  private static void twin(
      String field, TraceSummary trace, @Nullable String spanId, JsonGenerator json)
      throws IOException {
    if (spanId == null) {
      return;
    }
    json.writeObjectFieldStart(field);
    json.writeStringField("spanId", BoundedJson.cut(spanId, NAME));
    for (RecentSpan span : trace.spans) {
      if (span.key().equals(spanId)) {
        BoundedJson.text("name", span.name(), NAME, json);
        if (span.llm() != null) {
          amount(span.llm(), json);
        }
      }
    }
    json.writeEndObject();
  }

  private static void branch(TraceSummary trace, TraceForest forest, int at, JsonGenerator json)
      throws IOException {
    Spend sum = forest.sums[at];
    json.writeObjectFieldStart("branch");
    sum.writeCosts("cost", json);
    json.writeNumberField("calls", sum.calls);
    BoundedJson.count("unpriced", sum.unpriced, json);
    BoundedJson.count("partial", sum.partial, json);
    BoundedJson.count("duplicates", sum.duplicates, json);
    boolean[] within = forest.branch(at);
    List<RecentSpan> billed = new ArrayList<>();
    for (int i = 0; i < within.length; i++) {
      RecentSpan.Facts llm = trace.spans.get(i).llm();
      if (within[i] && i != at && llm != null && llm.cost().status().isBilled()) {
        billed.add(trace.spans.get(i));
      }
    }
    billed.sort(Comparator.comparing(CostExplanation::amountOf).reversed());
    json.writeNumberField("billedSpans", billed.size());
    json.writeArrayFieldStart("highest");
    for (RecentSpan span : billed.subList(0, Math.min(MAX_BILLED, billed.size()))) {
      json.writeStartObject();
      json.writeStringField("spanId", span.key());
      BoundedJson.text("name", span.name(), NAME, json);
      if (span.llm() != null) {
        amount(span.llm(), json);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** For the order only: does not convert currencies. */
  private static BigDecimal amountOf(RecentSpan span) {
    BigDecimal amount = span.llm() == null ? null : span.llm().amount();
    return amount == null ? BigDecimal.ZERO : amount;
  }
}
