package dev.tallyspan.collector.output.view;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;

/**
 * Prints traces for users: a tree for each, with tokens and cost on every model call and their sum
 * on every branch; then the cost by user and by model.
 */
public final class TerminalTraces {

  /** Prints {@code trees} in order of their start, and the totals over all of them. */
  public static void print(PrintStream out, List<TraceTree> trees, TerminalOptions options) {
    printTrees(out, trees, options);
    printTotals(out, trees, options);
  }

  /** Prints {@code trees} in order of their start. */
  public static void printTrees(PrintStream out, List<TraceTree> trees, TerminalOptions options) {
    List<TraceTree> sorted =
        trees.stream().sorted(Comparator.comparingLong(TraceTree::startNanos)).toList();
    for (int i = 0; i < sorted.size(); i++) {
      new TreePrinter(out, options, sorted.get(i)).print((i + 1) + "/" + sorted.size());
      out.println();
    }
  }

  /** Prints only the totals, by user and by model. */
  public static void printTotals(PrintStream out, List<TraceTree> trees, TerminalOptions options) {
    Totals.byUser(trees, options).print(out, "COST BY USER");
    out.println();
    Totals.byModel(trees, options).print(out, "COST BY MODEL");
    int unpriced =
        trees.stream()
            .flatMap(tree -> tree.roots().stream())
            .mapToInt(root -> root.branch().unpriced)
            .sum();
    if (unpriced > 0) {
      out.println(
          "+? "
              + Formats.plural(unpriced, "call")
              + " without a known price: not included in any cost.");
    }
  }

  private TerminalTraces() {}
}
