package dev.tallyspan.collector.output.view;

import java.io.PrintStream;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Prints one trace: a head with its user and cost, then a row for each span. */
final class TreePrinter {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final int LABEL = 8;

  private final PrintStream out;
  private final TerminalOptions options;
  private final Glyphs glyphs;
  private final Columns columns;
  private final TraceTree tree;
  private final Folding folding;
  private final int moneyLead;

  TreePrinter(PrintStream out, TerminalOptions options, TraceTree tree) {
    this.out = out;
    this.options = options;
    this.glyphs = options.glyphs();
    this.columns = Columns.of(options.width());
    this.tree = tree;
    this.folding = Folding.of(tree, options.maxSpans());
    this.moneyLead =
        tree.nodes().stream()
            .mapToInt(
                node ->
                    Math.max(
                        CostText.lead(CostText.own(node.row(), glyphs)),
                        CostText.lead(CostText.sum(node.branch(), glyphs))))
            .max()
            .orElse(0);
  }

  /**
   * @param number of the trace, for its head, such as {@code 1/5}
   */
  void print(String number) {
    head(number);
    url();
    columnNames();
    Deque<Row> open = new ArrayDeque<>();
    push(open, tree.roots(), null);
    while (!open.isEmpty()) {
      Row row = open.pop();
      if (row.folded.isEmpty()) {
        span(row);
        details(row);
        push(open, row.node.children(), row);
      } else {
        folded(row);
      }
    }
  }

  /** Never cut, since a part of it leads nowhere. */
  private void url() {
    String url = options.traceUrl(tree.traceId());
    if (!url.isEmpty()) {
      out.println(line().pad(3).put(url, Style.DIM));
    }
  }

  private void head(String number) {
    Line title = line();
    title.put(glyphs.rule().repeat(2) + " ", Style.DIM).put("trace " + number, Style.BOLD);
    who(title, "user", SpanRow::user);
    who(title, "session", SpanRow::session);
    who(title, "", SpanRow::serviceName);
    if (tree.startNanos() > 0 && options.width() - title.columns() > 12) {
      Instant start = Instant.ofEpochSecond(0, tree.startNanos());
      title.put(glyphs.dot(), Style.DIM).put(TIME.format(start.atZone(options.zone())), Style.DIM);
    }
    String summary = summary();
    title.put(" ");
    int rule = options.width() - title.columns() - Text.width(summary) - 1;
    if (rule < 2) {
      out.println(title);
      title = line().pad(3);
    } else {
      title.put(glyphs.rule().repeat(rule) + " ", Style.DIM);
    }
    out.println(title.put(summary, Style.BOLD));
  }

  private String summary() {
    UsageTotals sum = new UsageTotals();
    int failed = 0;
    for (TraceTree.Node root : tree.roots()) {
      sum.add(root.branch());
      failed += root.errors();
    }
    String text = Formats.plural(tree.size(), "span");
    if (failed > 0) {
      text += glyphs.dot() + Formats.count(failed) + " failed";
    }
    String cost = CostText.sum(sum, glyphs);
    return cost.isEmpty() ? text : text + glyphs.dot() + cost;
  }

  /** Adds the names in the trace, at most the first three. */
  private void who(Line title, String label, Function<SpanRow, String> of) {
    Set<String> names = new LinkedHashSet<>();
    for (TraceTree.Node node : tree.nodes()) {
      if (!of.apply(node.row()).isEmpty()) {
        names.add(of.apply(node.row()));
      }
    }
    int room = options.width() - title.columns() - label.length() - 4;
    if (names.isEmpty() || room < 4) {
      return;
    }
    title.put(glyphs.dot(), Style.DIM).put(label.isEmpty() ? "" : label + " ", Style.DIM);
    List<String> some = names.stream().limit(3).toList();
    String text = String.join(", ", some) + (names.size() > 3 ? ", " + glyphs.ellipsis() : "");
    int most = Math.min(room, Math.max(16, options.width() / 4));
    title.put(Text.fit(text, most, glyphs.ellipsis()), Style.BOLD);
  }

  private void columnNames() {
    Line line = line();
    line.put("SPAN", Style.DIM);
    if (columns.tree() > 40) {
      line.put("  ").fit(tree.traceId(), columns.tree(), Style.DIM);
    }
    line.pad(columns.tree());
    if (columns.bar() > 0) {
      line.put("  ").put("TIMELINE", Style.DIM).pad(columns.tree() + Columns.GAP + columns.bar());
    }
    line.right("TIME", Columns.TIME, Style.DIM).right("IN", Columns.TOKENS, Style.DIM);
    if (columns.cached() > 0) {
      line.right("CACHED", columns.cached(), Style.DIM);
    }
    line.right("OUT", Columns.TOKENS, Style.DIM);
    int cost = line.columns() + Columns.GAP;
    line.pad(cost).put("COST", Style.DIM);
    line.pad(cost + Columns.MONEY).put(glyphs.sigma() + " COST", Style.DIM);
    out.println(line);
  }

  private void span(Row row) {
    SpanRow span = row.node.row();
    Line line = line().put(row.guides, Style.DIM);
    if (span.error()) {
      line.put(glyphs.cross() + " ", Style.ERROR);
    }
    if (row.node.orphan()) {
      line.put(glyphs.orphan() + " ", Style.WARN);
    }
    String operation = span.llm().operation();
    boolean call = span.llm().isModelCall();
    line.fit(title(span), columns.tree(), call ? Style.CALL : style(operation));
    line.pad(columns.tree());
    if (columns.bar() > 0) {
      line.put("  ").put(bar(span), span.error() ? Style.ERROR : call ? Style.CALL : Style.DIM);
    }
    line.right(Formats.duration(span.durationNanos(), glyphs), Columns.TIME, Style.PLAIN);
    if (row.node.hasCallsBelow()) {
      tally(line, row.node.branch(), Style.DIM, CostText.own(span, glyphs));
    } else {
      UsageTotals own = call ? row.node.branch() : new UsageTotals();
      tokens(line, own, Style.PLAIN);
      money(line, CostText.own(span, glyphs), Columns.GAP);
    }
    out.println(line);
  }

  /** Returns the name of the span, with the model or else the operation if the name lacks it. */
  private String title(SpanRow span) {
    String name = span.name().isBlank() ? "(no name)" : span.name();
    String operation = span.llm().operation();
    String model = span.llm().model();
    String wanted = model.isEmpty() ? operation : model;
    return operation.isEmpty() || name.contains(wanted) ? name : name + glyphs.dot() + wanted;
  }

  private static Style style(String operation) {
    return operation.isEmpty() ? Style.PLAIN : Style.BOLD;
  }

  private void tally(Line line, UsageTotals branch, Style tokens, String own) {
    tokens(line, branch, tokens);
    int sum = line.columns() + Columns.GAP + Columns.MONEY;
    money(line, own, Columns.GAP);
    line.put(line.columns() < sum ? "" : " ").pad(sum);
    String text = CostText.sum(branch, glyphs);
    line.put(" ".repeat(Math.max(0, moneyLead - CostText.lead(text))));
    line.put(text, text.equals("unpriced") ? Style.WARN : Style.SUM);
  }

  private void tokens(Line line, UsageTotals tally, Style style) {
    line.right(Formats.compact(tally.inputTokens), Columns.TOKENS, style);
    if (columns.cached() > 0) {
      line.right(Formats.compact(tally.cachedTokens), columns.cached(), style);
    }
    line.right(Formats.compact(tally.outputTokens), Columns.TOKENS, style);
  }

  private void money(Line line, String text, int gap) {
    if (text.isEmpty()) {
      return;
    }
    boolean amount = CostText.lead(text) > 0;
    line.put(" ".repeat(gap + (amount ? moneyLead - CostText.lead(text) : 0)));
    line.put(text, amount ? Style.MONEY : text.equals("unpriced") ? Style.WARN : Style.DIM);
  }

  /** Returns the bar of the span in the timeline; thinner until the first chunk of a stream. */
  private String bar(SpanRow span) {
    double whole = (double) tree.endNanos() - tree.startNanos();
    if (span.startNanos() <= 0 || whole <= 0) {
      return " ".repeat(columns.bar());
    }
    double cell = whole / columns.bar();
    double offset = (double) span.startNanos() - tree.startNanos();
    int from = Math.min(columns.bar() - 1, (int) (offset / cell));
    int to = (int) Math.ceil((offset + span.durationNanos()) / cell - 1e-9);
    to = Math.min(columns.bar(), Math.max(from + 1, to));
    int chunk = (int) Math.min(to - 1, (offset + span.llm().timeToFirstChunk() * 1e9) / cell);
    StringBuilder bar = new StringBuilder(" ".repeat(from));
    for (int i = from; i < to; i++) {
      bar.append(i < chunk ? glyphs.waiting() : glyphs.bar());
    }
    return bar.append(" ".repeat(columns.bar() - to)).toString();
  }

  private void details(Row row) {
    boolean parent = row.node.children().stream().anyMatch(folding::shows);
    String guides = row.below + (parent ? glyphs.trunk() : glyphs.gap());
    for (Details.Detail detail : Details.of(row.node, options)) {
      Line line = line().put(guides, Style.DIM);
      int text = line.columns() + LABEL;
      line.put(detail.label(), detail.style() == Style.ERROR ? Style.ERROR : Style.DIM).pad(text);
      line.fit(detail.text(), options.width(), detail.style());
      out.println(line);
    }
  }

  private void folded(Row row) {
    UsageTotals tally = new UsageTotals();
    long spans = 0;
    for (TraceTree.Node node : row.folded) {
      tally.add(node.branch());
      spans += node.spans();
    }
    Line line = line().put(row.guides, Style.DIM);
    line.fit(Formats.plural(spans, "more span"), columns.tree(), Style.DIM).pad(columns.tree());
    line.pad(columns.tree() + (columns.bar() > 0 ? Columns.GAP + columns.bar() : 0));
    line.pad(line.columns() + Columns.TIME);
    if (tally.calls > 0) {
      tally(line, tally, Style.DIM, "");
    }
    out.println(line);
  }

  /** Pushes the rows of siblings, so that the first one is on top. */
  private void push(Deque<Row> open, List<TraceTree.Node> siblings, @Nullable Row parent) {
    List<List<TraceTree.Node>> groups = new ArrayList<>();
    List<TraceTree.Node> hidden = null;
    for (TraceTree.Node node : siblings) {
      if (folding.shows(node)) {
        groups.add(List.of(node));
        hidden = null;
      } else if (hidden == null) {
        hidden = new ArrayList<>(List.of(node));
        groups.add(hidden);
      } else {
        hidden.add(node);
      }
    }
    for (int i = groups.size() - 1; i >= 0; i--) {
      List<TraceTree.Node> group = groups.get(i);
      boolean last = i == groups.size() - 1;
      boolean shown = folding.shows(group.get(0));
      String above = parent == null ? "" : parent.below;
      String sign = shown ? last ? glyphs.lastBranch() : glyphs.branch() : glyphs.folded();
      String guides = parent == null && shown ? "" : shorten(above) + sign;
      String below = parent == null ? "" : shorten(above) + (last ? glyphs.gap() : glyphs.trunk());
      open.push(new Row(group.get(0), shown ? List.of() : group, guides, below));
    }
  }

  /** Shortens guides so that a name fits, even of a very deep span. */
  private String shorten(String guides) {
    int most = Math.max(6, (columns.tree() - 24) / 3 * 3);
    if (guides.length() <= most) {
      return guides;
    }
    String kept = guides.startsWith(glyphs.deeper()) ? guides.substring(3) : guides;
    return glyphs.deeper() + kept.substring(kept.length() - (most - 3));
  }

  private Line line() {
    return new Line(options);
  }

  /**
   * A line to print.
   *
   * @param folded the siblings that this line summarises; empty if it is the line of {@code node}
   * @param guides the guides before the name
   * @param below the guides before the names of the node's children, without their own branch
   */
  private record Row(
      TraceTree.Node node, List<TraceTree.Node> folded, String guides, String below) {}
}
