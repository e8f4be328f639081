package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.pipeline.Verdict;
import dev.tallyspan.enrichment.Enriched;
import dev.tallyspan.enrichment.SpanPricer;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.SlotReading;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Prints tables for users. */
final class TableExplanation extends Explanation {

  private static final int MOST_VALUE = 60;
  private static final String INDENT = "           ";

  private final PrintStream out;
  private String file = "";
  private int spans;

  TableExplanation(PrintStream out) {
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
    spans++;
    out.printf("%s%n", span.name());
    out.printf("  span %s of trace %s, %s%n", span.spanId(), span.traceId(), file);
    out.printf("  dialect %s", String.join(", ", llm.dialects()));
    if (!span.scopeName().isEmpty()) {
      out.printf(", scope %s %s", span.scopeName(), span.scopeVersion());
    }
    out.println();
    if (llm.alreadyProcessed()) {
      out.println("  was processed before: forwarded unchanged\n");
      return;
    }
    out.printf("    %-24s %-" + MOST_VALUE + "s %s%n", "SLOT", "VALUE", "FROM");
    for (SlotReading reading : llm.readings()) {
      out.printf(
          "    %-24s %-" + MOST_VALUE + "s %s%n",
          reading.slot(),
          shorten(reading.value()),
          source(reading));
    }
    llm.faults()
        .forEach(
            fault ->
                out.printf(
                    "    dialect %s failed to read its part: %s at %s%n",
                    fault.dialect(), fault.exception(), fault.place()));
    if (enriched.notEstimated() != null) {
      out.printf("  tokens   none, and not estimated: %s%n", enriched.notEstimated());
    }
    printUsage(llm.usage());
    llm.unreadCounts().forEach(key -> out.printf("%snot understood: %s%n", INDENT, key));
    printCost(priced, llm.usage());
    Verdict verdict = record.verdict();
    if (verdict != null) {
      out.printf("%sdecided by the trace: %s%n", INDENT, verdict.rule().text());
    }
    if (priced.cost().possibleDuplicateOf() != null) {
      out.printf("%sperhaps the same call as %s%n", INDENT, priced.cost().possibleDuplicateOf());
    }
    out.println();
  }

  @Override
  void end() {
    if (spans == 0) {
      out.println("No LLM span in these files.");
    }
  }

  private void printUsage(@Nullable TokenUsage usage) {
    if (usage == null) {
      return;
    }
    out.printf(
        "  tokens   input %s (cache read %s, cache write %s), output %s (reasoning %s)%n",
        count(usage.input()),
        count(usage.cacheRead()),
        count(usage.cacheWrite()),
        count(usage.output()),
        count(usage.reasoning()));
    out.printf(
        "           %s; cache in input: %s%n",
        usage.source().wireName(), usage.semantics().wireName());
  }

  private void printCost(SpanPricer.Priced priced, @Nullable TokenUsage usage) {
    Cost cost = priced.cost();
    Price price = priced.price();
    out.printf("  cost     %s", cost.status().wireName());
    if (cost.duplicateOf() != null) {
      out.printf(": this call is billed on span %s", cost.duplicateOf());
    }
    if (usage != null && usage.source() == TokenUsage.Source.ESTIMATED) {
      out.print(" from estimated tokens");
    }
    if (price != null) {
      out.printf(
          ", card %s, catalog %s",
          price.priceKey() == null ? "none" : price.priceKey(), price.catalogVersion());
      if (price.reason() != null) {
        out.printf(": %s", price.reason());
      }
    } else if (cost.exchangeRate() != null) {
      out.printf(", %s %s as reported", cost.originalTotal(), cost.originalCurrency());
    } else if (cost.total() != null) {
      out.printf(", %s %s as reported", cost.totalExact(), cost.currency());
    }
    out.println();
    if (priced.bill() != null) {
      BillText.print(out, INDENT, priced.bill());
      cost.missing().forEach(reason -> out.printf("%smissing: %s%n", INDENT, reason));
    }
    if (cost.exchangeRate() != null) {
      out.printf(
          "           %-18s %12s × %-16s = %s %s%n",
          "converted", "", cost.exchangeRate(), cost.totalExact(), cost.currency());
    }
  }

  private static String source(SlotReading reading) {
    String from = reading.sourceKey().isEmpty() ? "" : reading.sourceKey() + "  ";
    String dialect = reading.dialect().isEmpty() ? "" : reading.dialect() + ": ";
    return from + "(" + dialect + reading.rule() + ")";
  }

  private static String count(long tokens) {
    return tokens == TokenUsage.UNKNOWN ? "?" : Long.toString(tokens);
  }

  private static String shorten(String value) {
    String line = value.replaceAll("\\s+", " ");
    return line.length() <= MOST_VALUE ? line : line.substring(0, MOST_VALUE - 1) + "…";
  }
}
