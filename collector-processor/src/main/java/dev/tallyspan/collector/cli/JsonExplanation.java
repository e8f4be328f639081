package dev.tallyspan.collector.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.pipeline.Verdict;
import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.enrichment.SpanPricer;
import dev.tallyspan.pricing.Bill;
import dev.tallyspan.pricing.LineItem;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.DialectFault;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.SlotReading;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints one JSON object per line for programs. Amounts are exact decimal strings. */
final class JsonExplanation extends Explanation {

  static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private final PrintStream out;
  private String file = "";

  JsonExplanation(PrintStream out) {
    this.out = out;
  }

  @Override
  void file(String name) {
    file = name;
  }

  @Override
  void span(SpanView span, @Nullable SpanRecord record, @Nullable SpanTotals totals) {
    if (record == null) {
      return;
    }
    Enriched enriched = record.enriched();
    LlmSpan llm = enriched.llm();
    SpanPricer.Priced priced = enriched.priced();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("file", file);
      json.writeStringField("trace_id", span.traceId());
      json.writeStringField("span_id", span.spanId());
      json.writeStringField("name", span.name());
      json.writeStringField("scope", span.scopeName());
      json.writeBooleanField("processed_before", llm.alreadyProcessed());
      writeTexts(json, "dialects", llm.dialects());
      writeTexts(json, "faults", llm.faults().stream().map(DialectFault::dialect).toList());
      json.writeArrayFieldStart("slots");
      for (SlotReading reading : llm.readings()) {
        json.writeStartObject();
        json.writeStringField("slot", reading.slot());
        json.writeStringField("value", reading.value());
        json.writeStringField("source", reading.sourceKey());
        json.writeStringField("dialect", reading.dialect());
        json.writeStringField("rule", reading.rule());
        json.writeEndObject();
      }
      json.writeEndArray();
      if (!llm.unreadCounts().isEmpty()) {
        writeTexts(json, "unread_counts", llm.unreadCounts());
      }
      if (enriched.notEstimated() != null) {
        json.writeStringField("not_estimated", enriched.notEstimated());
      }
      if (llm.usage() != null) {
        writeUsage(json, llm.usage());
      }
      writeCost(json, priced);
      Verdict verdict = record.verdict();
      if (verdict != null) {
        json.writeObjectFieldStart("verdict");
        json.writeStringField("rule", verdict.rule().name().toLowerCase(Locale.ROOT));
        json.writeStringField("span", verdict.other());
        json.writeEndObject();
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println();
  }

  @Override
  void end() {
    out.flush();
  }

  private static void writeUsage(JsonGenerator json, TokenUsage usage) throws IOException {
    json.writeObjectFieldStart("usage");
    writeCount(json, "input", usage.input());
    writeCount(json, "cache_read", usage.cacheRead());
    writeCount(json, "cache_write", usage.cacheWrite());
    writeCount(json, "output", usage.output());
    writeCount(json, "reasoning", usage.reasoning());
    json.writeStringField("source", usage.source().wireName());
    json.writeStringField("semantics", usage.semantics().wireName());
    json.writeEndObject();
  }

  private static void writeCost(JsonGenerator json, SpanPricer.Priced priced) throws IOException {
    Cost cost = priced.cost();
    json.writeObjectFieldStart("cost");
    json.writeStringField("status", cost.status().wireName());
    if (cost.duplicateOf() != null) {
      json.writeStringField("duplicate_of", cost.duplicateOf());
    }
    if (cost.possibleDuplicateOf() != null) {
      json.writeStringField("possible_duplicate_of", cost.possibleDuplicateOf());
    }
    if (priced.bill() != null) {
      writeBill(json, priced.bill());
    } else if (cost.total() != null) {
      boolean converted = cost.exchangeRate() != null;
      json.writeStringField("total", converted ? cost.originalTotal() : cost.totalExact());
      json.writeStringField("currency", converted ? cost.originalCurrency() : cost.currency());
    }
    if (cost.exchangeRate() != null) {
      json.writeObjectFieldStart("converted");
      json.writeStringField("total", cost.totalExact());
      json.writeStringField("currency", cost.currency());
      json.writeStringField("rate", cost.exchangeRate());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void writeBill(JsonGenerator json, Bill bill) throws IOException {
    writePrice(json, bill.price(), bill.total());
    if (!bill.sides().isEmpty()) {
      json.writeArrayFieldStart("beside");
      for (Price side : bill.sides()) {
        json.writeStartObject();
        writePrice(json, side);
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    if (!bill.missing().isEmpty()) {
      writeTexts(json, "missing", bill.missing());
    }
  }

  /** Writes the members of a price into the current object. */
  static void writePrice(JsonGenerator json, Price price) throws IOException {
    writePrice(json, price, price.total());
  }

  private static void writePrice(JsonGenerator json, Price price, @Nullable BigDecimal total)
      throws IOException {
    json.writeStringField("card", price.priceKey());
    json.writeStringField("catalog", price.catalogVersion());
    if (price.reason() != null) {
      json.writeStringField("reason", price.reason());
      writeTexts(json, "missing", price.missing());
    }
    if (total != null) {
      json.writeStringField("total", total.toPlainString());
      json.writeStringField("currency", price.currency());
    }
    json.writeArrayFieldStart("items");
    for (LineItem item : price.items()) {
      json.writeStartObject();
      json.writeStringField("unit", item.unit().wireName());
      json.writeNumberField("quantity", item.unit().toWire(item.quantity()));
      json.writeStringField("rate", item.rate().toPlainString());
      json.writeStringField("amount", item.amount().toPlainString());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeTexts(JsonGenerator json, String name, Iterable<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static void writeCount(JsonGenerator json, String name, long count) throws IOException {
    if (count != TokenUsage.UNKNOWN) {
      json.writeNumberField(name, count);
    }
  }
}
