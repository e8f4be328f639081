package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.pipeline.SpanTotals;
import dev.tallyspan.collector.pipeline.Verdict;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prints the tree of a trace: who bills each call, and why the other spans do not. */
final class TraceExplanation extends Explanation {

  private static final int NAME_COLUMNS = 48;

  /** Deeper spans are printed at this depth. */
  private static final int MOST_DEPTH = 40;

  private record Node(
      String name,
      String spanId,
      String parentId,
      long start,
      @Nullable SpanRecord record,
      @Nullable SpanTotals totals) {}

  private final PrintStream out;
  private final String prefix;
  private final Map<String, List<Node>> traces = new LinkedHashMap<>();

  /**
   * @param prefix the first hex digits of the trace id, in lowercase
   */
  TraceExplanation(PrintStream out, String prefix) {
    this.out = out;
    this.prefix = prefix;
  }

  @Override
  void file(String name) {
    // The spans of a trace may be in several files.
  }

  @Override
  void span(SpanView span, @Nullable SpanRecord record, @Nullable SpanTotals totals) {
    if (span.traceId().startsWith(prefix)) {
      traces
          .computeIfAbsent(span.traceId(), first -> new ArrayList<>())
          .add(
              new Node(
                  span.name(),
                  span.spanId(),
                  span.parentSpanId(),
                  span.startEpochNanos(),
                  record,
                  totals));
    }
  }

  @Override
  void end() {
    if (traces.isEmpty()) {
      out.printf("No trace in these files has an id that starts with %s.%n", prefix);
    }
    traces.forEach(this::print);
    out.flush();
  }

  private void print(String trace, List<Node> nodes) {
    nodes.sort(Comparator.comparingLong(Node::start));
    out.printf("trace %s%n", trace);
    Set<String> ids = new HashSet<>();
    nodes.forEach(node -> ids.add(node.spanId));
    Map<String, List<Node>> children = new LinkedHashMap<>();
    List<Node> tops = new ArrayList<>();
    for (Node node : nodes) {
      if (ids.contains(node.parentId) && !node.parentId.equals(node.spanId)) {
        children.computeIfAbsent(node.parentId, first -> new ArrayList<>()).add(node);
      } else {
        tops.add(node);
      }
    }
    Set<Node> printed = new HashSet<>();
    tops.forEach(top -> print(top, 0, children, printed));
    printSums(nodes);
    out.println();
  }

  private void print(Node node, int depth, Map<String, List<Node>> children, Set<Node> printed) {
    if (!printed.add(node)) {
      return;
    }
    String indent = "  ".repeat(Math.min(depth, MOST_DEPTH) + 1);
    String name = indent + node.name.replaceAll("\\s+", " ");
    if (name.length() > NAME_COLUMNS) {
      name = name.substring(0, NAME_COLUMNS - 1) + "…";
    }
    out.printf("%-" + NAME_COLUMNS + "s %s  %s%n", name, node.spanId, verdict(node));
    children
        .getOrDefault(node.spanId, List.of())
        .forEach(child -> print(child, depth + 1, children, printed));
  }

  private static String verdict(Node node) {
    SpanRecord record = node.record;
    String sums = node.totals == null ? "" : sums(node.totals.sums());
    if (record == null) {
      return sums;
    }
    Cost cost = record.cost();
    StringBuilder text = new StringBuilder();
    switch (cost.status()) {
      case DUPLICATE -> text.append("duplicate of ").append(cost.duplicateOf());
      case AGGREGATE -> text.append("sums its calls");
      case NOT_BILLABLE -> text.append(sums.isEmpty() ? "not billable" : "");
      case UNPRICED -> text.append("bills").append(tokens(record.llm())).append(", unpriced");
      default ->
          text.append("bills")
              .append(tokens(record.llm()))
              .append(", ")
              .append(cost.totalExact())
              .append(' ')
              .append(cost.currency())
              .append(" (")
              .append(cost.status().wireName())
              .append(')');
    }
    Verdict verdict = record.verdict();
    if (verdict != null) {
      text.append(": ").append(verdict.rule().text());
    }
    if (cost.possibleDuplicateOf() != null) {
      text.append(" as ").append(cost.possibleDuplicateOf());
    }
    return text.append(text.isEmpty() || sums.isEmpty() ? "" : "; ").append(sums).toString();
  }

  private static String tokens(LlmSpan llm) {
    TokenUsage usage = llm.usage();
    return usage == null
        ? " without tokens"
        : " %s + %s tokens".formatted(count(usage.input()), count(usage.output()));
  }

  private static String count(long tokens) {
    return tokens == TokenUsage.UNKNOWN ? "?" : Long.toString(tokens);
  }

  private static String sums(SpanTotals.Sums sums) {
    if (sums.calls() == 0) {
      return "sum: %d failed".formatted(sums.errors());
    }
    return "sum: %d %s, %d + %d tokens%s%s"
        .formatted(
            sums.calls(),
            sums.calls() == 1 ? "call" : "calls",
            sums.input(),
            sums.output(),
            sums.currency() == null
                ? ""
                : ", %s %s"
                    .formatted(
                        BigDecimal.valueOf(sums.cost()).stripTrailingZeros().toPlainString(),
                        sums.currency()),
            sums.errors() == 0 ? "" : ", %d failed".formatted(sums.errors()));
  }

  /** The bill of the whole trace, which need not have a root. */
  private void printSums(List<Node> nodes) {
    Map<String, BigDecimal> costs = new LinkedHashMap<>();
    int calls = 0;
    for (Node node : nodes) {
      if (node.record != null && node.record.cost().status().isBilled()) {
        calls++;
        Cost cost = node.record.cost();
        if (cost.totalExact() != null && cost.currency() != null) {
          costs.merge(cost.currency(), new BigDecimal(cost.totalExact()), BigDecimal::add);
        }
      }
    }
    out.printf("  %d %s billed", calls, calls == 1 ? "call" : "calls");
    costs.forEach(
        (currency, sum) ->
            out.printf(", %s %s", sum.stripTrailingZeros().toPlainString(), currency));
    out.println();
  }
}
