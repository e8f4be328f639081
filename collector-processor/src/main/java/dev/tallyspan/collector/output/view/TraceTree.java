package dev.tallyspan.collector.output.view;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one trace as a tree, with sums for every branch.
 *
 * <p>Any set of spans makes a tree. A span whose parent is missing becomes a root and is marked as
 * an orphan, and so does the earliest span of a cycle; of spans that share an id, the first gets
 * the children. Nothing is recursive, so depth is not limited.
 */
public final class TraceTree {

  private static final Comparator<SpanRow> BY_START =
      Comparator.comparingLong(SpanRow::startNanos)
          .thenComparing(Comparator.comparingLong(SpanRow::endNanos).reversed())
          .thenComparing(SpanRow::spanId);

  private final String traceId;
  private final List<Node> roots;
  private final List<Node> nodes;
  private final long startNanos;
  private final long endNanos;

  private TraceTree(String traceId, List<Node> roots, List<Node> nodes) {
    this.traceId = traceId;
    this.roots = roots;
    this.nodes = nodes;
    this.startNanos =
        nodes.stream()
            .mapToLong(node -> node.row.startNanos())
            .filter(start -> start > 0)
            .min()
            .orElse(0);
    this.endNanos = nodes.stream().mapToLong(node -> node.row.endNanos()).max().orElse(0);
  }

  /** Returns one tree for each trace in {@code rows}, in order of their start. */
  public static List<TraceTree> of(Collection<SpanRow> rows) {
    Map<String, Map<SpanIdentity, SpanRow>> traces = new LinkedHashMap<>();
    for (SpanRow row : rows) {
      traces
          .computeIfAbsent(row.traceId(), id -> new LinkedHashMap<>())
          .put(SpanIdentity.of(row), row);
    }
    List<TraceTree> trees = new ArrayList<>(traces.size());
    traces.forEach((id, spans) -> trees.add(grow(id, spans.values())));
    trees.sort(Comparator.comparingLong(TraceTree::startNanos));
    return trees;
  }

  public String traceId() {
    return traceId;
  }

  /** Returns the roots, including orphans, by start. */
  public List<Node> roots() {
    return roots;
  }

  /** Returns the number of spans. */
  public int size() {
    return nodes.size();
  }

  /** Returns the earliest start in nanoseconds since the epoch; 0 if none is known. */
  public long startNanos() {
    return startNanos;
  }

  /** Returns the latest end in nanoseconds since the epoch; 0 if none is known. */
  public long endNanos() {
    return endNanos;
  }

  /** Returns all spans, parents before their children. */
  List<Node> nodes() {
    return nodes;
  }

  private static TraceTree grow(String traceId, Collection<SpanRow> rows) {
    List<SpanRow> sorted = new ArrayList<>(rows);
    sorted.sort(BY_START);
    Map<String, Node> byId = new HashMap<>();
    List<Node> all = new ArrayList<>(sorted.size());
    for (SpanRow row : sorted) {
      Node node = new Node(row);
      all.add(node);
      if (!row.spanId().isEmpty()) {
        byId.putIfAbsent(row.spanId(), node);
      }
    }
    Map<Node, List<Node>> children = new HashMap<>();
    List<Node> roots = new ArrayList<>();
    for (Node node : all) {
      Node parent = byId.get(node.row.parentSpanId());
      if (parent == null || parent == node) {
        node.orphan = !node.row.parentSpanId().isEmpty();
        roots.add(node);
      } else {
        children.computeIfAbsent(parent, p -> new ArrayList<>()).add(node);
      }
    }
    List<Node> order = new ArrayList<>(all.size());
    for (Node root : roots) {
      attach(root, children, order);
    }
    // Spans that no root reaches are below a cycle: cut it at its earliest span.
    for (Node node : all) {
      if (!node.placed) {
        node.orphan = true;
        roots.add(node);
        attach(node, children, order);
      }
    }
    roots.sort(Comparator.comparing(Node::row, BY_START));
    for (int i = order.size() - 1; i >= 0; i--) {
      order.get(i).sum();
    }
    return new TraceTree(traceId, roots, order);
  }

  private static void attach(Node root, Map<Node, List<Node>> children, List<Node> order) {
    Deque<Node> open = new ArrayDeque<>();
    root.placed = true;
    root.user = root.row.user();
    open.push(root);
    while (!open.isEmpty()) {
      Node node = open.pop();
      order.add(node);
      for (Node child : children.getOrDefault(node, List.of())) {
        if (!child.placed) {
          child.placed = true;
          child.parent = node;
          child.depth = node.depth + 1;
          child.withinAgent = node.withinAgent || node.row.llm().isAgent();
          child.user = child.row.user().isEmpty() ? node.user : child.row.user();
          node.children.add(child);
          node.tools.add(child.row.llm().toolName());
          open.push(child);
        }
      }
    }
  }

  /** A span in the tree. */
  public static final class Node {
    private final SpanRow row;
    private final List<Node> children = new ArrayList<>();
    private final Set<String> tools = new HashSet<>(2);
    private final UsageTotals branch = new UsageTotals();
    private @Nullable Node parent;
    private String user = "";
    private boolean withinAgent;
    private int depth;
    private int spans;
    private int errors;
    private boolean orphan;
    private boolean placed;

    private Node(SpanRow row) {
      this.row = row;
    }

    public SpanRow row() {
      return row;
    }

    /** Returns the children by start. */
    public List<Node> children() {
      return children;
    }

    /** Whether the parent of the span is missing in the trace, or part of a cycle. */
    public boolean orphan() {
      return orphan;
    }

    /** Returns the parent; null for a root. */
    @Nullable Node parent() {
      return parent;
    }

    /** 0 for a root. */
    int depth() {
      return depth;
    }

    /**
     * Returns the user of this span, or of the closest ancestor with one; empty if there is none.
     */
    String user() {
      return user;
    }

    /** Whether an ancestor is an agent or a workflow. */
    boolean withinAgent() {
      return withinAgent;
    }

    /** Whether a sibling is a span of this tool. */
    boolean beside(String tool) {
      return parent != null && parent.tools.contains(tool);
    }

    /** Returns the sums over this span and its descendants. */
    UsageTotals branch() {
      return branch;
    }

    /** Returns the number of spans in this branch, including this one. */
    int spans() {
      return spans;
    }

    /** Returns the number of failed spans in this branch, including this one. */
    int errors() {
      return errors;
    }

    /** Whether a descendant is a model call. */
    boolean hasCallsBelow() {
      return branch.calls > (row.llm().isModelCall() ? 1 : 0);
    }

    /** Computes the sums; those of the children must be complete. */
    private void sum() {
      branch.add(row);
      spans = 1;
      errors = row.error() ? 1 : 0;
      for (Node child : children) {
        branch.add(child.branch);
        spans += child.spans;
        errors += child.errors;
      }
    }
  }
}
