package dev.tallyspan.collector.output.view;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Sums model calls by a name over all traces, and prints them as a table. */
final class Totals {

  private static final int MOST_NAME = 40;
  private static final int COST = 16;
  private static final int SHARE = 5;
  private static final List<String> COLUMNS =
      List.of("TRACES", "CALLS", "FAILED", "IN", "CACHED", "OUT");

  private final TerminalOptions options;
  private final Glyphs glyphs;
  private final Map<String, Group> groups = new HashMap<>();
  private final UsageTotals all = new UsageTotals();

  private Totals(TerminalOptions options) {
    this.options = options;
    this.glyphs = options.glyphs();
  }

  static Totals byUser(Collection<TraceTree> trees, TerminalOptions options) {
    return by(
        trees,
        options,
        tree -> {
          String any = anyUser(tree);
          return node -> orElse(node.user(), orElse(any, "(no user)"));
        });
  }

  static Totals byModel(Collection<TraceTree> trees, TerminalOptions options) {
    return by(
        trees,
        options,
        tree ->
            node -> {
              String provider = node.row().llm().provider();
              String model = orElse(node.row().llm().model(), "(no model)");
              return provider.isEmpty() ? model : provider + "/" + model;
            });
  }

  /** Prints the table; prints nothing if there are no model calls. */
  void print(PrintStream out, String title) {
    if (all.calls == 0) {
      return;
    }
    int name = title.length();
    for (String key : groups.keySet()) {
      name = Math.max(name, Math.min(MOST_NAME, Text.width(Text.line(key, MOST_NAME))));
    }
    List<String> columns = new ArrayList<>(COLUMNS);
    for (String least : List.of("TRACES", "CACHED", "FAILED")) {
      if (costEnd(name, columns) + SHARE > options.width()) {
        columns.remove(least);
      }
    }
    name = Math.min(name, options.width() - SHARE - costEnd(0, columns));
    Line names = new Line(options).fit(title, name, Style.BOLD).pad(name);
    columns.forEach(column -> names.right(column, width(column), Style.DIM));
    names.put("  ").put("COST", Style.DIM).pad(costEnd(name, columns)).put("SHARE", Style.DIM);
    out.println(names);
    int lead = CostText.lead(CostText.sum(all, glyphs));
    for (Group group : groups.values()) {
      lead = Math.max(lead, CostText.lead(CostText.sum(group.tally, glyphs)));
    }
    List<Map.Entry<String, Group>> sorted = new ArrayList<>(groups.entrySet());
    sorted.sort(
        Comparator.comparing((Map.Entry<String, Group> entry) -> entry.getValue().amount())
            .reversed()
            .thenComparing(Map.Entry::getKey));
    Group sum = new Group();
    sum.tally.add(all);
    for (Map.Entry<String, Group> entry : sorted) {
      sum.traces.addAll(entry.getValue().traces);
      Line line = row(entry.getKey(), entry.getValue(), name, columns, lead, Style.PLAIN);
      share(line, entry.getValue().tally);
      out.println(line);
    }
    out.println(row("total", sum, name, columns, lead, Style.BOLD));
  }

  private Line row(String key, Group group, int name, List<String> columns, int lead, Style style) {
    UsageTotals tally = group.tally;
    Line line = new Line(options).fit(key, name, style).pad(name);
    for (String column : columns) {
      long count =
          switch (column) {
            case "TRACES" -> group.traces.size();
            case "CALLS" -> tally.calls;
            case "FAILED" -> tally.failedCalls;
            case "IN" -> tally.inputTokens;
            case "CACHED" -> tally.cachedTokens;
            default -> tally.outputTokens;
          };
      String text = count == 0 ? "" : Formats.count(count);
      line.right(text, width(column), column.equals("FAILED") ? Style.ERROR : style);
    }
    String cost = CostText.sum(tally, glyphs);
    boolean unpriced = cost.equals("unpriced");
    line.put(" ".repeat(2 + (unpriced ? 0 : lead - CostText.lead(cost))));
    return line.put(cost, unpriced ? Style.WARN : Style.SUM).pad(costEnd(name, columns));
  }

  /**
   * Adds the share of the total, as a number and a bar; nothing if there are several currencies.
   */
  private void share(Line line, UsageTotals tally) {
    BigDecimal part = tally.cost.single();
    BigDecimal whole = all.cost.single();
    if (part == null || whole == null || whole.signum() <= 0) {
      return;
    }
    line.right(Formats.percent(part, whole), SHARE, Style.PLAIN);
    int room = Math.max(0, Math.min(20, options.width() - line.columns() - 2));
    int bar = (int) Math.round(room * part.doubleValue() / whole.doubleValue());
    line.put("  ").put(String.valueOf(glyphs.share()).repeat(Math.max(0, bar)), Style.MONEY);
  }

  private static int costEnd(int name, List<String> columns) {
    return name + columns.stream().mapToInt(Totals::width).sum() + COST;
  }

  private static int width(String column) {
    return switch (column) {
      case "TRACES", "FAILED" -> 8;
      case "CALLS" -> 7;
      case "IN" -> 11;
      default -> 10;
    };
  }

  private static Totals by(
      Collection<TraceTree> trees,
      TerminalOptions options,
      Function<TraceTree, Function<TraceTree.Node, String>> keys) {
    Totals totals = new Totals(options);
    for (TraceTree tree : trees) {
      Function<TraceTree.Node, String> key = keys.apply(tree);
      for (TraceTree.Node node : tree.nodes()) {
        if (node.row().llm().isModelCall()) {
          Group group = totals.groups.computeIfAbsent(key.apply(node), k -> new Group());
          group.tally.add(node.row());
          group.traces.add(tree.traceId());
          totals.all.add(node.row());
        }
      }
    }
    return totals;
  }

  /** Returns the first user in the trace; empty if there is none. */
  private static String anyUser(TraceTree tree) {
    for (TraceTree.Node node : tree.nodes()) {
      if (!node.row().user().isEmpty()) {
        return node.row().user();
      }
    }
    return "";
  }

  private static String orElse(String text, String other) {
    return text.isEmpty() ? other : text;
  }

  private static final class Group {
    final UsageTotals tally = new UsageTotals();
    final Set<String> traces = new HashSet<>();

    /** For sorting only: adds amounts in different currencies. */
    BigDecimal amount() {
      return tally.cost.byCurrency().values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }
  }
}
